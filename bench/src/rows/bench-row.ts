/**
 * What a benchmark says: one row for one implementation of one workload. A **pass** is one process (or one call of a
 * peer) that warmed up and then timed several repetitions. Passes, not repetitions, carry the noise of a shared machine,
 * so a row keeps the median over passes, the best pass, and the slowest and fastest repetition.
 */
import type { WorkloadFacts } from '../workloads/workload.ts';

export interface BenchRow {
  /** `W1`. */
  readonly workload: string;
  /** Who sampled: a device URI without its options, or a peer with its version. */
  readonly implementation: string;
  readonly variant: string;
  /** Null: the implementation decides. */
  readonly threads: number | null;
  /** Signed couplings added into local fields per nanosecond, in-bounds taps only: the median over passes of each pass's median repetition. */
  readonly gsopPerSecond: number;
  /** Spins resampled per nanosecond, over all chains and images, at `gsopPerSecond`. */
  readonly updatesPerNs: number;
  readonly spread: Spread;
  /** False: fields alone, no spins are drawn; such a row bounds what a sampler could do and takes no part in ratios. */
  readonly samples: boolean;
  /** Mean energy per spin by the protocol of the workload, with the workload's own real couplings; null where not measured. */
  readonly checkEnergyPerSpin: number | null;
  readonly passes: number;
  /** Timed repetitions of each pass. */
  readonly repetitions: number;
  /** Sweeps of one repetition. */
  readonly sweeps: number;
  /** CPU time of the process over (wall-clock time · threads) while timed: well below 1, something else had the core. Null: unknown. */
  readonly cpuShare: number | null;
  /** What only Isinglass devices report; absent for peers. */
  readonly device?: DeviceFigures;
}

/** All in GSOP/s. */
export interface Spread {
  /** The median repetition of the best and of the worst pass. */
  readonly passBest: number;
  readonly passWorst: number;
  readonly repetitionFastest: number;
  readonly repetitionSlowest: number;
}

/** Of the last pass, but for the event loop, which is the worst of all passes. */
export interface DeviceFigures {
  readonly uri: string;
  /** What the device says of itself: threads and build of kernels, or the GPU's name. */
  readonly description: string;
  readonly weightBits: number;
  /** Images × chains of a run. */
  readonly rows: number;
  /** Wall-clock milliseconds of one sweep divided by the rows: what one image costs. */
  readonly msPerRowSweep: number;
  /** What `plan()` states for the program and these rows. */
  readonly plannedBytes: number;
  /** Largest resident set of the process, everything included. */
  readonly peakBytes: number;
  readonly loadMs: number;
  /** A run of one sweep from a random start: static fields, start, one sweep, readout. */
  readonly firstSweepMs: number;
  /** 99th percentile of the main thread's event-loop delay, in the worst repetition. */
  readonly loopDelayP99Ms: number;
  /** The same sweep without couplings between free banks, ns an update: random numbers, activation, packing, readout. */
  readonly uncoupledNsPerUpdate: number | null;
  /** Share of a sweep's time that the couplings take: `gsopPerSecond / kernelShare` is the speed of the field kernel alone. Null: unknown. */
  readonly kernelShare: number | null;
  /** Random numbers alone, ns an update, in one thread of the same process. */
  readonly philoxNsPerUpdate: number | null;
}

/** One pass as its timings. */
export interface PassTimings {
  readonly workload: Pick<WorkloadFacts, 'name' | 'updatesPerSweep' | 'synapticOperationsPerSweep'>;
  readonly implementation: string;
  readonly variant: string;
  readonly threads: number | null;
  /** Wall-clock seconds of each timed repetition, at least one. */
  readonly seconds: readonly number[];
  readonly sweeps: number;
  /** Default: true. */
  readonly samples?: boolean;
  readonly checkEnergyPerSpin: number | null;
  readonly cpuShare: number | null;
  readonly device?: DeviceFigures;
}

/** The row of a single pass. */
export function rowOfPass({ workload, seconds, ...pass }: PassTimings): BenchRow {
  const { sweeps, device } = pass;
  const rate = (s: number): number => (workload.synapticOperationsPerSweep * sweeps) / s / 1e9;
  const middle = median(seconds);
  return {
    workload: workload.name,
    implementation: pass.implementation,
    variant: pass.variant,
    threads: pass.threads,
    gsopPerSecond: rate(middle),
    updatesPerNs: (workload.updatesPerSweep * sweeps) / middle / 1e9,
    spread: {
      passBest: rate(middle),
      passWorst: rate(middle),
      repetitionFastest: rate(Math.min(...seconds)),
      repetitionSlowest: rate(Math.max(...seconds)),
    },
    samples: pass.samples ?? true,
    checkEnergyPerSpin: pass.checkEnergyPerSpin,
    passes: 1,
    repetitions: seconds.length,
    sweeps,
    cpuShare: pass.cpuShare,
    ...(device === undefined ? {} : { device }),
  };
}

/** What must agree for two rows to say the same thing of two moments. */
export const rowKey = ({ workload, implementation, variant, threads }: BenchRow): string =>
  [workload, implementation, variant, threads ?? '–'].join(' · ');

/** Rows of single passes with the same key as one row each, in the order of their first pass. */
export function mergePasses(rows: readonly BenchRow[]): readonly BenchRow[] {
  return [...Map.groupBy(rows, rowKey).values()].map(mergeRow);
}

function mergeRow(passes: readonly BenchRow[]): BenchRow {
  const last = passes.at(-1);
  if (last === undefined) throw new RangeError('a row has at least one pass');
  const gsopPerSecond = median(passes.map((pass) => pass.gsopPerSecond));
  const shares = passes.map((pass) => pass.cpuShare).filter((share) => share !== null);
  const checks = passes.map((pass) => pass.checkEnergyPerSpin).filter((energy) => energy !== null);
  const { device } = last;
  return {
    ...last,
    gsopPerSecond,
    updatesPerNs: (gsopPerSecond * last.updatesPerNs) / last.gsopPerSecond,
    spread: {
      passBest: Math.max(...passes.map(({ spread }) => spread.passBest)),
      passWorst: Math.min(...passes.map(({ spread }) => spread.passWorst)),
      repetitionFastest: Math.max(...passes.map(({ spread }) => spread.repetitionFastest)),
      repetitionSlowest: Math.min(...passes.map(({ spread }) => spread.repetitionSlowest)),
    },
    checkEnergyPerSpin: checks.length === 0 ? null : checks.reduce((sum, energy) => sum + energy, 0) / checks.length,
    passes: passes.reduce((sum, pass) => sum + pass.passes, 0),
    cpuShare: shares.length === 0 ? null : median(shares),
    ...(device === undefined
      ? {}
      : {
          device: {
            ...device,
            loopDelayP99Ms: Math.max(...passes.map((pass) => pass.device?.loopDelayP99Ms ?? 0)),
          },
        }),
  };
}

/** Of at least one number; between the middle two of an even count. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.floor(sorted.length / 2)];
  if (low === undefined || high === undefined) throw new RangeError('the median of nothing');
  return (low + high) / 2;
}
