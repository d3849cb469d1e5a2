import { describe, expect, it } from 'vitest';
import { type BenchRow, rowOfPass } from '../rows/bench-row.ts';
import { energyDisagreements } from './energy-agreement.ts';

const row = (workload: string, variant: string, checkEnergyPerSpin: number | null): BenchRow =>
  rowOfPass({
    workload: { name: workload, updatesPerSweep: 1, synapticOperationsPerSweep: 1 },
    implementation: 'sampler',
    variant,
    threads: 1,
    seconds: [1],
    sweeps: 1,
    checkEnergyPerSpin,
    cpuShare: null,
  });

const tolerances = new Map([['W1', 0.01]]);

describe('energies of one run', () => {
  it('agree when they are within the tolerance of their median', () => {
    const rows = [row('W1', 'a', -0.42), row('W1', 'b', -0.429), row('W1', 'c', -0.411), row('W1', 'd', null)];
    expect(energyDisagreements(rows, tolerances)).toEqual([]);
  });

  it('name the row that is beyond', () => {
    const rows = [row('W1', 'a', -0.42), row('W1', 'b', -0.42), row('W1', 'wrong', -0.4301)];
    expect(energyDisagreements(rows, tolerances)).toEqual([
      {
        workload: 'W1',
        implementation: 'sampler',
        variant: 'wrong',
        peer: true,
        energyPerSpin: -0.4301,
        medianEnergyPerSpin: -0.42,
        tolerance: 0.01,
      },
    ]);
  });

  it('are not compared for part of a workload, nor where no tolerance is known', () => {
    const rows = [
      row('W1', 'a', -0.42),
      row('W1', 'relaxed-8rows', -0.5),
      row('W1', 'relaxed-1row', -0.6),
      row('W9', 'a', 0),
      row('W9', 'b', 1),
    ];
    expect(energyDisagreements(rows, tolerances)).toEqual([]);
  });
});
