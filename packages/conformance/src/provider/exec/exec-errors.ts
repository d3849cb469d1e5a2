/** Errors of a process as errors of the sdk. */
import {
  BackendError,
  DeadlineExceededError,
  DeviceBusyError,
  DeviceClosedError,
  DeviceLostError,
  DoesNotFitError,
  type ErrorCode,
  type ErrorDetails,
  HostStageError,
  InvalidModelError,
  InvalidProgramError,
  InvalidRequestError,
  type IsinglassError,
  UnsupportedError,
} from '@isinglass/sdk';
import type { DeviceMessageOf } from './messages.ts';

/** The machine behind the process is not here, which is no failure of the driver. */
export class DeviceUnavailableError extends BackendError {}

const classes: Readonly<
  Record<Exclude<ErrorCode, 'unsupported'>, new (message: string, details?: ErrorDetails) => IsinglassError>
> = {
  'invalid-model': InvalidModelError,
  'invalid-program': InvalidProgramError,
  'does-not-fit': DoesNotFitError,
  'invalid-request': InvalidRequestError,
  'device-busy': DeviceBusyError,
  'device-closed': DeviceClosedError,
  'device-lost': DeviceLostError,
  'deadline-exceeded': DeadlineExceededError,
  'host-stage': HostStageError,
  backend: BackendError,
};

/** The error that a message names by its code. `aborted` without a cancel is a fault of the device. */
export function errorOf({ code, message, where, feature, diagnostics }: DeviceMessageOf<'error'>): IsinglassError {
  const details: ErrorDetails = {
    ...(where === undefined ? {} : { where }),
    ...(diagnostics === undefined
      ? {}
      : {
          diagnostics: diagnostics.map(({ where: place, ...rest }) => ({
            ...rest,
            ...(place === undefined ? {} : { where: place }),
          })),
        }),
  };
  switch (code) {
    case 'unsupported':
      return new UnsupportedError(feature ?? 'unnamed', message, details);
    case 'aborted':
      return new BackendError(`the device ended a request that nobody cancelled: ${message}`, details);
    case 'unavailable':
      return new DeviceUnavailableError(message, details);
    default:
      return new classes[code](message, details);
  }
}

/** What happened to a process, with its last words. */
export function obituary(command: readonly string[], what: string, lastWords: string): string {
  const words = lastWords === '' ? '' : `; its last lines of standard error:\n${lastWords}`;
  return `the driver process ${JSON.stringify(command.join(' '))} is lost: ${what}${words}`;
}
