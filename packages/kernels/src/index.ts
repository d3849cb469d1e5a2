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
export type { KernelMemory, KernelModule } from './web-assembly.ts';
