/**
 * A `Driver` over block machines, for those who write a backend: implement `BlockMachine` for one loaded block and
 * `Machines` for the device, and `MachineDriver` adds what the contract asks beside computing: call order, the in-flight
 * limit, traces, progress, state handles, loads of all blocks or none, close and loss.
 */

// What every digital machine of the law begins with
export { type FixedConstants, fixedConstants } from '../law/fixed-constants.ts';
export { retainedCount, retainedIndex } from '../law/retained.ts';
export { sumBound } from '../law/sum-bound.ts';
export { signsOfSums } from '../spins/signs-of-sums.ts';
// What the machines of a backend implement
export type { BeginOptions, BlockMachine, KeptState, MachineRun } from './block-machine.ts';
export { ConstantsOfGains } from './constants-of-gains.ts';
// The profile of a device that only memory limits
export { type DigitalMachine, digitalMachineProfile } from './digital-profile.ts';
// The driver over them
export { MachineDriver, type MachineDriverOptions } from './machine-driver.ts';
export type { LoadMachineOptions, Machines } from './machines.ts';
// The plan of a device that memory limits
export { type MemoryFootprint, type MemoryPlanOptions, type MemoryShortage, planInMemory } from './plan-in-memory.ts';
// Work beside the event loop, and the end of waiting
export { eventLoopTurn, Slicer } from './slicer.ts';
export { untilAborted } from './until-aborted.ts';
