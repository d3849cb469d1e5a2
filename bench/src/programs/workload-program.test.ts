import { workOfRun } from '@isinglass/sdk';
import { describe, expect, it } from 'vitest';
import { rowsOf, type Workload, workloadFacts } from '../workloads/workload.ts';
import { namedWorkloads } from '../workloads/workload-list.ts';
import type { BlockTaskOptions } from './block-task.ts';
import { workloadProgram } from './workload-program.ts';

const standard: Omit<BlockTaskOptions, 'rows'> = { weightBits: 7, observable: 'spin-sum', coupled: true };

function workOf(workload: Workload, o: Partial<BlockTaskOptions> = {}) {
  const { program, images, chains } = workloadProgram('w', workload, { ...standard, rows: rowsOf(workload), ...o });
  const [block] = program.json.stages;
  if (block?.kind !== 'block') throw new Error('no block');
  const work = (sweeps: number) => workOfRun({ block, tensors: program.tensors, images, chains, sweeps });
  // The couplings to pinned spins count once per image, not per sweep.
  return {
    updates: work(2).updates - work(1).updates,
    synapticOperations: work(2).synapticOperations - work(1).synapticOperations,
    largest: Math.max(
      ...[...program.tensors].filter(([name]) => name === 'k' || name.startsWith('j')).map(([, t]) => largest(t.data)),
    ),
  };
}

const largest = (values: ArrayLike<number | bigint>): number =>
  values instanceof Int8Array ? values.reduce((most, w) => Math.max(most, Math.abs(w)), 0) : 0;

describe('the program of a workload', () => {
  it.each(namedWorkloads)('$name does the work that its figures are divided by', ({ name, generate }) => {
    const workload = generate('quick');
    const facts = workloadFacts(name, workload, null);
    expect(workOf(workload)).toEqual({
      updates: facts.updatesPerSweep,
      synapticOperations: facts.synapticOperationsPerSweep,
      // J = ±1 stays ±1.
      largest: name === 'W3' ? 1 : 63,
    });
    expect(workOf(workload, { coupled: false })).toMatchObject({
      updates: facts.updatesPerSweep,
      synapticOperations: 0,
    });
  });

  it('takes the asked number of rows and weight bits', () => {
    const workload = namedWorkloads[0]?.generate('quick') as Workload;
    const all = workOf(workload);
    expect(workOf(workload, { rows: 4, weightBits: 5 })).toEqual({
      updates: all.updates / 4,
      synapticOperations: all.synapticOperations / 4,
      largest: 15,
    });
  });
});
