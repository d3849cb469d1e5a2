/** What one run holds on the GPU. */
import type { DriverRun, PackedSpins } from '@isinglass/sdk';
import type { GpuBank, GpuBlock } from '../block/gpu-block.ts';
import type { GpuMemory } from '../gpu/gpu-memory.ts';
import type { RunLaw } from './run-law.ts';

export interface RunBuffers {
  readonly banks: readonly BankBuffers[];
  /** Fields of the bank that is updated next: [row][spin]. */
  readonly field: GPUBuffer;
  /** Global numbers of the images. */
  readonly images: GPUBuffer;
  /** [row], low and high word. */
  readonly flips: GPUBuffer;
  readonly chains: number;
  readonly all: readonly GPUBuffer[];
}

export interface BankBuffers {
  readonly bank: GpuBank;
  /** [row][word] of free banks, [image][word] of pinned ones. */
  readonly states: GPUBuffer;
  /** The same with the channels of a pixel together, where convolutions read the bank. */
  readonly spread: GPUBuffer | null;
  /** B of every spin (semantics 4.4); of free banks. */
  readonly biases: GPUBuffer | null;
  /** H, [image][spin], where pinned banks reach this one; else the biases are all of it. */
  readonly statics: GPUBuffer | null;
  /** [row][spin], where they are asked for. */
  readonly spinSums: GPUBuffer | null;
  readonly conditionalSums: GPUBuffer | null;
}

export function runBuffers(
  memory: GpuMemory,
  block: GpuBlock,
  run: DriverRun,
  { biases }: Pick<RunLaw, 'biases'>,
): RunBuffers {
  const all: GPUBuffer[] = [];
  const storage = (label: string, words: number): GPUBuffer => {
    const buffer = memory.storage(label, 4 * words);
    all.push(buffer);
    return buffer;
  };
  const filled = (label: string, data: Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>): GPUBuffer => {
    const buffer = memory.filled(label, data);
    all.push(buffer);
    return buffer;
  };
  const images = run.images.length;
  const rows = images * run.chains;
  try {
    const banks = block.banks.map((bank): BankBuffers => {
      const { id } = bank.bank;
      const spread = bank.spread
        ? storage(`${id} by pixel`, (bank.free ? rows : images) * bank.pixels * bank.pixelWords)
        : null;
      if (!bank.free) {
        const states = filled(id, (run.inputs[id] as PackedSpins).words);
        return { bank, states, spread, biases: null, statics: null, spinSums: null, conditionalSums: null };
      }
      const asked = (observable: 'spin-sum' | 'conditional-sum'): GPUBuffer | null =>
        run.readouts.some((readout) => readout.bank === id && readout.observable === observable)
          ? storage(`${id} ${observable}`, rows * bank.spins)
          : null;
      return {
        bank,
        states: storage(id, rows * bank.words),
        spread,
        biases: filled(`${id} biases`, biases.get(id) as Int32Array<ArrayBuffer>),
        statics: bank.fromPinned.length > 0 ? storage(`${id} static field`, images * bank.spins) : null,
        spinSums: asked('spin-sum'),
        conditionalSums: asked('conditional-sum'),
      };
    });
    const largest = block.banks.reduce((most, { free, spins }) => (free ? Math.max(most, spins) : most), 0);
    return {
      banks,
      field: storage('field', rows * largest),
      images: filled('images', run.images),
      flips: storage('flips', 2 * rows),
      chains: run.chains,
      all,
    };
  } catch (e) {
    memory.free(all);
    throw e;
  }
}
