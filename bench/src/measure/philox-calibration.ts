/**
 * Random numbers alone: ns per spin update in one thread. Every update needs one draw, so this is the floor of a sweep whose
 * couplings cost nothing, and it tells a slow moment of the machine from slow code.
 */
import {
  bestVariant,
  bytesPerPage,
  compileKernels,
  counterBytes,
  drawBytesPerBlock,
  instantiateKernels,
  isSupported,
  kernelMemory,
  keyBytes,
  preparedBytes,
  rowsPerTile,
  type SimdVariant,
} from '@isinglass/kernels';

/** 16 KiB of draws: they stay in the first-level cache, as in a sweep. */
const blocks = 64;
const updatesPerCall = blocks * 8 * rowsPerTile;

/** A stopwatch for `variant` (null: the fastest); each call runs for `durationMs`. Null where there is no SIMD. */
export async function philoxCalibration(
  variant: SimdVariant | null,
  durationMs: number,
): Promise<(() => number) | null> {
  const build = variant ?? bestVariant();
  if (build === null || !isSupported(build)) return null;
  const memory = kernelMemory({ initial: 1, maximum: 1 });
  const kernels = instantiateKernels(await compileKernels(build), memory);
  // Address 0 stays free, as in the device's memory.
  const keys = 128;
  const counters = align(keys + keyBytes);
  const prepared = align(counters + counterBytes);
  const out = align(prepared + preparedBytes);
  if (out + blocks * drawBytesPerBlock > bytesPerPage) throw new RangeError('the draws do not fit into one page');
  kernels.prepareKeys(keys, 1, 0);
  kernels.prepareDraws(prepared, keys, counters, 1);
  return () => {
    const started = performance.now();
    let updates = 0;
    let elapsedMs: number;
    do {
      for (let n = 0; n < 16; n++) kernels.drawRows(out, keys, prepared, 0, blocks);
      updates += 16 * updatesPerCall;
      elapsedMs = performance.now() - started;
    } while (elapsedMs < durationMs);
    return (elapsedMs * 1e6) / updates;
  };
}

const align = (address: number): number => Math.ceil(address / 128) * 128;
