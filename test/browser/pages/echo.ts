/** What a test sends to a page, sent back. */

export const echo = <T>(value: T): T => value;

export function fail(message: string): never {
  throw new RangeError(message);
}
