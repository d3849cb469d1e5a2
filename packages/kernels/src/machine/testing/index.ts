/**
 * Test support for backends over the kernels: machines whose way of cutting work, kernels, threads and memory a test sets and looks at. Sources
 * that ship import none of it.
 */

// What threads do
export type { KernelInit } from '../kernel-host.ts';
// Memory, and a limit of what is proved exact
export type { DeviceMemory, Region } from '../memory/device-memory.ts';
export { fieldLimitOf } from '../rows/update-constants.ts';
// How work is cut
export { defaultPolicy, type SchedulePolicy } from '../schedule-policy.ts';
// Opening
export { openTestMachines, type TestMachinesOptions } from './open-test-machines.ts';
export { handlerOver, type InstantiateKernels, type TestHandler } from './test-handler.ts';
