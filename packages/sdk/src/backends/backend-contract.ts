/** Whether something is a backend that this sdk can drive. */
import { type Backend, contractVersion } from '../contract/driver.ts';
import { UnsupportedError } from '../errors/isinglass-error.ts';

/** The reason why `candidate` is not a backend at all, or null. Structural: a backend may carry its own copy of the sdk. */
export function whyNotBackend(candidate: unknown): string | null {
  if (typeof candidate !== 'object' || candidate === null) return 'it is not an object';
  const b = candidate as Partial<Record<keyof Backend, unknown>>;
  if (typeof b.scheme !== 'string') return 'it has no scheme';
  if (typeof b.contract !== 'string') return 'it names no contract version';
  if (typeof b.enumerate !== 'function') return 'it has no enumerate()';
  if (typeof b.open !== 'function') return 'it has no open()';
  return null;
}

/** The reason why a backend's contract version does not go with `ours`, or null: same major, minor not above ours. */
export function whyNotContract(theirs: string, ours: string = contractVersion): string | null {
  const version = /^(\d+)\.(\d+)$/;
  const a = version.exec(theirs);
  const b = version.exec(ours);
  if (a === null || b === null) return `its contract version ${JSON.stringify(theirs)} is not MAJOR.MINOR`;
  if (a[1] !== b[1]) return `it is written for contract ${theirs}, this sdk has ${ours}: the major versions differ`;
  if (Number(a[2]) > Number(b[2])) return `it needs contract ${theirs}, this sdk has ${ours}: update @isinglass/sdk`;
  return null;
}

/** Throws UnsupportedError('contract') when this sdk cannot drive the backend. */
export function assertContract(backend: Backend): void {
  const reason = whyNotContract(backend.contract);
  if (reason !== null) throw new UnsupportedError('contract', `backend "${backend.scheme}" cannot be used: ${reason}`);
}
