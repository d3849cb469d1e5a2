/**
 * The public list of @isinglass/conformance, by group. Internal files never import from here.
 */

// The checks, as plans
export { catalogue } from './checks/catalogue.ts';
export * from './checks/check.ts';
export type { CheckContext } from './checks/check-context.ts';
export type { ExportBitsOptions } from './checks/randomness/export-bits.ts';
// The document
export { sourceSections, withSection } from './docs/sections.ts';
// In test runners
export {
  ConformanceFailure,
  type ConformanceTests,
  describeConformance,
  type TestContext,
} from './drop-in/describe-conformance.ts';
// Planted faults: what the suite finds
export { faults, unreachableFaults } from './faults/catalogue.ts';
export { faultTitle } from './faults/fault-title.ts';
export { formatMatrix } from './faults/format-matrix.ts';
export { type KillMatrix, type MatrixCell, type MutantOptions, runMutants } from './faults/kill-matrix.ts';
export { matrixOfRecords } from './faults/matrix-of-records.ts';
export { type MutantRecord, mutantLine, parseMutantLines } from './faults/mutant-record.ts';
export type { PlantedFault, UnreachableFault } from './faults/planted-fault.ts';
export type { PowerVerdict } from './faults/power-rule.ts';
// The skeleton of a backend
// What a check is handed: a device with deadlines, probes on it, random numbers
export type { Lab, LabOptions } from './lab/lab.ts';
export type { LoadedProbe, ProbeRun } from './lab/loaded-probe.ts';
export type { Outcome } from './lab/outcome.ts';
export type { ProbeLaw } from './lab/probe-law.ts';
export type { SpinRows } from './lab/probe-view.ts';
// How often it fails machines that follow the law
export {
  type NullCase,
  type NullRecordOptions,
  type NullRun,
  type NullSummary,
  nullLevels,
  recordNullRuns,
  seedOfRun,
  summarizeNullRuns,
} from './null-record/null-record.ts';
export { type NullRecordFacts, nullRecordMarkdown } from './null-record/null-record-markdown.ts';
// How many samples an effect takes
export { type PowerRow, powerTable } from './power/power-table.ts';
export { type EffectSize, noEffect } from './power/shifted-law.ts';
export type { Disguise } from './probes/disguise.ts';
export type { Edge, PinnedEdge, Probe } from './probes/probe.ts';
export type { ProbeProgramOptions } from './probes/probe-program.ts';
export { missingNeeds, type Need, needs } from './profile/needs.ts';
// The device under test
export {
  type CreateOptions,
  defineProvider,
  isUnavailable,
  type Provider,
  type Tolerances,
  type Unavailable,
  unavailable,
} from './provider/provider.ts';
export type { RandomStream } from './random/random-stream.ts';
// Reports
export { type ExplainOptions, explainCase } from './report/explain.ts';
export type { HtmlPageOptions } from './report/html-case.ts';
export { htmlPage } from './report/html-page.ts';
export { junitXml } from './report/junit-xml.ts';
export { MergeError, mergeReports } from './report/merge-reports.ts';
export { type ReadReport, ReportError, readReport, reportOfRecords } from './report/read-report.ts';
export * from './report/records.ts';
export { summaryMarkdown } from './report/summary-markdown.ts';
export { verifyReport } from './report/verify-report.ts';
// The suite's test of itself
export type { SelftestItem } from './selftest/selftest-item.ts';
export { type SuiteSelftestOptions, selftest } from './selftest/suite-selftest.ts';
// Running the suite
export { type Deadlines, defaultDeadlines } from './suite/deadlines.ts';
export { type DoctorOptions, type DoctorReport, type DoctorStep, doctor } from './suite/doctor.ts';
export type { ErrorRecord } from './suite/error-record.ts';
export { HarnessError } from './suite/harness-error.ts';
export { lostCase, type ProcessEnd } from './suite/lost-case.ts';
export { QueryError, selectPlans } from './suite/query.ts';
export { caseOf, ReplayError, type Replayed, type ReplayOptions, replayCase } from './suite/replay-case.ts';
export { ResumeError, runSuite, type SuiteOptions } from './suite/run-suite.ts';
export { randomSeed, seedText } from './suite/seeds.ts';
export { parseShard, type Shard } from './suite/shard.ts';
export { specificationVersion, suiteVersion } from './suite/suite-version.ts';
export { type ZeroFieldBitsOptions, zeroFieldBits } from './suite/zero-field-bits.ts';
