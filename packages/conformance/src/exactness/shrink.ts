/** The smallest case that still fails, greedily: fewer blocks, banks, couplings, rows and sweeps, smaller shapes, simpler starts. Bounded in time. */
import { InvalidProgramError } from '@isinglass/sdk';
import { CannotCrop } from './crop-bank.ts';
import type { Candidate, ExactCase } from './exact-case.ts';
import { programCandidates } from './program-candidates.ts';
import { runCandidates } from './run-candidates.ts';

export interface ShrinkOptions {
  /** Whether a case still fails. */
  readonly fails: (c: ExactCase) => Promise<boolean>;
  readonly timeMs: number;
}

export interface Shrunk {
  readonly smallest: ExactCase;
  /** Cases tried. */
  readonly tried: number;
  /** Whether nothing smaller fails; false: time was up. */
  readonly finished: boolean;
}

export async function shrink(first: ExactCase, { fails, timeMs }: ShrinkOptions): Promise<Shrunk> {
  const end = performance.now() + timeMs;
  let smallest = first;
  let tried = 0;
  for (let improved = true; improved; ) {
    improved = false;
    for (const candidate of [...runCandidates(smallest), ...programCandidates(smallest)]) {
      if (performance.now() > end) return { smallest, tried, finished: false };
      const smaller = made(candidate);
      if (smaller === null) continue;
      tried++;
      if (!(await fails(smaller))) continue;
      smallest = smaller;
      improved = true;
      break;
    }
  }
  return { smallest, tried, finished: true };
}

function made(candidate: Candidate): ExactCase | null {
  try {
    return candidate();
  } catch (error) {
    if (error instanceof InvalidProgramError || error instanceof CannotCrop) return null;
    throw error;
  }
}
