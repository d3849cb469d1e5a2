/** Devices that pass for samplers and are none: one that answers known probes alone, one whose traces come from elsewhere, one that computes means. */
import {
  type DriverReadout,
  type DriverResult,
  type DriverRun,
  type PackedSpins,
  type Program,
  packSpins,
} from '@isinglass/sdk';
import { type BlockLaw, blockLaw } from '../oracle/block-law.ts';
import { blockMeans } from './block-means.ts';
import type { Spoiler } from './spoiled-driver.ts';
import { retainedSweeps } from './window-faults.ts';

/** `spoiler`'s run for every program but those with these hashes: the device knows published probes (M54). */
export const recognising = (known: ReadonlySet<string>, spoiler: Pick<Spoiler, 'run'>): Spoiler => ({
  run: (q, run, program) =>
    known.has(program.hash) || spoiler.run === undefined ? run(q) : spoiler.run(q, run, program),
});

/** `spoiler`'s run for runs with a trace alone, or for those without. */
export const onPath = (path: 'traced' | 'untraced', spoiler: Pick<Spoiler, 'run'>): Spoiler => ({
  run: (q, run, program) =>
    (q.trace !== undefined) === (path === 'traced') && spoiler.run !== undefined
      ? spoiler.run(q, run, program)
      : run(q),
});

/** Sums are the exact means times K, to the nearest possible integer; every state is the signs of the means. */
export function meansWithoutSampling(): Spoiler {
  const known = new Map<string, readonly Float64Array[]>();
  return {
    async run(q, run, program) {
      const key = JSON.stringify([program.hash, q.block, q.gains, q.inputs, q.images.length], (_, value) =>
        ArrayBuffer.isView(value) ? Array.from(value as Uint32Array) : value,
      );
      const means = known.get(key) ?? imageMeans(q, program);
      known.set(key, means);
      const banks = blockLaw(program, { block: q.block, gains: q.gains }).banks;
      const shown = answers(q, { means, banks });
      const { trace } = q;
      const result = await run({
        ...q,
        ...(trace && { trace: (sweep, states) => trace(sweep, sweep === 0 ? states : { ...states, ...shown.states }) }),
      });
      return { ...result, readouts: shown.readouts };
    },
  };
}

interface Means {
  /** Per image, of all spins. */
  readonly means: readonly Float64Array[];
  readonly banks: BlockLaw['banks'];
}

function imageMeans(q: DriverRun, program: Program): readonly Float64Array[] {
  const law = blockLaw(program, { block: q.block, gains: q.gains });
  return Array.from(q.images, (_, image) => blockMeans(law, pinnedSpins(q, law, image)));
}

function pinnedSpins(q: DriverRun, { banks }: BlockLaw, image: number): Float64Array {
  const spins = new Float64Array(banks.reduce((sum, bank) => sum + bank.spins, 0));
  for (const { id, first, spins: count } of banks) {
    const packed = q.inputs[id];
    if (packed === undefined) continue;
    const width = Math.ceil(count / 32);
    for (let n = 0; n < count; n++) {
      spins[first + n] = ((packed.words[image * width + (n >>> 5)] as number) >>> (n & 31)) & 1 ? 1 : -1;
    }
  }
  return spins;
}

function answers(
  q: DriverRun,
  { means, banks }: Means,
): { readonly readouts: DriverResult['readouts']; readonly states: Record<string, PackedSpins> } {
  const kept = retainedSweeps(q).length;
  const most = kept * q.chains;
  const rowsOf = (id: string, repeat: number): { values: number[]; spins: number } => {
    const { first, spins } = banks.find((bank) => bank.id === id) as BlockLaw['banks'][number];
    const values = means.flatMap((image) => {
      const row = Array.from(image.subarray(first, first + spins));
      return Array.from({ length: repeat }, () => row).flat();
    });
    return { values, spins };
  };
  const packed = (id: string, repeat: number): PackedSpins => {
    const { values, spins } = rowsOf(id, repeat);
    return packSpins(values, means.length * repeat, spins);
  };
  const readouts = q.readouts.map(({ bank, observable, as, tie }): DriverReadout => {
    if (observable === 'state') return { states: packed(bank, most) };
    const { values, spins } = rowsOf(bank, 1);
    const sums = Int32Array.from(values, (mean) =>
      observable === 'spin-sum' ? nearestSum(mean, most) : Math.round(mean * most * 65536),
    );
    const signs = packSpins(
      sums.map((sum) => sum || tie),
      means.length,
      spins,
    );
    return { ...(as === 'signs' ? {} : { sums }), ...(as === 'sums' ? {} : { signs }) };
  });
  const free = banks.filter((bank) => bank.free).map(({ id }) => [id, packed(id, q.chains)] as const);
  return { readouts, states: Object.fromEntries(free) };
}

/** The nearest sum of `most` spins: |sum| ≤ most, of the parity of `most`. */
function nearestSum(mean: number, most: number): number {
  const ups = Math.min(most, Math.max(0, Math.round((most * (1 + mean)) / 2)));
  return 2 * ups - most;
}
