import type { Workload } from '../workloads/workload.ts';
import type { BlockTask, BlockTaskOptions } from './block-task.ts';
import { convProgram } from './conv-program.ts';
import { graphProgram } from './graph-program.ts';

/** A workload as a program of the fixed law, with what its runs need. */
export function workloadProgram(name: string, workload: Workload, o: BlockTaskOptions): BlockTask {
  return workload.kind === 'conv' ? convProgram(name, workload, o) : graphProgram(name, workload, o);
}
