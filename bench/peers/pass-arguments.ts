/** What every peer program is told on its command line; python/timing.py and ferrotherm/src/main.rs read it. */
import type { PeerOptions } from '../src/rows/peer.ts';
import type { WorkloadFacts } from '../src/workloads/workload.ts';

/** A pass of one variant lasts 2–3 s with these, check and set-up aside. */
const repetitions = { full: 7, quick: 2 } as const;
const repetitionSeconds = { full: 0.25, quick: 0.02 } as const;

export function passArguments(workloadFile: string, { check }: WorkloadFacts, o: PeerOptions): readonly string[] {
  const length = o.quick ? 'quick' : 'full';
  return [
    workloadFile,
    ...['--threads', String(o.threads)],
    ...['--repetitions', String(repetitions[length])],
    ...['--repetition-seconds', String(repetitionSeconds[length])],
    ...(o.check && check !== null ? ['--check', `${check.burnIn},${check.span},${check.stride}`] : []),
  ];
}
