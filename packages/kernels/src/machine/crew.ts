/**
 * The threads of a device at work on one run. At most as many messages are under way as there are threads, each with a slot of its own: a slot
 * is a scratch area in memory that no two messages share.
 */

import type { SweepRange } from './rows/rows-executor.ts';
import type { Section } from './section.ts';
import type { Workers } from './threads/workers.ts';
import type { WorkerMessage, WorkerReply } from './worker-messages.ts';

/** A message whose slot is given when a thread is free. */
export type SlotMessage = WithoutSlot<Exclude<WorkerMessage, { kind: 'begin' | 'end' }>>;
type WithoutSlot<M> = M extends { readonly slot: number } ? Omit<M, 'slot'> : M;

export class Crew {
  readonly size: number;
  readonly #workers: Workers<WorkerMessage, WorkerReply>;
  readonly #free: number[];
  readonly #waiting: (() => void)[] = [];
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(workers: Workers<WorkerMessage, WorkerReply>) {
    this.#workers = workers;
    this.size = workers.size;
    this.#free = Array.from({ length: this.size }, (_, slot) => slot);
  }

  async begin(section: Section): Promise<void> {
    await this.#track(this.#workers.broadcast(section.begin));
  }

  /** Threads forget the section, whenever they come to it. */
  end({ id }: Section): void {
    this.#workers.broadcast({ kind: 'end', id }).catch(() => {
      // Lost or closed: there is nothing left to forget.
    });
  }

  async run(message: SlotMessage): Promise<WorkerReply> {
    return this.#withSlots(1, ([slot = 0]) => this.#workers.run({ ...message, slot } as WorkerMessage));
  }

  /** Calls `action` for every item, as many at a time as there are threads, each with a number below `size` of its own. */
  async each<T>(items: readonly T[], action: (item: T, place: number) => Promise<void>): Promise<void> {
    let next = 0;
    const places = Array.from({ length: Math.min(this.size, items.length) }, async (_, place) => {
      while (next < items.length) await action(items[next++] as T, place);
    });
    await Promise.all(places);
  }

  /** One piece of a strand, by one thread or by all of them; how many states changed. */
  async sweep({ id }: Section, range: SweepRange, together: boolean): Promise<number> {
    if (!together) return (await this.run({ kind: 'sweep', id, range, share: null })).flips;
    const replies = await this.#withSlots(this.size, (slots) =>
      this.#workers.runTogether(
        slots.map((slot, index) => ({ kind: 'sweep', id, range, slot, share: { index, of: slots.length } })),
      ),
    );
    return replies.reduce((sum, { flips }) => sum + flips, 0);
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
