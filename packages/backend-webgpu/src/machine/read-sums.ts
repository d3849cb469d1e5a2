/** Sums and signs of one readout: chains are added on the GPU, and only what was asked for is read back. */
import { type DriverReadout, type DriverRun, emptySpins, type ReadoutRequest } from '@isinglass/sdk';
import type { GpuBank } from '../block/gpu-block.ts';
import { dispatchSpec } from '../gpu/dispatch.ts';
import type { RunHost } from '../gpu/run-host.ts';

/** Sums of rows: that of spin n of row r is at r·stride + first + n. */
export interface RowSums {
  readonly bank: GpuBank;
  readonly buffer: GPUBuffer;
  readonly first: number;
  readonly stride: number;
}

export async function readSums(
  { as, tie }: ReadoutRequest,
  run: Pick<DriverRun, 'images' | 'chains'>,
  { bank, buffer, first, stride }: RowSums,
  host: RunHost,
): Promise<DriverReadout> {
  const images = run.images.length;
  const { memory } = host.gpu;
  const made: GPUBuffer[] = [];
  try {
    const sums = memory.storage('sums', 4 * images * bank.spins);
    made.push(sums);
    const signs = memory.storage('signs', 4 * images * bank.words);
    made.push(signs);
    const readout = [
      dispatchSpec({
        kernel: 'readout',
        params: {
          images,
          chains: run.chains,
          spins: bank.spins,
          words: bank.words,
          row_stride: stride,
          row_first: first,
          least: tie === 1 ? 0 : 1,
        },
        buffers: [buffer, sums, signs],
        invocationsPerRow: images * bank.words,
        costPerRow: images * bank.spins * run.chains * 4,
      }),
    ];
    await host.compute(readout, 1);
    const values = new Int32Array(as === 'signs' ? 0 : images * bank.spins);
    if (values.length > 0) await host.ring.read(sums, values);
    const packed = emptySpins(as === 'sums' ? 0 : images, bank.spins);
    if (packed.words.length > 0) await host.ring.read(signs, packed.words);
    return { ...(as === 'signs' ? {} : { sums: values }), ...(as === 'sums' ? {} : { signs: packed }) };
  } finally {
    memory.free(made);
  }
}
