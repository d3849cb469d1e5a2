/** Faults of what is handed out after a run that was right: ties, divisors, overflows, the order of spins (M41 … M43, M45), and answers that are no samples. */
import {
  type DriverReadout,
  type DriverResult,
  type DriverRun,
  type PackedSpins,
  packSpins,
  unpackSpins,
} from '@isinglass/sdk';
import type { Spoiler } from './spoiled-driver.ts';
import { retainedSweeps } from './window-faults.ts';

/** A tie is +1, whatever the readout says (M41). */
export const tieUp = (): Spoiler => ({
  run: (q, run) => run({ ...q, readouts: q.readouts.map((readout) => ({ ...readout, tie: 1 })) }),
});

/** Sums are divided by K + 1 where they were multiplied by K (M42); signs stay right. */
export const dividedByOneMore = (): Spoiler =>
  summing((sum, q) => {
    const kept = retainedSweeps(q).length;
    return Math.round((sum * kept) / (kept + 1));
  });

/** Sums are kept in 16 bits (M43). */
export const overflowing = (): Spoiler => summing((sum) => (sum << 16) >> 16);

/** Spins are read out in the opposite order (M45). */
export const reversedOrder = (): Spoiler => reordered((spin, spins) => spins - 1 - spin);

/** The bytes of every 32-bit word stand in the other order (M45): shows from 9 spins on. */
export const swappedBytes = (): Spoiler =>
  reordered((spin, spins) => {
    const other = (spin & ~31) | ((3 - ((spin >>> 3) & 3)) << 3) | (spin & 7);
    return other < spins ? other : spin;
  });

/** Every spin is +1 in every sample, and in every trace. */
export function alwaysUp(): Spoiler {
  const up = ({ rows, spinCount }: PackedSpins): PackedSpins =>
    packSpins(new Int8Array(rows * spinCount).fill(1), rows, spinCount);
  return {
    async run(q, run) {
      const unit = { 'spin-sum': 1, 'conditional-sum': 65536, state: 0 };
      const { trace } = q;
      const pinned = new Set(Object.keys(q.inputs));
      const shown: DriverRun['trace'] = (sweep, banks) =>
        trace?.(
          sweep,
          Object.fromEntries(
            Object.entries(banks).map(([id, packed]) => [id, sweep === 0 || pinned.has(id) ? packed : up(packed)]),
          ),
        );
      const result = await run({ ...q, ...(trace === undefined ? {} : { trace: shown }) });
      const most = retainedSweeps(q).length * q.chains;
      const readouts = result.readouts.map(({ sums, signs, states }, n): DriverReadout => {
        const sum = most * unit[q.readouts[n]?.observable ?? 'spin-sum'];
        return {
          ...(sums === undefined ? {} : { sums: new Int32Array(sums.length).fill(sum) }),
          ...(signs === undefined ? {} : { signs: up(signs) }),
          ...(states === undefined ? {} : { states: up(states) }),
        };
      });
      return { ...result, readouts };
    },
  };
}

/** Spin sums go through `change`. */
function summing(change: (sum: number, q: DriverRun) => number): Spoiler {
  return {
    run: async (q, run) =>
      rewritten(await run(q), ({ sums, ...rest }, n) =>
        sums === undefined || q.readouts[n]?.observable !== 'spin-sum'
          ? { ...rest, ...(sums && { sums }) }
          : { ...rest, sums: sums.map((sum) => change(sum, q)) },
      ),
  };
}

/** Place `spin` of a readout shows the spin at `from(spin)`. */
function reordered(from: (spin: number, spins: number) => number): Spoiler {
  const ofRows = <T extends Int8Array | Int32Array>(values: T, spins: number): T =>
    values.map((_, n) => {
      const spin = n % spins;
      return values[n - spin + from(spin, spins)] as number;
    }) as T;
  const ofPacked = (packed: PackedSpins): PackedSpins =>
    packSpins(ofRows(unpackSpins(packed), packed.spinCount), packed.rows, packed.spinCount);
  return {
    run: async (q, run) =>
      rewritten(await run(q), ({ sums, signs, states }) => ({
        ...(sums && { sums: ofRows(sums, sums.length / q.images.length) }),
        ...(signs && { signs: ofPacked(signs) }),
        ...(states && { states: ofPacked(states) }),
      })),
  };
}

const rewritten = (
  result: DriverResult,
  change: (readout: DriverReadout, n: number) => DriverReadout,
): DriverResult => ({ ...result, readouts: result.readouts.map(change) });
