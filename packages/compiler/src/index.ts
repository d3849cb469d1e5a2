/**
 * The public list of @isinglass/compiler, by group. Internal files never import from here.
 */

// From a trained network to a program
export { compile } from './compile.ts';
export { type CompileResult, compileImported } from './compile-imported.ts';
export type { BiasForm } from './fold/class-grid.ts';
export type { PixelInput } from './host/normalise-pixels.ts';
// Models: where they come from and what the importer finds in them
export { type ImportOptions, importOnnx } from './import/import-onnx.ts';
// Plain Ising problems
export { type CooOptions, type CooProblem, readCoo, type Vartype } from './ising/coo.ts';
export { type DenseIsing, denseProblem } from './ising/dense-problem.ts';
export { type EdgeListOptions, readEdgeList } from './ising/edge-list.ts';
export type { IsingProgramOptions } from './ising/ising-options.ts';
export {
  type Duplicates,
  type IsingProblem,
  type IsingProblemOptions,
  type IsingTerm,
  isingEnergy,
  isingProblem,
} from './ising/ising-problem.ts';
export { type IsingReport, isingNames, isingProgram } from './ising/ising-program.ts';
export type {
  Affine,
  BlockModel,
  HostModel,
  ImportedModel,
  LinearLayer,
  ModelValue,
} from './model/block-model.ts';
export type { ModelSource } from './onnx/model-source.ts';
export type { ReadLimits } from './onnx/read-model.ts';
export type { CompileOptions } from './options/compile-options.ts';
// What the compiler says
export type { CompilerDiagnostic } from './pipeline/diagnostic.ts';
export type { ModelSizes, PassRecord } from './pipeline/pass.ts';
export { printProgram } from './print/print-program.ts';
export type { FieldBounds } from './quantize/fixed-law-limits.ts';
export type { QuantizationQuality } from './quantize/quantize-values.ts';
export type {
  BiasReport,
  BlockReport,
  CompileReport,
  CouplingReport,
  HostReport,
  NodeReport,
  ReportTotals,
  StageReport,
} from './report/compile-report.ts';
export { formatReport } from './report/format-report.ts';
export type { BlockSchedule } from './schedule/schedule-pass.ts';
export { compilerVersion } from './version.ts';
