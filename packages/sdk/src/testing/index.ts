/**
 * Test support for those who implement a device: test vectors, random programs and runs.
 */

// One convolution, or a block that a test writes itself
export { convolutionProgram, programOfBlock } from './convolution-program.ts';
// Random choices, damaged files, random programs and runs
export { Dice } from './dice.ts';
export { randomGraph } from './graph-programs.ts';
export {
  type Mutation,
  type MutationOptions,
  mutateBytes,
  mutateJson,
  mutation,
  mutations,
  type StructuredMutator,
} from './mutate.ts';
export { pickRows } from './pick-rows.ts';
export { type ProgramFamily, programFamilies } from './program-families.ts';
export { type RandomProgramOptions, randomProgram, randomProgramParts } from './random-program.ts';
export { type RandomRunOptions, randomRun, randomSpins } from './random-run.ts';
// What runs give
export { driverOutcomes, driverRun, type RunOutcome, runOutcome, type TraceStep } from './run-outcome.ts';
// Profiles
export { type ProfileChanges, testProfile } from './test-profile.ts';
// Test vectors
export { compareReadouts, compareTrace, traceRowHashes, type VectorDifference } from './vector-check.ts';
export { type RejectFolder, readVectorFolder, type VectorFolder } from './vector-folder.ts';
export { vectorRequest } from './vector-request.ts';
export {
  type ExpectedRun,
  type RunData,
  readoutRequests,
  runtimeGains,
  type VectorRun,
  vectorRun,
} from './vector-run.ts';
export {
  type ArithmeticVectors,
  parseArithmeticVectors,
  parseRejectList,
  parseVector,
  type RejectList,
  type Vector,
} from './vectors.ts';
