/**
 * Reference machines: the executable specification of the two laws, exact answers for small blocks, and the
 * feed-forward pass. Slow and synchronous; a fast machine is right when it agrees with these.
 */

// Exact answers for small blocks
export { type BlockEnumeration, enumerateBlock } from './enumerate-block.ts';
export type { FeedForwardRequest } from './feed-forward.ts';
// Feed-forward
export { type FeedForwardMeans, feedForwardMeans } from './feed-forward-means.ts';
export { feedForwardStates } from './feed-forward-states.ts';
export type { ReferenceResult, ReferenceRun } from './reference-run.ts';
// The machines
export { runFixedLaw, runRealLaw } from './run-law.ts';
export type { StateRequest } from './small-block.ts';
export { fixedStaticFields } from './static-fields.ts';
export { type StationaryLaw, type SweepKernel, sweepKernel, totalVariation } from './sweep-kernel.ts';
