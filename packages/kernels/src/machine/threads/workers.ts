/**
 * Threads that compute, as their user sees them: messages in, replies out. What a message means is the handler's; where it
 * runs is the implementation's: `worker-pool` (threads of Node), `inline-workers` (this thread; browsers, tiny runs).
 *
 * Messages go out in call order. A worker handles one at a time and has nothing else to do: a handler computes, it
 * never waits for anything but other workers of the same `runTogether`.
 */

/** Messages M to workers that answer R. */
export interface Workers<M, R> {
  /** How many there are, spawned or not. */
  readonly size: number;
  /** On the next idle worker. Rejects with what the handler throws; the others go on. */
  run(message: M): Promise<R>;
  /**
   * Message i on worker i, all at the same time, so that their handlers may meet at barriers: the first `messages.length`
   * workers get idle first. Settles when all have answered; rejects with what the first of them threw. A handler that
   * throws must have left no other one waiting for it. Throws TypeError for more messages than workers.
   */
  runTogether(messages: readonly M[]): Promise<readonly R[]>;
  /** On every worker, after what it was given before and ahead of what it is given later. Replies are dropped. */
  broadcast(message: M): Promise<void>;
  /** Ends the threads; what is pending rejects with DeviceClosedError. Idempotent. */
  close(): Promise<void>;
  /** Aborted with a DeviceLostError when a worker dies: everything pending, and all that is asked later, rejects with it. */
  readonly lost: AbortSignal;
}

/**
 * A module that handles messages, imported by the threads by its own address. It keeps its imports few: every thread
 * loads them.
 */
export interface HandlerModule<I, M, R> {
  /** `import.meta.url` of the module. */
  readonly handlerUrl: string;
  /**
   * Called once per worker, before its first message. Work that takes long is a generator, which yields where it may be interrupted: a
   * thread of its own drains it, this thread gives the event loop its turns in between.
   */
  readonly createHandler: (init: I) => (message: M) => R | Generator<void, R, void>;
}

/** What all workers of one kind begin with. */
export interface WorkersOptions<I, M, R> {
  readonly handler: HandlerModule<I, M, R>;
  /** Asked for when a thread starts, and cloned for it: compiled modules and shared memory are not copied. */
  readonly init: () => I;
}

/** Whether a handler's answer is still to be worked out. */
export function isWork<R>(answer: R | Generator<void, R, void>): answer is Generator<void, R, void> {
  return typeof answer === 'object' && answer !== null && 'next' in answer && typeof answer.next === 'function';
}
