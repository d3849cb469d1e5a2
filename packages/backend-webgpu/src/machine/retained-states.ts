/**
 * The states of retained sweeps (semantics 2.1): collected on the GPU in slots, read back whenever these are full. Whoever makes the sweeps says where
 * states lie: each bank by itself where sweeps go color by color, all banks of a row side by side where a dispatch makes many. Nothing else
 * differs, so that rounds of slots, read-back and what the caller gets stand here once.
 */
import { type DriverRun, emptySpins, type PackedSpins } from '@isinglass/sdk';
import { retainedCount } from '@isinglass/sdk/machine-driver';
import type { GpuBank } from '../block/gpu-block.ts';
import type { RunHost } from '../gpu/run-host.ts';

/** States of some banks that lie together: a row of them is collected at once. */
export interface StateSource {
  readonly label: string;
  readonly rowWords: number;
  /** With the place of their words in a row. */
  readonly banks: readonly { readonly bank: GpuBank; readonly firstWord: number }[];
}

interface CollectedSource {
  readonly rowWords: number;
  /** [row][slot][word] */
  readonly buffer: GPUBuffer;
  readonly banks: readonly CollectedBank[];
}

interface CollectedBank {
  readonly bank: GpuBank;
  readonly firstWord: number;
  /** [row][K][word] */
  readonly all: PackedSpins;
}

export class RetainedStates {
  /** Retained sweeps that there is room for; 0: no states are asked for. */
  readonly slots: number;
  /** By label: [row][slot][word] of each source with a bank that is asked for. */
  readonly buffers: ReadonlyMap<string, GPUBuffer>;
  readonly #host: RunHost;
  readonly #run: DriverRun;
  readonly #rows: number;
  readonly #retained: number;
  readonly #sources: readonly CollectedSource[];
  readonly #given = new Set<PackedSpins>();

  constructor(host: RunHost, run: DriverRun, sources: readonly StateSource[]) {
    this.#host = host;
    this.#run = run;
    this.#rows = run.images.length * run.chains;
    this.#retained = retainedCount(run);
    const isAsked = ({ bank }: GpuBank): boolean =>
      run.readouts.some((ask) => ask.observable === 'state' && ask.bank === bank.id);
    const asked = sources.filter(({ banks }) => banks.some(({ bank }) => isAsked(bank)));
    const bytes = asked.reduce((sum, { rowWords }) => sum + 4 * this.#rows * rowWords, 0);
    const fitting = Math.max(1, Math.floor(host.gpu.pieces.collectedBytesMax / Math.max(1, bytes)));
    this.slots = asked.length === 0 ? 0 : Math.min(this.#retained, fitting);
    const collected = asked.map(({ label, rowWords, banks }) => ({
      label,
      rowWords,
      buffer: host.storage(`${label} states`, this.#rows * this.slots * rowWords),
      banks: banks
        .filter(({ bank }) => isAsked(bank))
        .map((own) => ({ ...own, all: emptySpins(this.#rows * this.#retained, own.bank.spins) })),
    }));
    this.#sources = collected;
    this.buffers = new Map(collected.map(({ label, buffer }) => [label, buffer]));
  }

  /** Where retained sweep k (0, 1, …) is collected. */
  slotOf(k: number): number {
    return this.slots === 0 ? 0 : k % this.slots;
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
    const count = this.slotOf(done - 1) + 1;
    for (const { rowWords, buffer, banks } of this.#sources) {
      const collected = new Uint32Array(this.#rows * this.slots * rowWords);
      if (collected.length > 0) await this.#host.ring.read(buffer, collected);
      for (const { bank, firstWord, all } of banks) {
        for (let row = 0; row < this.#rows; row++) {
          for (let slot = 0; slot < count; slot++) {
            const from = (row * this.slots + slot) * rowWords + firstWord;
            const to = (row * this.#retained + done - count + slot) * bank.words;
            // Word by word: rows are short, and there may be millions of them.
            for (let n = 0; n < bank.words; n++) all.words[to + n] = collected[from + n] as number;
          }
        }
      }
    }
  }

  /** `[images][chains][K]` rows; the caller's own. */
  of(id: string): PackedSpins {
    const found = this.#sources.flatMap(({ banks }) => banks).find(({ bank }) => bank.bank.id === id);
    if (found === undefined) throw new TypeError(`no states of bank ${id}`);
    if (this.#given.has(found.all)) return { ...found.all, words: found.all.words.slice() };
    this.#given.add(found.all);
    return found.all;
  }
}
