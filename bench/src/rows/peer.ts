/** Another sampler, measured on the same workload file in the same run. `bench/peers/run-peers.ts` lists them. */
import type { WorkloadFacts } from '../workloads/workload.ts';
import type { BenchRow } from './bench-row.ts';

export interface Peer {
  /** `pytorch`: what `--json` and the table call it; rows may add a version. */
  readonly name: string;
  /** Makes its environment where it is missing, and says whether it can run: true, or why not. Does not reject. */
  available(): Promise<string | true>;
  /**
   * One pass over a workload: one row per variant that an expert user would try, each the row of one pass
   * (`rowOfPass`). No rows where the peer cannot express the workload or so many threads. Rejects when a script fails.
   */
  rowsFor(workloadFile: string, workload: WorkloadFacts, o: PeerOptions): Promise<readonly BenchRow[]>;
}

export interface PeerOptions {
  readonly threads: number;
  /** A smoke pass: one or two short repetitions. */
  readonly quick: boolean;
  /** Whether this pass is to measure the check energy; the first pass does, later ones need not. */
  readonly check: boolean;
  readonly signal: AbortSignal;
}
