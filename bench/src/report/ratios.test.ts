import { describe, expect, it } from 'vitest';
import { type BenchRow, mergePasses, rowOfPass } from '../rows/bench-row.ts';
import { compareRows } from './compare-rows.ts';
import { ratiosOf } from './ratios.ts';

/** A row at so many GSOP/s in each pass. */
function row(implementation: string, variant: string, rates: readonly number[], o: Partial<BenchRow> = {}): BenchRow {
  const passes = rates.map((rate) =>
    rowOfPass({
      workload: { name: 'W1', updatesPerSweep: 1e9, synapticOperationsPerSweep: 1e9 },
      implementation,
      variant,
      threads: 1,
      seconds: [1 / rate],
      sweeps: 1,
      checkEnergyPerSpin: -0.42,
      cpuShare: 1,
    }),
  );
  const [merged] = mergePasses(passes);
  if (merged === undefined) throw new Error('no pass');
  return { ...merged, ...o };
}

const device = { uri: 'cpu' } as NonNullable<BenchRow['device']>;
const ours = (variant: string, rates: readonly number[], o: Partial<BenchRow> = {}): BenchRow =>
  row('isinglass cpu', variant, rates, { device, ...o });

describe('the ratio to peers', () => {
  it('is our best full-batch variant against the best peer, by medians, with the range of the passes', () => {
    const [ratio, ...others] = ratiosOf([
      ours('relaxed', [150, 200, 180]),
      ours('baseline', [120]),
      ours('relaxed-5bit', [300]),
      row('pytorch', 'f32', [60]),
      row('pytorch', 'bf16', [80, 90, 100]),
    ]);
    expect(others).toEqual([]);
    expect(ratio).toMatchObject({ variant: 'relaxed', peer: 'pytorch, bf16', checkEnergyPerSpin: -0.42 });
    expect(ratio?.ratio).toBeCloseTo(2, 10);
    expect(ratio?.ratioOfBest).toBeCloseTo(2, 10);
    expect(ratio?.ratioLowest).toBeCloseTo(1.5, 10);
    expect(ratio?.ratioHighest).toBeCloseTo(2.5, 10);
  });

  it('leaves out what does not sample, other thread counts and workloads that one side lacks', () => {
    const rows = [
      ours('relaxed', [100]),
      ours('relaxed', [190], { threads: 2 }),
      row('onnxruntime', 'pair, no sampling', [300], { samples: false }),
      row('pytorch', 'f32', [50]),
      row('pytorch', 'f32', [50], { workload: 'W9' }),
    ];
    expect(ratiosOf(rows).map(({ workload, threads, peer }) => [workload, threads, peer])).toEqual([
      ['W1', 1, 'pytorch, f32'],
    ]);
  });
});

describe('the comparison with an earlier run', () => {
  it('says by how much each common row is slower, and which are too slow', () => {
    const before = [ours('relaxed', [130]), ours('baseline', [100]), ours('gone', [1])];
    const now = [ours('relaxed', [99]), ours('baseline', [77]), ours('new', [1])];
    expect(
      compareRows(now, before).map(({ variant, slowdown, tooSlow }) => [variant, slowdown.toFixed(2), tooSlow]),
    ).toEqual([
      ['relaxed', '1.31', true],
      ['baseline', '1.30', false],
    ]);
  });
});
