/** What comes out of a driver, as an error of Isinglass. */
import { BackendError, type IsinglassError, isIsinglassError } from '../errors/isinglass-error.ts';

/** The error itself if it is one of ours (from whichever copy of the sdk), else a BackendError around it. */
export function driverError(doing: string, thrown: unknown): IsinglassError {
  if (isIsinglassError(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new BackendError(`the driver failed to ${doing}: ${message}`, { cause: thrown });
}
