/** Starts from fair coins: drawn by the device, or given to it. */
import { TooFewSamples } from '../checks/check.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { LoadedProbe, ProbeRun } from './loaded-probe.ts';

/** `random` where the device has it, else given states drawn here; the law of both is the uniform one. */
export function uniformStart(loaded: LoadedProbe, rows: number, random: RandomStream): NonNullable<ProbeRun['start']> {
  const { init } = loaded.lab.profile;
  if (init.includes('random')) return 'random';
  if (init.includes('given')) {
    return { given: Int8Array.from({ length: rows * loaded.spins }, () => random.sign()) };
  }
  throw new TooFewSamples('the device has neither random nor given starts');
}

/** Any start that the device has, for answers that do not depend on it. */
export function anyStart(loaded: LoadedProbe, rows: number): NonNullable<ProbeRun['start']> {
  const { init } = loaded.lab.profile;
  if (init.includes('random')) return 'random';
  if (init.includes('feed-forward')) return 'feed-forward';
  return { given: new Int8Array(rows * loaded.spins).fill(1) };
}
