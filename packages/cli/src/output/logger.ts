/** The only place of the project that makes a pino logger: JSON lines on standard error, written at once. */
import type { Logger } from '@isinglass/sdk';
import { destination, pino } from 'pino';

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export function createLogger(level: LogLevel): Logger {
  const lines = destination({ fd: 2, sync: true });
  // A log that nobody can take is no reason to fail.
  lines.on('error', () => {});
  return pino({ base: null, level }, lines);
}
