/**
 * The public list of @isinglass/sdk, by group. Internal files never import from here.
 */

// Backends: finding them
export { whyNotBackend, whyNotContract } from './backends/backend-contract.ts';
export { DeviceOptions } from './backends/device-options.ts';
export { type DeviceUri, parseDeviceUri } from './backends/device-uri.ts';
export { type ListedDevice, listDevices } from './backends/list-devices.ts';
export { backendPackages, findBackend, loadBackendModule } from './backends/load-backend.ts';
// The contract, for those who write a backend
export * from './contract/driver.ts';
// What a run costs
export {
  type CostedRun,
  type EnergyTerm,
  energyTerms,
  type RunCost,
  runCost,
  type Stated,
  weakestGrade,
} from './cost/run-cost.ts';
// Couplings and biases of a block, never unrolled
export { biasValues, borderClasses } from './couplings/bias-values.ts';
export { type ConvAxis, convOutputSize } from './couplings/conv-axis.ts';
export {
  blockCounts,
  type CouplingCounts,
  freeSpinCount,
  programCounts,
  type RunWork,
  workOfRun,
} from './couplings/coupling-counts.ts';
export type { CsrMatrix } from './couplings/coupling-csr.ts';
export { type CouplingView, couplingView, type Neighbour, type Side } from './couplings/coupling-view.ts';
export { weightRef } from './couplings/tensor-values.ts';
// Devices and sessions
export type { Device } from './device/device.ts';
export type { DeviceProgram } from './device/device-program.ts';
export { type OpenDeviceOptions, openDevice } from './device/open-device.ts';
export type * from './device/run-request.ts';
// Errors and logging
export * from './errors/isinglass-error.ts';
// The law: arithmetic and random numbers of semantics 4 and 5
export { activation, activationLimit, activationTable, feedForwardMean } from './law/activation-table.ts';
export { biasUnits } from './law/bias-units.ts';
export {
  type FixedBlock,
  type FixedBlockFault,
  fieldLimit,
  fixedBlock,
  fixedBlockFaults,
  gainsOfRun,
} from './law/fixed-block.ts';
export { type Multiplier, type MultiplierFactors, multiplier, scaled, scaledMeans } from './law/multiplier.ts';
export { blockAndChain, philox4x32, philoxKey, spinDraw } from './law/philox.ts';
export { fullTemperature, referenceBeta, scheduleTemperatures, temper } from './law/temperature.ts';
export { fnv1a64 } from './law/trace-hash.ts';
export { type Logger, silentLogger } from './logging/logger.ts';
export { checkFit, isUnstated } from './profile/check-fit.ts';
export { checkHolding } from './profile/check-holding.ts';
export * from './profile/device-profile.ts';
export { misfitError, misfitText } from './profile/misfit-error.ts';
export { parseDeviceProfile } from './profile/parse-device-profile.ts';
// Programs
export { type BankLayout, blockLayout, spinCountOf } from './program/block-layout.ts';
export { canonicalJson } from './program/canonical-json.ts';
export { createProgram } from './program/create-program.ts';
export type { Dtype, Program, ProgramTensor, TensorData } from './program/program.ts';
export { programFeatures } from './program/program-features.ts';
export { programHash } from './program/program-hash.ts';
export * from './program/program-json.ts';
export { programWarnings } from './program/program-warnings.ts';
export { inspectProgramFile, readProgram } from './program/read-program.ts';
export { valueSpecs } from './program/value-specs.ts';
export { verifyProgram } from './program/verify/verify-program.ts';
export type { Violation } from './program/violation.ts';
export { writeProgram } from './program/write-program.ts';
export { classesOf } from './session/classes-of.ts';
export type * from './session/host-runtime.ts';
export { Session, type SessionOptions } from './session/session.ts';
export type * from './session/session-options.ts';
// Spins
export {
  emptySpins,
  type PackedSpins,
  packSpins,
  rowWithDirtyPadding,
  unpackSpins,
  type Words,
  wordsPerRow,
} from './spins/packed-spins.ts';
// Where the time of a device goes
export { Timeline, timelineSpansDefault } from './timeline/timeline.ts';
export { type TraceDocument, type TraceEvent, traceEvents } from './timeline/trace-events.ts';
