/**
 * One call that may end early: by its caller's signal, by its deadline, by the device's loss or closing. Its promise
 * settles at once, whatever the driver still does; the inner signal tells the driver to stop. Nothing stays behind: the
 * listener and the timer go with the scope, and nothing races against a promise that outlives it.
 */
import { DeadlineExceededError } from '../errors/isinglass-error.ts';

export interface ScopeOptions {
  readonly signal?: AbortSignal | undefined;
  /** From now. */
  readonly deadlineMs?: number | undefined;
  /** Called once, when the scope ends in whichever way; not when its signal was aborted before it began. */
  readonly onEnd?: () => void;
}

export class RunScope<T> {
  readonly promise: Promise<T>;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #onEnd: (() => void) | undefined;
  readonly #settle: PromiseWithResolvers<T>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(o: ScopeOptions) {
    this.#settle = Promise.withResolvers<T>();
    this.promise = this.#settle.promise;
    // The caller holds the promise too; a caller that drops it must not bring the process down.
    this.promise.catch(() => {});
    this.#outer = o.signal;
    this.#onEnd = o.onEnd;
    if (this.#outer?.aborted === true) {
      this.#ended = true;
      this.#settle.reject(this.#outer.reason);
      this.#controller.abort(this.#outer.reason);
      return;
    }
    this.#outer?.addEventListener('abort', this.#onAbort);
    const { deadlineMs } = o;
    if (deadlineMs !== undefined) {
      const error = new DeadlineExceededError(`not finished ${deadlineMs} ms after the call`, { where: 'deadlineMs' });
      this.#timer = setTimeout(() => this.fail(error), deadlineMs);
    }
  }

  /** For the work inside: aborts when the scope fails, with the same reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get ended(): boolean {
    return this.#ended;
  }

  succeed(value: T): void {
    if (this.#end()) this.#settle.resolve(value);
  }

  /** The first failure counts; later ones and late results are dropped. */
  fail(reason: unknown): void {
    if (!this.#end()) return;
    this.#settle.reject(reason);
    this.#controller.abort(reason);
  }

  readonly #onAbort = (): void => this.fail(this.#outer?.reason);

  #end(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#onAbort);
    this.#onEnd?.();
    return true;
  }
}
