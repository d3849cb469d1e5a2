/** Ours beside the best peer of the same workload and number of threads, from one run. */
import type { BenchRow } from '../rows/bench-row.ts';

export interface Ratio {
  readonly workload: string;
  readonly threads: number | null;
  readonly variant: string;
  readonly gsopPerSecond: number;
  /** The peer's `implementation` and `variant`. */
  readonly peer: string;
  readonly peerGsopPerSecond: number;
  /** Ours / the peer's, median against median. */
  readonly ratio: number;
  /** Our best pass against the peer's best pass: what a quiet machine would say. */
  readonly ratioOfBest: number;
  /** Our worst pass against the peer's best, and our best against the peer's worst. */
  readonly ratioLowest: number;
  readonly ratioHighest: number;
  readonly checkEnergyPerSpin: number | null;
  readonly peerCheckEnergyPerSpin: number | null;
}

/** One per workload and thread count for which both sides have a row that samples all rows of the workload. */
export function ratiosOf(rows: readonly BenchRow[]): readonly Ratio[] {
  const groups = Map.groupBy(rows.filter(samples), ({ workload, threads }) => `${workload} ${threads}`);
  return [...groups.values()].flatMap((group) => {
    const ours = best(group.filter((row) => row.device !== undefined && wholeBatch(row)));
    const peer = best(group.filter((row) => row.device === undefined));
    if (ours === undefined || peer === undefined) return [];
    return [
      {
        workload: ours.workload,
        threads: ours.threads,
        variant: ours.variant,
        gsopPerSecond: ours.gsopPerSecond,
        peer: `${peer.implementation}, ${peer.variant}`,
        peerGsopPerSecond: peer.gsopPerSecond,
        ratio: ours.gsopPerSecond / peer.gsopPerSecond,
        ratioOfBest: ours.spread.passBest / peer.spread.passBest,
        ratioLowest: ours.spread.passWorst / peer.spread.passBest,
        ratioHighest: ours.spread.passBest / peer.spread.passWorst,
        checkEnergyPerSpin: ours.checkEnergyPerSpin,
        peerCheckEnergyPerSpin: peer.checkEnergyPerSpin,
      },
    ];
  });
}

const samples = (row: BenchRow): boolean => row.samples && !/\bno sampling\b/.test(row.variant);

/** Seven bits are what floors are stated for, and fewer rows are another problem. */
const wholeBatch = ({ variant }: BenchRow): boolean => /^(relaxed|baseline|standard)$/.test(variant);

function best(rows: readonly BenchRow[]): BenchRow | undefined {
  return rows.toSorted((a, b) => b.gsopPerSecond - a.gsopPerSecond)[0];
}
