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
// Layout
export { counterBytes, drawBytesPerBlock, keyBytes, preparedBytes } from './random-words/random-words.exports.ts';
export { laneOrder32, placeOfLane, rowsPerTile } from './row-lanes.ts';
export { rowStepBytes, statesFollow } from './row-sparse-sums/row-sparse-sums.exports.ts';
export { type DrawOrder, rowConstants, rowScratchBytes } from './row-update/row-update.exports.ts';
export { rowDrawBytes, rowPreparedBytes } from './row-words/row-words.exports.ts';
export {
  equalTableBytes,
  sparseConstants,
  sparseGroup,
  tabledTermBytes,
  tableEntries,
} from './sparse-update/sparse-update.exports.ts';
export type { KernelMemory, KernelModule } from './web-assembly.ts';
