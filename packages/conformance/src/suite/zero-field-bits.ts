/** The random bits of a device for batteries of tests from elsewhere (row 53 of the catalogue): advisory, without a verdict. */
import { BackendError, UnsupportedError } from '@isinglass/sdk';
import { TooFewSamples } from '../checks/check.ts';
import { type ExportBitsOptions, exportBits } from '../checks/randomness/export-bits.ts';
import { Lab } from '../lab/lab.ts';
import { within } from '../lab/within.ts';
import { isUnavailable, type Provider } from '../provider/provider.ts';
import { closeMs, defaultDeadlines } from './deadlines.ts';
import { DeviceSource } from './device-source.ts';
import { watchStrayErrors } from './stray-errors.ts';

export interface ZeroFieldBitsOptions extends Omit<ExportBitsOptions, 'bytes' | 'signal'> {
  readonly provider: Provider;
  /** Handed to the provider. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Whole bytes in all. Default: no end but that of `signal` and `write`. */
  readonly bytes?: number;
  /** Every call of the device must settle in this time. Default: that of the level quick. */
  readonly callMs?: number;
  readonly signal: AbortSignal;
}

/**
 * Opens the device, writes the bits, closes it, also when something goes wrong. Throws what the device and `write` throw, the signal's reason as soon
 * as it is aborted, BackendError where no device is here, UnsupportedError where the device shows too little of its states.
 */
export async function zeroFieldBits(o: ZeroFieldBitsOptions): Promise<void> {
  const { provider, flags = {}, bytes = Number.MAX_SAFE_INTEGER, callMs = defaultDeadlines.quick.callMs, signal } = o;
  const deadlines = { ...defaultDeadlines.quick, callMs };
  const driver = await new DeviceSource({ provider, flags, deadlines, signal }).create();
  if (isUnavailable(driver)) throw new BackendError(`no device: ${driver.unavailable}`);
  const lab = new Lab(driver, { deadlineMs: callMs });
  const strays = watchStrayErrors();
  const write = (chunk: Uint8Array): unknown => {
    signal.throwIfAborted();
    return o.write(chunk);
  };
  try {
    await orAborted(exportBits(lab, { ...o, bytes, write }), signal);
  } catch (cause) {
    if (cause instanceof TooFewSamples) throw new UnsupportedError('zero-field bits', cause.message, { cause });
    throw cause;
  } finally {
    // What the device does at its end takes nothing from the bits that are written.
    await within('closing the device', lab.close(), closeMs).catch(() => {});
    await strays.stop();
  }
  const [stray] = strays.found;
  if (stray !== undefined) throw stray.error;
}

function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}
