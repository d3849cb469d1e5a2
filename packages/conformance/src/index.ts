/**
 * The public list of @isinglass/conformance, by group. Internal files never import from here.
 */

// The checks, as plans
export { catalogue } from './checks/catalogue.ts';
export {
  type Chapter,
  type Check,
  type CheckKind,
  type CheckPlan,
  chapters,
  type Effect,
  type Finding,
  type Hypothesis,
  type Level,
  type LogicalCheck,
  levels,
  type StatisticalCheck,
  TooFewSamples,
} from './checks/check.ts';
export type { CheckContext } from './checks/check-context.ts';
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
// Reports
export { type ReadReport, ReportError, readReport } from './report/read-report.ts';
export * from './report/records.ts';
// Running them
export { type Deadlines, defaultDeadlines } from './suite/deadlines.ts';
export { HarnessError } from './suite/harness-error.ts';
export { parseQuery, QueryError, selectPlans } from './suite/query.ts';
export { ResumeError, runSuite, type SuiteOptions } from './suite/run-suite.ts';
export { parseShard, type Shard } from './suite/shard.ts';
export { specificationVersion, suiteVersion } from './suite/suite-version.ts';
