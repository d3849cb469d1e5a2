/**
 * The block machine over the kernels: what a backend whose arithmetic is the fixed law opens, loads blocks into and runs, through the
 * interfaces of `@isinglass/sdk/machine-driver`.
 */

// Opening
export { deviceMemoryMiBMax } from './memory/device-memory.ts';
// What a user reads of memory that is too small
export { memoryMisfit } from './memory/memory-misfit.ts';
export type { UriWithMemory } from './memory/uri-with-memory.ts';
export { type KernelMachinesOptions, openKernelMachines } from './open-kernel-machines.ts';
export { threadsMax } from './threads/threads-max.ts';
