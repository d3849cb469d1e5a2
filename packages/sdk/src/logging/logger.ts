/**
 * What the sdk logs to. A pino logger satisfies it; the sdk never creates one and is silent unless given one.
 * Log objects hold plain small values only, never typed arrays.
 */
export interface Logger {
  debug(fields: object, message?: string): void;
  info(fields: object, message?: string): void;
  warn(fields: object, message?: string): void;
  error(fields: object, message?: string): void;
  child(bindings: Record<string, unknown>): Logger;
}

/** The default: nothing is written. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};
