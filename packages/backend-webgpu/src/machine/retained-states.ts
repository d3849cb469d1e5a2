/** The states of retained sweeps (semantics 2.1): collected on the GPU, read back whenever its buffer for them is full. */
import { type DriverRun, emptySpins, type PackedSpins } from '@isinglass/sdk';
import { retainedCount } from '@isinglass/sdk/machine-driver';
import type { GpuBank } from '../block/gpu-block.ts';
import { type DispatchSpec, dispatchSpec } from '../gpu/dispatch.ts';
import type { GpuContext } from '../gpu/gpu-context.ts';
import type { StagingRing } from '../gpu/staging-ring.ts';
import type { RunBuffers } from './run-buffers.ts';

interface CollectedBank {
  readonly bank: GpuBank;
  /** [row][slot][word] */
  readonly buffer: GPUBuffer;
  /** [row][K][word] */
  readonly all: PackedSpins;
}

export class RetainedStates {
  readonly dispatches: readonly DispatchSpec[];
  readonly buffers: readonly GPUBuffer[];
  readonly #ring: StagingRing;
  readonly #rows: number;
  readonly #retained: number;
  readonly #slots: number;
  readonly #banks: readonly CollectedBank[];
  readonly #given = new Set<PackedSpins>();

  constructor({
    gpu,
    ring,
    run,
    buffers,
  }: { gpu: GpuContext; ring: StagingRing; run: DriverRun; buffers: RunBuffers }) {
    this.#ring = ring;
    this.#rows = run.images.length * run.chains;
    this.#retained = retainedCount(run);
    const asked = buffers.banks.filter(({ bank }) =>
      run.readouts.some((readout) => readout.observable === 'state' && readout.bank === bank.bank.id),
    );
    const bytes = asked.reduce((sum, { bank }) => sum + 4 * this.#rows * bank.words, 1);
    this.#slots = Math.max(1, Math.min(this.#retained, Math.floor(gpu.pieces.collectedBytesMax / bytes)));
    this.#banks = asked.map(({ bank }) => ({
      bank,
      buffer: gpu.memory.storage(`${bank.bank.id} states`, 4 * this.#rows * this.#slots * bank.words),
      all: emptySpins(this.#rows * this.#retained, bank.spins),
    }));
    this.buffers = this.#banks.map(({ buffer }) => buffer);
    this.dispatches = asked.map(({ bank, states }, n) =>
      dispatchSpec({
        kernel: 'retain-state',
        params: { words: bank.words, retained: this.#slots },
        buffers: [states, this.buffers[n] as GPUBuffer],
        invocationsPerRow: bank.words,
        costPerRow: bank.words * 8,
      }),
    );
  }

  /** Where retained sweep k (0, 1, …) is collected. */
  slotOf(k: number): number {
    return k % this.#slots;
  }

  /** Whether there is no room after retained sweep k, or nothing more to come. */
  isFullAfter(k: number): boolean {
    return this.#banks.length > 0 && (this.slotOf(k) === this.#slots - 1 || k === this.#retained - 1);
  }

  /** Takes what has been collected up to retained sweep k. */
  async read(k: number): Promise<void> {
    const count = this.slotOf(k) + 1;
    for (const { bank, buffer, all } of this.#banks) {
      const { words } = bank;
      const collected = new Uint32Array(this.#rows * this.#slots * words);
      if (collected.length > 0) await this.#ring.read(buffer, collected);
      for (let row = 0; row < this.#rows; row++) {
        const from = row * this.#slots * words;
        const to = (row * this.#retained + k + 1 - count) * words;
        all.words.set(collected.subarray(from, from + count * words), to);
      }
    }
  }

  /** `[images][chains][K]` rows; the caller's own. */
  of(bank: string): PackedSpins {
    const found = this.#banks.find((each) => each.bank.bank.id === bank);
    if (found === undefined) throw new TypeError(`no states of bank ${bank}`);
    if (this.#given.has(found.all)) return { ...found.all, words: found.all.words.slice() };
    this.#given.add(found.all);
    return found.all;
  }
}
