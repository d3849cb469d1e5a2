/** Seeds: one number stands for all random numbers of a run of the suite. */
import type { CheckPlan } from '../checks/check.ts';
import { RandomStream } from '../random/random-stream.ts';
import { caseId } from './case-id.ts';

/** 64 random bits of the host. */
export function randomSeed(): bigint {
  return crypto.getRandomValues(new BigUint64Array(1))[0] as bigint;
}

/** As reports and command lines have it. */
export const seedText = (seed: bigint): string => `0x${seed.toString(16).padStart(16, '0')}`;

/** All random numbers of one stage of one case; they depend on the seed, the case and the stage alone. */
export function stageStream(seed: bigint, plan: Pick<CheckPlan, 'id' | 'version'>, stage: 0 | 1): RandomStream {
  return new RandomStream(seed, `${caseId(plan)}/stage${stage}`);
}
