/** What a device claims to miss the law by, and how much of that a level admits. */
import type { DeviceProfile } from '@isinglass/sdk';
import type { Level } from '../checks/check.ts';
import type { Tolerances } from '../provider/provider.ts';

/**
 * Largest half-widths by level. A field that is off by τ moves an update probability by at most τ/2 (the slope of σ(2f) is at most 1/2), so its
 * cap is twice that of the probability.
 */
export const toleranceCaps: Readonly<Record<Level, Tolerances>> = {
  quick: { updateProbability: 0.05, betaRelative: 0.1, fieldAbsolute: 0.1 },
  standard: { updateProbability: 0.02, betaRelative: 0.05, fieldAbsolute: 0.04 },
  certify: { updateProbability: 0.005, betaRelative: 0.01, fieldAbsolute: 0.01 },
};

/** What the provider says, else what the profile says, else 0. */
export function claimedTolerances(profile: DeviceProfile, provided: Partial<Tolerances> = {}): Tolerances {
  const claim = (key: keyof Tolerances): number => provided[key] ?? profile.tolerances[key] ?? 0;
  return {
    updateProbability: claim('updateProbability'),
    betaRelative: claim('betaRelative'),
    fieldAbsolute: claim('fieldAbsolute'),
  };
}

/** The claim within the caps of the level: a device that claims more is held to the cap. */
export function admittedTolerances(claimed: Tolerances, level: Level): Tolerances {
  const caps = toleranceCaps[level];
  return {
    updateProbability: Math.min(claimed.updateProbability, caps.updateProbability),
    betaRelative: Math.min(claimed.betaRelative, caps.betaRelative),
    fieldAbsolute: Math.min(claimed.fieldAbsolute, caps.fieldAbsolute),
  };
}
