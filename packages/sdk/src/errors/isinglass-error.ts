/**
 * Every error of Isinglass, sorted by who acts on it (architecture section 6). `code` is API, the message is not.
 * Errors are recognised by a brand under `Symbol.for`, not by `instanceof`: a backend may carry its own copy of the sdk.
 */
const brand = Symbol.for('isinglass.error');

/** One finding among several: a violation of a program, a misfit of a device, a part of a model that cannot be compiled. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** The place: a path in the program JSON, an ONNX node, a place in a file. */
  readonly where?: string;
}

export interface ErrorDetails {
  readonly where?: string;
  readonly diagnostics?: readonly Diagnostic[];
  readonly cause?: unknown;
}

/** What `code` says; stable across releases. */
export type ErrorCode =
  | 'invalid-model'
  | 'invalid-program'
  | 'does-not-fit'
  | 'unsupported'
  | 'invalid-request'
  | 'device-busy'
  | 'device-closed'
  | 'device-lost'
  | 'deadline-exceeded'
  | 'host-stage'
  | 'backend';

/** The base of all errors that the sdk, the compiler and well-behaved backends throw. */
export class IsinglassError extends Error {
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.where = details.where;
    this.diagnostics = details.diagnostics ?? [];
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether `e` is an Isinglass error, from whichever copy of the sdk. */
export function isIsinglassError(e: unknown): e is IsinglassError {
  return typeof e === 'object' && e !== null && brand in e;
}

/** The model cannot be compiled: names the ONNX node. */
export class InvalidModelError extends IsinglassError {
  constructor(message: string, details?: ErrorDetails) {
    super('invalid-model', message, details);
  }
}

/** A corrupt or hand-made program: names the place and the invariant (semantics section 9). */
export class InvalidProgramError extends IsinglassError {
  constructor(message: string, details?: ErrorDetails) {
    super('invalid-program', message, details);
  }
}

/** The program is valid, this device cannot hold it: every misfit with needed, available and remedies. */
export class DoesNotFitError extends IsinglassError {
  constructor(message: string, details?: ErrorDetails) {
    super('does-not-fit', message, details);
  }
}

/** A feature that this device or this version does not have. */
export class UnsupportedError extends IsinglassError {
  readonly feature: string;
  constructor(feature: string, message: string, details?: ErrorDetails) {
    super('unsupported', message, details);
    this.feature = feature;
  }
}

/** The arguments of a call are wrong: names the argument, its value and what is allowed. */
export class InvalidRequestError extends IsinglassError {
  constructor(message: string, details?: ErrorDetails) {
    super('invalid-request', message, details);
  }
}

/** The device is held by someone else; try again later. */
export class DeviceBusyError extends IsinglassError {
  constructor(message: string, details?: ErrorDetails) {
    super('device-busy', message, details);
  }
}

/** The device, or the program on it, was closed by its owner. */
export class DeviceClosedError extends IsinglassError {
  constructor(message: string, details?: ErrorDetails) {
    super('device-closed', message, details);
  }
}

/** The device died; open it again. */
export class DeviceLostError extends IsinglassError {
  constructor(message: string, details?: ErrorDetails) {
    super('device-lost', message, details);
  }
}

/** A run did not finish by its deadline. */
export class DeadlineExceededError extends IsinglassError {
  constructor(message: string, details?: ErrorDetails) {
    super('deadline-exceeded', message, details);
  }
}

/** A host stage (encoder, decoder) failed. */
export class HostStageError extends IsinglassError {
  constructor(message: string, details?: ErrorDetails) {
    super('host-stage', message, details);
  }
}

/** Anything that a backend threw and that is not one of the above, wrapped; `cause` has the original. */
export class BackendError extends IsinglassError {
  constructor(message: string, details?: ErrorDetails) {
    super('backend', message, details);
  }
}
