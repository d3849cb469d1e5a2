/** Checks of the law that a device samples: of single updates, of states at equilibrium, over temperatures, over time. */
import type { Check } from './check.ts';
import { lawBeta } from './distribution/law-beta.ts';
import { lawExtremes } from './distribution/law-extremes.ts';
import { lawIdentity } from './distribution/law-identity.ts';
import { lawJoint } from './distribution/law-joint.ts';
import { lawScore } from './distribution/law-score.ts';
import { lawSoak } from './distribution/law-soak.ts';
import { lawSymmetry } from './distribution/law-symmetry.ts';
import { lawTree } from './distribution/law-tree.ts';
import { lawUpdate } from './distribution/law-update.ts';

export const distributionChecks: readonly Check[] = [
  lawUpdate,
  lawJoint,
  lawScore,
  lawBeta,
  lawTree,
  lawIdentity,
  lawSymmetry,
  lawExtremes,
  lawSoak,
];
