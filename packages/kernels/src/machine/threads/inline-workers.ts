import { DeviceClosedError } from '@isinglass/sdk';
import { eventLoopTurn, Slicer } from '@isinglass/sdk/machine-driver';
import { isWork, type Workers, type WorkersOptions } from './workers.ts';

/** One worker that is this thread: each message is handled after a turn of the event loop. It cannot be lost. */
export class InlineWorkers<I, M, R> implements Workers<M, R> {
  readonly size = 1;
  readonly lost: AbortSignal = new AbortController().signal;
  readonly #options: WorkersOptions<I, M, R>;
  #handle: ((message: M) => R | Generator<void, R, void>) | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: WorkersOptions<I, M, R>) {
    this.#options = options;
  }

  run(message: M): Promise<R> {
    const reply = this.#last.then(eventLoopTurn).then(() => this.#answer(message));
    this.#last = reply.catch(() => {});
    return reply;
  }

  async runTogether(messages: readonly M[]): Promise<readonly R[]> {
    if (messages.length > this.size) throw new TypeError(`${messages.length} messages together on one thread`);
    return Promise.all(messages.map((message) => this.run(message)));
  }

  async broadcast(message: M): Promise<void> {
    await this.run(message);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
    this.#handle = undefined;
  }

  async #answer(message: M): Promise<R> {
    if (this.#closed) throw new DeviceClosedError('the device was closed');
    const { handler, init } = this.#options;
    this.#handle ??= handler.createHandler(init());
    const answer = this.#handle(message);
    return isWork(answer) ? new Slicer([]).drain(answer) : answer;
  }
}
