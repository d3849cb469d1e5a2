import { parseDeviceUri } from '../backends/device-uri.ts';
import { checkBackends, findBackend } from '../backends/load-backend.ts';
import type { Backend, Driver } from '../contract/driver.ts';
import { BackendError } from '../errors/isinglass-error.ts';
import { type Logger, silentLogger } from '../logging/logger.ts';
import { parseDeviceProfile } from '../profile/parse-device-profile.ts';
import { checkFields, checkLogger, checkSignal } from './check-arguments.ts';
import { assertDriverAnswer } from './check-driver-result.ts';
import { invalid } from './check-values.ts';
import { Device } from './device.ts';
import { driverError } from './driver-errors.ts';
import { Machine } from './machine.ts';
import type { ResourceLimits } from './run-request.ts';
import { RunScope } from './run-scope.ts';

export interface OpenDeviceOptions {
  /** Asked before any installed backend. */
  readonly backends?: readonly Backend[];
  readonly signal?: AbortSignal;
  /** Default: silent. */
  readonly logger?: Logger;
  readonly limits?: ResourceLimits;
}

/**
 * Opens a device: `cpu`, `fpga-sim:conv-m?clockMHz=250`. The backend is an explicit one, else the package
 * `@isinglass/backend-SCHEME`, else `isinglass-backend-SCHEME`, seen from the working directory.
 *
 * Throws InvalidRequestError when there is no such backend, UnsupportedError('contract') when it is written for another
 * contract, BackendError when it fails or its profile is not valid.
 */
export async function openDevice(uri: string, o: OpenDeviceOptions = {}): Promise<Device> {
  checkFields('options', o, optionFields);
  checkBackends(o.backends);
  checkSignal('signal', o.signal);
  checkLogger(o.logger);
  const { scheme } = parseDeviceUri(uri);
  const limits = resolveLimits(o.limits ?? {});
  o.signal?.throwIfAborted();
  const backend = await findBackend(scheme, o.backends ?? []);
  const logger = (o.logger ?? silentLogger).child({ device: uri });
  const driver = await openDriver(backend, uri, { logger, signal: o.signal });
  try {
    const profile = parseDeviceProfile(driver.profile);
    logger.info({ profile: profile.name, determinism: profile.determinism }, 'device is open');
    return new Device(new Machine({ uri, driver, profile, logger }), limits);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    closeLate(driver, logger);
    throw new BackendError(`backend "${scheme}" states a profile that is not valid: ${message}`, { cause });
  }
}

const optionFields: Readonly<Record<keyof OpenDeviceOptions, true>> = {
  backends: true,
  signal: true,
  logger: true,
  limits: true,
};
const limitFields: Readonly<Record<keyof ResourceLimits, true>> = { bytesMax: true, resultBytesMax: true };

/** Rejects at once on abort; a driver that opens later is closed again. */
function openDriver(
  backend: Backend,
  uri: string,
  o: { readonly logger: Logger; readonly signal: AbortSignal | undefined },
): Promise<Driver> {
  const scope = new RunScope<Driver>({ signal: o.signal });
  if (scope.ended) return scope.promise;
  const fail = (e: unknown): void => scope.fail(driverError(`open ${uri}`, e));
  try {
    backend
      .open(uri, { logger: o.logger, signal: scope.signal })
      .then((driver) => {
        assertDriver(driver);
        if (scope.ended) closeLate(driver, o.logger);
        else scope.succeed(driver);
      })
      .catch(fail);
  } catch (e) {
    fail(e);
  }
  return scope.promise;
}

function assertDriver(driver: Partial<Driver> | undefined): void {
  const methods = ['plan', 'load', 'close'] as const;
  const whole = methods.every((method) => typeof driver?.[method] === 'function') && driver?.lost !== undefined;
  assertDriverAnswer(whole, 'open()', `a Driver with profile, lost, ${methods.join(', ')}`);
}

function closeLate(driver: Driver, logger: Logger): void {
  driver.close().catch((e: unknown) => {
    logger.warn({ reason: driverError('close', e).message }, 'abandoned driver');
  });
}

/** The default of `ResourceLimits.resultBytesMax`. */
const resultBytesMaxDefault = 2 ** 31;

function resolveLimits(limits: ResourceLimits): Required<ResourceLimits> {
  checkFields('limits', limits, limitFields);
  const resolved = {
    bytesMax: limits.bytesMax ?? Number.POSITIVE_INFINITY,
    resultBytesMax: limits.resultBytesMax ?? resultBytesMaxDefault,
  };
  for (const [key, value] of Object.entries(resolved)) {
    if (typeof value !== 'number' || !(value > 0)) throw invalid(`limits.${key}`, value, 'a number of bytes above 0');
  }
  return resolved;
}
