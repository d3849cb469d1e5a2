/** Checks of what plain-JavaScript callers can get wrong about whole arguments: options, signals, loggers, programs. */
import type { TimelineSink } from '../contract/driver.ts';
import { InvalidRequestError, UnsupportedError } from '../errors/isinglass-error.ts';
import type { Logger } from '../logging/logger.ts';
import type { Program } from '../program/program.ts';
import { invalid } from './check-values.ts';

/** What timers take. */
const deadlineMsMax = 2 ** 31 - 1;

/** An object with no other fields than these: a mistyped one would otherwise do nothing. */
export function checkFields(what: string, value: unknown, fields: Readonly<Record<string, true>>): void {
  if (typeof value !== 'object' || value === null) {
    throw invalid(what, value, `an object with ${Object.keys(fields).join(', ')}`);
  }
  for (const field of Object.keys(value)) {
    if (Object.hasOwn(fields, field)) continue;
    throw new InvalidRequestError(`no field "${field}" in ${what}; allowed: ${Object.keys(fields).join(', ')}`, {
      where: field,
    });
  }
}

/** An AbortSignal, or nothing. */
export function checkSignal(field: string, signal: unknown): void {
  if (signal === undefined) return;
  const s = signal as Partial<AbortSignal> | null;
  if (typeof s?.aborted === 'boolean' && typeof s.addEventListener === 'function') return;
  throw invalid(field, signal, 'an AbortSignal');
}

/** Milliseconds that a timer can wait, or nothing. */
export function checkDeadline(deadlineMs: unknown): void {
  if (deadlineMs === undefined) return;
  if (typeof deadlineMs === 'number' && deadlineMs > 0 && deadlineMs <= deadlineMsMax) return;
  throw invalid('deadlineMs', deadlineMs, `a number of milliseconds above 0, up to ${deadlineMsMax}`);
}

/** A function, or nothing. */
export function checkListener(field: string, listener: unknown): void {
  if (listener !== undefined && typeof listener !== 'function') throw invalid(field, listener, 'a function');
}

/** A timeline on a device that fills them, or nothing. */
export function checkTimeline(timeline: unknown, o: { readonly offered: boolean; readonly device: string }): void {
  if (timeline === undefined) return;
  const { add, detailed } = (timeline ?? {}) as Partial<TimelineSink>;
  if (typeof add !== 'function' || typeof detailed !== 'boolean') throw invalid('timeline', timeline, 'a Timeline');
  if (o.offered) return;
  throw new UnsupportedError(
    'timeline',
    `device "${o.device}" has no time of its own that it could show; emulated devices have, for example fpga-sim:conv-m`,
    { where: 'timeline' },
  );
}

/** A logger with every method, or nothing. */
export function checkLogger(logger: unknown): void {
  if (logger === undefined) return;
  const methods: readonly (keyof Logger)[] = ['debug', 'info', 'warn', 'error', 'child'];
  const given = logger as Partial<Logger> | null;
  const missing = methods.filter((method) => typeof given?.[method] !== 'function');
  if (missing.length === 0) return;
  throw invalid('logger', logger, `a Logger such as pino's; this one lacks ${missing.join(', ')}`);
}

/** A program as a whole; what is inside was verified when it was made. */
export function checkProgram(program: unknown): void {
  const p = program as Partial<Program> | null | undefined;
  if (Array.isArray(p?.json?.stages) && p.tensors instanceof Map && typeof p.hash === 'string') return;
  throw invalid('program', program, 'a Program, as compile, readProgram and createProgram give it');
}
