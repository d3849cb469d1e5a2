/** A program and a run of it: what is compared with the law, and what is shrunk. */
import type { Program } from '@isinglass/sdk';
import type { RunPlan } from './run-plan.ts';

export interface ExactCase {
  readonly program: Program;
  readonly run: RunPlan;
}

/** A smaller case, made when it is tried; throws InvalidProgramError or CannotCrop where there is none. */
export type Candidate = () => ExactCase;
