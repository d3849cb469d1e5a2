// Loading

export type { KernelModules, Kernels, SimdVariant } from './load-kernels.ts';
export {
  bestVariant,
  bytesPerPage,
  compileKernels,
  instantiateKernels,
  isSupported,
  kernelMemory,
  memoryPagesMax,
} from './load-kernels.ts';
export type { KernelMemory, KernelModule } from './web-assembly.ts';

// Layout

export { gibbsConstants } from './gibbs-update/gibbs-update.exports.ts';
export { counterBytes, drawBytesPerBlock, keyBytes, preparedBytes } from './random-words/random-words.exports.ts';
export { laneOrder32, placeOfLane, rowsPerTile } from './row-lanes.ts';
export { rowStepBytes, statesFollow } from './row-sparse-sums/row-sparse-sums.exports.ts';
export { type DrawOrder, everyOtherDraw, rowConstants, rowScratchBytes } from './row-update/row-update.exports.ts';
export { rowDrawBytes, rowPreparedBytes } from './row-words/row-words.exports.ts';
export {
  equalTableBytes,
  pairedRowsMax,
  sparseConstants,
  sparseGroup,
  tabledTermBytes,
  tableEntries,
} from './sparse-update/sparse-update.exports.ts';

// What each kernel exports

export type { FieldKernels } from './fields/fields.exports.ts';
export type { GibbsUpdateKernels } from './gibbs-update/gibbs-update.exports.ts';
export type { HalfSums, HalfSumsKernels } from './half-sums/half-sums.exports.ts';
export type { PackSpinsKernels } from './pack-spins/pack-spins.exports.ts';
export type { RandomWordsKernels } from './random-words/random-words.exports.ts';
export type { RowFieldsKernels } from './row-fields/row-fields.exports.ts';
export type { RowHalfSums, RowHalfSumsKernels } from './row-half-sums/row-half-sums.exports.ts';
export type { RowSparseSums, RowSparseSumsKernels } from './row-sparse-sums/row-sparse-sums.exports.ts';
export type { RowSpinsKernels } from './row-spins/row-spins.exports.ts';
export type { RowUpdateKernels } from './row-update/row-update.exports.ts';
export type { RowWordsKernels } from './row-words/row-words.exports.ts';
export type { AddSparseFields, AddSparseSums, SparseFieldsKernels } from './sparse-fields/sparse-fields.exports.ts';
export type { SparseUpdateKernels, UpdateSparse, UpdateSparsePairs } from './sparse-update/sparse-update.exports.ts';
