/**
 * The threads of a device at work on one run. At most as many messages are under way as there are threads, each with a slot of its own: a slot
 * is a scratch area in memory that no two messages share.
 */
import type { DriverRun } from '@isinglass/sdk';
import type { KernelHost } from '../driver/kernel-host.ts';
import type { Workers } from '../threads/workers.ts';
import type { RowsBlock, RowsRun } from './rows/rows-block.ts';
import type { SweepRange } from './rows/rows-executor.ts';
import type { WorkerMessage, WorkerReply } from './worker-messages.ts';

/** A message whose slot is given when a thread is free. */
export type SlotMessage = WithoutSlot<Exclude<WorkerMessage, { kind: 'begin' | 'end' }>>;
type WithoutSlot<M> = M extends { readonly slot: number } ? Omit<M, 'slot'> : M;

/** A run with less work than this is done in the calling thread: sending it away takes longer. About 0.3 ms. */
const workAwayMin = 4e7;

export class Crew {
  readonly size: number;
  readonly #workers: Workers<WorkerMessage, WorkerReply>;
  readonly #id: number;
  readonly #free: number[];
  readonly #waiting: (() => void)[] = [];
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(
    host: KernelHost<WorkerMessage, WorkerReply>,
    id: number,
    { images, chains, sweeps }: DriverRun,
    workPerSweep: number,
  ) {
    const small = workPerSweep * Math.max(16, images.length * chains) * sweeps < workAwayMin;
    this.#workers = small ? host.inline : host.workers;
    this.size = this.#workers.size;
    this.#id = id;
    this.#free = Array.from({ length: this.size }, (_, slot) => slot);
  }

  async begin(block: RowsBlock, run: RowsRun): Promise<void> {
    await this.#track(this.#workers.broadcast({ kind: 'begin', id: this.#id, block, run }));
  }

  /** Threads forget the run, whenever they come to it. */
  end(): void {
    this.#workers.broadcast({ kind: 'end', id: this.#id }).catch(() => {
      // Lost or closed: there is nothing left to forget.
    });
  }

  async run(message: SlotMessage): Promise<WorkerReply> {
    return this.#withSlots(1, ([slot = 0]) => this.#workers.run({ ...message, slot } as WorkerMessage));
  }

  async all(messages: readonly SlotMessage[]): Promise<readonly WorkerReply[]> {
    return Promise.all(messages.map((message) => this.run(message)));
  }

  /** Calls `action` for every item, as many at a time as there are threads, each with a number below `size` of its own. */
  async each<T>(items: readonly T[], action: (item: T, place: number) => Promise<void>): Promise<void> {
    let next = 0;
    const places = Array.from({ length: Math.min(this.size, items.length) }, async (_, place) => {
      while (next < items.length) await action(items[next++] as T, place);
    });
    await Promise.all(places);
  }

  /** One piece of a strand, by one thread or by all of them. */
  async sweep(range: SweepRange, together: boolean): Promise<readonly WorkerReply[]> {
    if (!together) return [await this.run({ kind: 'sweep', id: this.#id, range, share: null })];
    return this.#withSlots(this.size, (slots) =>
      this.#workers.runTogether(
        slots.map((slot, index) => ({
          kind: 'sweep',
          id: this.#id,
          range,
          slot,
          share: { index, of: slots.length },
        })),
      ),
    );
  }

  /** When nothing is under way any more, however it ended. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay]);
  }

  async #withSlots<T>(count: number, action: (slots: readonly number[]) => Promise<T>): Promise<T> {
    while (this.#free.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const slots = this.#free.splice(0, count);
    try {
      return await this.#track(action(slots));
    } finally {
      this.#free.push(...slots);
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  async #track<T>(promise: Promise<T>): Promise<T> {
    this.#underWay.add(promise);
    try {
      return await promise;
    } finally {
      this.#underWay.delete(promise);
    }
  }
}
