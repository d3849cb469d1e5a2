/**
 * Time of a run (devices.md 5.8): T = T_config + cyc0/f + (G·cyc + t_drain)/f + T_in + T_out, and what the readout adds.
 */

import type { ReadoutKind } from '../parameters/choices.ts';
import type { LinkParameters } from '../parameters/engine-parameters.ts';
import { addCycles, type PartialCycles, timesCycles, totalCycles } from './add-cycles.ts';
import type { CycleCounts } from './cycle-causes.ts';
import { linkTime, wordsOfBits } from './link-time.ts';

export interface RunShape {
  readonly clockHz: number;
  /** Of one sweep. */
  readonly sweep: PartialCycles;
  /** Before the first sweep of a row: static pass, random start. */
  readonly before: PartialCycles;
  /** After the last. */
  readonly drainCycles: number;
  /** G. */
  readonly sweeps: number;
  /** Sweeps of them that are retained: only those are read. */
  readonly retained: number;
  /** Images × chains, one after the other. */
  readonly rows: number;
  readonly link: LinkParameters;
  /** Once, for all rows: weights and tables. */
  readonly configBits: number;
  /** Of each row: pinned states in, and what `counter` or `walk` leave at the end out. */
  readonly rowBitsIn: number;
  readonly rowBitsOut: number;
  readonly readout: ReadoutKind;
  /** Spins that are read. */
  readonly readSpins: number;
  /** Of each spin of a walk. */
  readonly walkCycles: number;
}

export interface RunTime {
  /** `io` in cycles of the machine's clock, rounded up for each transfer. */
  readonly cycles: CycleCounts;
  readonly seconds: number;
  readonly linkSeconds: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What `counter` adds is nothing; `walk` n·k cycles in each retained sweep; `raw` a transfer of all states in each. */
export function runTime(run: RunShape): RunTime {
  const link = linkTime(run.link);
  const rowSweeps = run.sweeps * run.rows;
  const readings = run.retained * run.rows;
  const walk = run.readout === 'walk' ? run.readSpins * run.walkCycles : 0;
  const inWords = wordsOfBits(run.rowBitsIn);
  const outWords = wordsOfBits(run.rowBitsOut);
  const rawWords = run.readout === 'raw' ? wordsOfBits(run.readSpins) : 0;
  const configWords = wordsOfBits(run.configBits);
  const linkNs =
    link.writeNs(configWords) +
    run.rows * (link.writeNs(inWords) + link.readNs(outWords)) +
    readings * link.readNs(rawWords);
  const cycles = addCycles(
    timesCycles(rowSweeps, run.sweep),
    timesCycles(run.rows, run.before),
    { colorStall: run.rows * run.drainCycles, readout: readings * walk },
    { io: Math.ceil((linkNs * run.clockHz) / 1e9) },
  );
  return {
    cycles,
    seconds: (totalCycles(cycles) - cycles.io) / run.clockHz + linkNs / 1e9,
    linkSeconds: linkNs / 1e9,
    bytesIn: 4 * (configWords + run.rows * inWords),
    bytesOut: 4 * (run.rows * outWords + readings * rawWords),
  };
}

/** Bits, with the sign, of a counter that sums K states: devices.md 5.8 has ⌈log2 K⌉ + 1, which +K itself leaves where K is a power of two. */
export const counterBitsFor = (retained: number): number => Math.ceil(Math.log2(retained + 1)) + 1;
