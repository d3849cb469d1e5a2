/** Sums and signs of one readout: chains are added on the GPU, and only what was asked for is read back. */
import { type DriverReadout, emptySpins, type ReadoutRequest } from '@isinglass/sdk';
import { type DispatchSpec, dispatchSpec } from '../gpu/dispatch.ts';
import type { GpuContext } from '../gpu/gpu-context.ts';
import type { StagingRing } from '../gpu/staging-ring.ts';
import type { SweepContext } from './sweep-dispatches.ts';

export async function readSums(
  { bank: id, observable, as, tie }: ReadoutRequest,
  { run, buffers }: SweepContext,
  o: {
    readonly gpu: GpuContext;
    readonly ring: StagingRing;
    readonly compute: (specs: readonly DispatchSpec[]) => Promise<void>;
  },
): Promise<DriverReadout> {
  const own = buffers.banks.find(({ bank }) => bank.bank.id === id);
  const rowSums = observable === 'spin-sum' ? own?.spinSums : own?.conditionalSums;
  if (own === undefined || rowSums === undefined || rowSums === null) throw new TypeError(`no sums of bank ${id}`);
  const { bank } = own;
  const images = run.images.length;
  const { memory } = o.gpu;
  const made: GPUBuffer[] = [];
  try {
    const sums = memory.storage('sums', 4 * images * bank.spins);
    made.push(sums);
    const signs = memory.storage('signs', 4 * images * bank.words);
    made.push(signs);
    await o.compute([
      dispatchSpec({
        kernel: 'readout',
        params: { images, chains: run.chains, spins: bank.spins, words: bank.words, least: tie === 1 ? 0 : 1 },
        buffers: [rowSums, sums, signs],
        invocationsPerRow: images * bank.words,
        costPerRow: images * bank.spins * run.chains * 4,
      }),
    ]);
    const values = new Int32Array(as === 'signs' ? 0 : images * bank.spins);
    if (values.length > 0) await o.ring.read(sums, values);
    const packed = emptySpins(as === 'sums' ? 0 : images, bank.spins);
    if (packed.words.length > 0) await o.ring.read(signs, packed.words);
    return { ...(as === 'signs' ? {} : { sums: values }), ...(as === 'sums' ? {} : { signs: packed }) };
  } finally {
    memory.free(made);
  }
}
