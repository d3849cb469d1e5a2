/** A block of a program and the machine that runs it as a project of SystemVerilog that a person can open: what `isinglass rtl` writes. */

// What is asked of the machine
export type { RtlRun } from './machine-job.ts';
// The files
export { type RtlProject, type RtlProjectOptions, rtlProject } from './rtl-project.ts';
// Which block on which machine
export { type RtlTarget, type RtlTargetOptions, rtlTarget } from './rtl-target.ts';
