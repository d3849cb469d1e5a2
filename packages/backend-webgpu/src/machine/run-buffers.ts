/** What one run holds on the GPU. */
import type { DriverRun, PackedSpins } from '@isinglass/sdk';
import type { GpuBank, GpuBlock } from '../block/gpu-block.ts';
import type { RunHost } from '../gpu/run-host.ts';
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

/** Buffers of the host. */
export function runBuffers(
  host: RunHost,
  block: GpuBlock,
  run: DriverRun,
  { biases }: Pick<RunLaw, 'biases'>,
): RunBuffers {
  const images = run.images.length;
  const rows = images * run.chains;
  const banks = block.banks.map((bank): BankBuffers => {
    const { id } = bank.bank;
    const spread = bank.spread
      ? host.storage(`${id} by pixel`, (bank.free ? rows : images) * bank.pixels * bank.pixelWords)
      : null;
    if (!bank.free) {
      const states = host.filled(id, (run.inputs[id] as PackedSpins).words);
      return { bank, states, spread, biases: null, statics: null, spinSums: null, conditionalSums: null };
    }
    const asked = (observable: 'spin-sum' | 'conditional-sum'): GPUBuffer | null =>
      run.readouts.some((readout) => readout.bank === id && readout.observable === observable)
        ? host.storage(`${id} ${observable}`, rows * bank.spins)
        : null;
    return {
      bank,
      states: host.storage(id, rows * bank.words),
      spread,
      biases: host.filled(`${id} biases`, biases.get(id) as Int32Array<ArrayBuffer>),
      statics: bank.fromPinned.length > 0 ? host.storage(`${id} static field`, images * bank.spins) : null,
      spinSums: asked('spin-sum'),
      conditionalSums: asked('conditional-sum'),
    };
  });
  const largest = block.banks.reduce((most, { free, spins }) => (free ? Math.max(most, spins) : most), 0);
  return {
    banks,
    field: host.storage('field', rows * largest),
    images: host.filled('images', run.images),
    flips: host.storage('flips', 2 * rows),
    chains: run.chains,
  };
}
