/** `isinglass conformance …`: whether a machine samples the law. */
import type { Command } from 'commander';
import type { ContextOf } from '../command-context.ts';
import { addConformanceBitsCommand } from './conformance-bits.ts';
import { addConformanceDoctorCommand } from './conformance-doctor.ts';
import { addConformanceExplainCommand } from './conformance-explain.ts';
import { addConformanceInitCommand } from './conformance-init.ts';
import { addConformanceListCommand } from './conformance-list.ts';
import { addConformanceMergeCommand } from './conformance-merge.ts';
import { addConformanceMutantsCommand } from './conformance-mutants.ts';
import { addConformancePowerCommand } from './conformance-power.ts';
import { addConformanceReplayCommand } from './conformance-replay.ts';
import { addConformanceRunCommand } from './conformance-run.ts';
import { addConformanceSelftestCommand } from './conformance-selftest.ts';
import { addConformanceVerifyCommand } from './conformance-verify.ts';

export function addConformanceCommand(program: Command, contextOf: ContextOf): void {
  const group = program
    .command('conformance')
    .description('test whether a machine samples the right law, and report it')
    .addHelpText('after', footer);
  addConformanceRunCommand(group, contextOf);
  addConformanceListCommand(group, contextOf);
  addConformanceDoctorCommand(group, contextOf);
  addConformanceExplainCommand(group, contextOf);
  addConformanceReplayCommand(group, contextOf);
  addConformanceMergeCommand(group, contextOf);
  addConformanceVerifyCommand(group, contextOf);
  addConformanceInitCommand(group, contextOf);
  addConformancePowerCommand(group, contextOf);
  addConformanceBitsCommand(group, contextOf);
  addConformanceSelftestCommand(group, contextOf);
  addConformanceMutantsCommand(group, contextOf);
}

const footer = `
Exit codes of these commands: 0 pass, 1 fail, 2 inconclusive, 3 the suite could not run (bad usage, too), 130 interrupted.`;
