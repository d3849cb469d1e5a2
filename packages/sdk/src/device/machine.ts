/**
 * An open driver with what all its programs share: the queue, the calls in flight, and how it ends. A slot of the queue
 * is held until the driver settles, even when the caller's promise rejected long before: the machine is busy until then.
 */
import PQueue from 'p-queue';
import { messageOf } from '../backends/load-backend.ts';
import type { Driver } from '../contract/driver.ts';
import { DeviceClosedError, DeviceLostError, isIsinglassError } from '../errors/isinglass-error.ts';
import type { Logger } from '../logging/logger.ts';
import type { DeviceProfile } from '../profile/device-profile.ts';
import { driverError } from './driver-errors.ts';
import { RunScope, type ScopeOptions } from './run-scope.ts';

/** A lost driver may never settle its close(); nobody waits longer than this for it. */
const closeAfterLossMs = 1000;

export interface MachineOptions {
  readonly uri: string;
  readonly driver: Driver;
  readonly profile: DeviceProfile;
  readonly logger: Logger;
}

export class Machine {
  readonly uri: string;
  readonly driver: Driver;
  readonly profile: DeviceProfile;
  readonly logger: Logger;
  readonly #queue: PQueue;
  readonly #lost = new AbortController();
  /** Everything that must fail when the machine ends. */
  readonly #ending = new Set<(reason: unknown) => void>();
  #closing: Promise<void> | undefined;

  constructor(o: MachineOptions) {
    this.uri = o.uri;
    this.driver = o.driver;
    this.profile = o.profile;
    this.logger = o.logger;
    this.#queue = new PQueue({ concurrency: o.profile.batch.inFlight });
    if (this.driver.lost.aborted) this.#lose();
    else this.driver.lost.addEventListener('abort', this.#lose);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** A scope that also fails when the machine is lost or closed; throws when it already is. */
  begin<T>(o: ScopeOptions): RunScope<T> {
    this.assertUsable();
    const fail = (reason: unknown): void => scope.fail(reason);
    const scope: RunScope<T> = new RunScope<T>({
      ...o,
      onEnd: () => {
        this.#ending.delete(fail);
        o.onEnd?.();
      },
    });
    if (!scope.ended) this.#ending.add(fail);
    return scope;
  }

  assertUsable(): void {
    if (this.#closing !== undefined) throw new DeviceClosedError(`device ${this.uri} is closed`);
    if (this.lost.aborted) throw this.lost.reason;
  }

  /** Runs a job that never rejects when a slot is free; jobs start in the order of these calls. */
  enqueue(job: () => Promise<void>): void {
    // No signal and no timeout: p-queue would free the slot while the driver still works.
    void this.#queue.add(job);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.logger.info({ uri: this.uri }, 'device closes');
    this.#endAll(new DeviceClosedError(`device ${this.uri} was closed`));
    try {
      await unlessLost(this.driver.close(), this.lost);
    } catch (e) {
      throw driverError('close', e);
    } finally {
      this.driver.lost.removeEventListener('abort', this.#lose);
    }
  }

  readonly #lose = (): void => {
    const { reason } = this.driver.lost;
    const error =
      isIsinglassError(reason) && reason.code === 'device-lost'
        ? reason
        : new DeviceLostError(`device ${this.uri} was lost (${messageOf(reason)}): open it again`, { cause: reason });
    this.logger.error({ uri: this.uri, reason: error.message }, 'device lost');
    this.#lost.abort(error);
    this.#endAll(error);
  };

  #endAll(reason: unknown): void {
    for (const fail of [...this.#ending]) fail(reason);
  }
}

/** Settles with the promise, or some time after the loss of the machine; a late rejection is dropped. */
async function unlessLost(closed: Promise<void>, lost: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    timer = setTimeout(resolve, closeAfterLossMs);
  };
  if (lost.aborted) wait();
  else lost.addEventListener('abort', wait);
  closed.then(resolve, reject);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    lost.removeEventListener('abort', wait);
  }
}
