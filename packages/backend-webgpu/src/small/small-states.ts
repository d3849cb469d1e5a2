/** States of retained sweeps of a small block: collected for the whole block, given back by bank. */
import { type DriverRun, emptySpins, type PackedSpins } from '@isinglass/sdk';
import { retainedCount } from '@isinglass/sdk/machine-driver';
import type { GpuBank } from '../block/gpu-block.ts';
import type { RunHost } from '../gpu/run-host.ts';
import type { SmallBlock } from './small-block.ts';

export class SmallStates {
  /** Retained sweeps that there is room for; 0: none are asked for. */
  readonly slots: number;
  /** [row][slot][word of the block] */
  readonly buffer: GPUBuffer;
  readonly #host: RunHost;
  readonly #rows: number;
  readonly #words: number;
  readonly #retained: number;
  readonly #banks: readonly { readonly bank: GpuBank; readonly firstWord: number; readonly all: PackedSpins }[];
  readonly #run: DriverRun;
  readonly #given = new Set<PackedSpins>();

  constructor(host: RunHost, { places, firstPlace }: SmallBlock, banks: readonly GpuBank[], run: DriverRun) {
    this.#host = host;
    this.#run = run;
    this.#rows = run.images.length * run.chains;
    this.#words = places / 32;
    this.#retained = retainedCount(run);
    this.#banks = banks
      .filter(({ bank }) => run.readouts.some((ask) => ask.observable === 'state' && ask.bank === bank.id))
      .map((bank) => ({
        bank,
        firstWord: (firstPlace.get(bank.index) as number) / 32,
        all: emptySpins(this.#rows * this.#retained, bank.spins),
      }));
    const bytes = Math.max(1, 4 * this.#rows * this.#words);
    const most = Math.max(1, Math.min(this.#retained, Math.floor(host.gpu.pieces.collectedBytesMax / bytes)));
    this.slots = this.#banks.length === 0 ? 0 : most;
    this.buffer = host.storage('states', this.#rows * this.slots * this.#words);
  }

  /** The sweep after which there is no room, or nothing more to come: at or after sweep t. Infinity where nothing is collected. */
  fullAt(t: number): number {
    if (this.slots === 0) return Number.POSITIVE_INFINITY;
    const { burnIn, stride } = this.#run;
    // Retained sweeps before t; then up to the end of their round of slots.
    const before = Math.max(0, Math.ceil((t - burnIn) / stride) - 1);
    const last = Math.min(this.#retained, (Math.floor(before / this.slots) + 1) * this.slots);
    return burnIn + last * stride >= t ? burnIn + last * stride : Number.POSITIVE_INFINITY;
  }

  /** Takes what has been collected when sweep t = fullAt(…) is done. */
  async read(t: number): Promise<void> {
    const done = (t - this.#run.burnIn) / this.#run.stride;
    const count = ((done - 1) % this.slots) + 1;
    const collected = new Uint32Array(this.#rows * this.slots * this.#words);
    if (collected.length > 0) await this.#host.ring.read(this.buffer, collected);
    for (const { bank, firstWord, all } of this.#banks) {
      for (let row = 0; row < this.#rows; row++) {
        for (let slot = 0; slot < count; slot++) {
          const from = (row * this.slots + slot) * this.#words + firstWord;
          const to = (row * this.#retained + done - count + slot) * bank.words;
          all.words.set(collected.subarray(from, from + bank.words), to);
        }
      }
    }
  }

  /** `[images][chains][K]` rows; the caller's own. */
  of(id: string): PackedSpins {
    const found = this.#banks.find(({ bank }) => bank.bank.id === id);
    if (found === undefined) throw new TypeError(`no states of bank ${id}`);
    if (this.#given.has(found.all)) return { ...found.all, words: found.all.words.slice() };
    this.#given.add(found.all);
    return found.all;
  }
}
