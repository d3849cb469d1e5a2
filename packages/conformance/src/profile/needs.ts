/** What checks need of a device. A check is skipped only for what the profile does not declare, never for an error. */
import type { DeviceProfile } from '@isinglass/sdk';

export const needs = {
  sweeps: 'dynamics by sweeps (chromatic-gibbs)',
  'fixed-law': 'the fixed law',
  'real-law': 'the real law',
  'single-spin': 'fields and couplings of single spins (dense, sparse or conv couplings, biases by spin or channel)',
  pins: 'pinned banks',
  'given-start': 'init: given',
  'random-start': 'init: random',
  'feed-forward-start': 'init: feed-forward',
  'uniform-start': 'init: random or given',
  resume: 'init: resume',
  trace: 'readout.trace',
  'spin-sum': 'the observable spin-sum',
  'conditional-sum': 'the observable conditional-sum',
  state: 'the observable state',
  signs: 'readout.signs',
  snapshots: 'states of single rows: trace, state, given start with one sweep, or spin-sum of one sample',
  temperature: 'the feature temperature',
  chains: 'more than one chain in a run',
  images: 'more than one image in a run',
  'in-flight': 'more than one run in flight',
  repeatable: 'determinism repeatable or better',
  stable: 'determinism stable or better',
  exact: 'determinism exact',
  'sharp-law': 'no declared tolerances',
  'stated-latency': 'cancel.latencyMs',
} as const;
export type Need = keyof typeof needs;

/** Of the needs, those that the profile does not declare. */
export function missingNeeds(profile: DeviceProfile, wanted: readonly Need[]): readonly Need[] {
  return wanted.filter((need) => !isDeclared(profile, need));
}

const atLeast = (profile: DeviceProfile, level: DeviceProfile['determinism']): boolean => {
  const order = ['statistical', 'repeatable', 'stable', 'exact'];
  return order.indexOf(profile.determinism) >= order.indexOf(level);
};

const moreThanOne = (limit: DeviceProfile['batch']['chainsMax']): boolean =>
  limit === 'unlimited' || (limit !== null && limit > 1);

function isDeclared(profile: DeviceProfile, need: Need): boolean {
  const { readout, init, batch, tolerances } = profile;
  switch (need) {
    case 'sweeps':
      return profile.dynamics.kind === 'chromatic-gibbs';
    case 'fixed-law':
      return profile.law.includes('fixed');
    case 'real-law':
      return profile.law.includes('real');
    case 'single-spin':
      return profile.couplings.forms.some((form) => form !== 'diagonal');
    case 'pins':
      return true;
    case 'given-start':
      return init.includes('given');
    case 'random-start':
      return init.includes('random');
    case 'feed-forward-start':
      return init.includes('feed-forward');
    case 'uniform-start':
      return init.includes('random') || init.includes('given');
    case 'resume':
      return init.includes('resume');
    case 'trace':
      return readout.trace;
    case 'spin-sum':
    case 'conditional-sum':
    case 'state':
      return readout.observables.includes(need);
    case 'signs':
      return readout.signs;
    case 'snapshots':
      return readout.trace || readout.observables.some((observable) => observable !== 'conditional-sum');
    case 'temperature':
      return profile.features.includes('temperature');
    case 'chains':
      return moreThanOne(batch.chainsMax) && moreThanOne(batch.rowsMax);
    case 'images':
      return moreThanOne(batch.imagesMax) && moreThanOne(batch.rowsMax);
    case 'in-flight':
      return batch.inFlight > 1;
    case 'repeatable':
    case 'stable':
    case 'exact':
      return atLeast(profile, need);
    case 'sharp-law':
      return Object.values(tolerances).every((tolerance) => tolerance === null || tolerance === 0);
    case 'stated-latency':
      return profile.cancel.latencyMs !== null;
    default:
      return need satisfies never;
  }
}
