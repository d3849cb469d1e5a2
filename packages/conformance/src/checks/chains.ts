/** Checks of the chapter chains: rows of a run share nothing, and each is where it belongs. */
import { batchLaw } from './chains/batch-law.ts';
import { batchSingle } from './chains/batch-single.ts';
import { chainCorrelation } from './chains/chain-correlation.ts';
import { chainDistinct } from './chains/chain-distinct.ts';
import { chainSlots } from './chains/chain-slots.ts';
import type { Check } from './check.ts';

export const chainsChecks: readonly Check[] = [chainDistinct, chainCorrelation, chainSlots, batchSingle, batchLaw];
