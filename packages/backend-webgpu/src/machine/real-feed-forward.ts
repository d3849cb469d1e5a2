/** The feed-forward start under the real law, by the sdk's reference: means of floats do not go through kernels that sum ±1. */
import { type DriverRun, type PackedSpins, packSpins, unpackSpins } from '@isinglass/sdk';
import { feedForwardStates } from '@isinglass/sdk/reference';
import type { GpuBlock } from '../block/gpu-block.ts';

/** Every free bank, one row per (image, chain). */
export function realFeedForward(
  { program, block }: GpuBlock,
  { gains, inputs, images, chains }: DriverRun,
): Readonly<Record<string, PackedSpins>> {
  const states = feedForwardStates(program, block, { gains, inputs, images });
  return Object.fromEntries(
    Object.entries(states).map(([id, spins]) => {
      const values = unpackSpins(spins);
      const { spinCount } = spins;
      const rows = images.length * chains;
      const all = Int8Array.from({ length: rows * spinCount }, (_, n) => {
        const image = Math.floor(n / (chains * spinCount));
        return values[image * spinCount + (n % spinCount)] as number;
      });
      return [id, packSpins(all, rows, spinCount)];
    }),
  );
}
