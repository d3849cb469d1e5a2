import { describe, expect, it } from 'vitest';
import { printedRows } from './printed-rows.ts';

const workload = { name: 'W4', updatesPerSweep: 1_000, synapticOperationsPerSweep: 50_000, check: null };
const line = {
  implementation: 'pytorch 2.15.0',
  variant: 'f32 matmul',
  threads: 1,
  samples: true,
  seconds: [0.002, 0.001, 0.004],
  sweeps: 100,
  checkEnergyPerSpin: -0.735,
  cpuShare: 0.99,
};

describe('what a peer prints', () => {
  it('becomes one row a line, with rates at the median repetition', () => {
    const { rows, unavailable } = printedRows(`${JSON.stringify(line)}\n\n`, workload);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      workload: 'W4',
      implementation: 'pytorch 2.15.0',
      variant: 'f32 matmul',
      threads: 1,
    });
    expect(rows[0]?.gsopPerSecond).toBeCloseTo((50_000 * 100) / 0.002 / 1e9);
    expect(rows[0]?.updatesPerNs).toBeCloseTo((1_000 * 100) / 0.002 / 1e9);
    expect(rows[0]?.spread.repetitionFastest).toBeCloseTo((50_000 * 100) / 0.001 / 1e9);
    expect(rows[0]?.samples).toBe(true);
    expect(unavailable).toEqual([]);
  });

  it('is a yardstick when it says that nothing is sampled', () => {
    const { rows } = printedRows(JSON.stringify({ ...line, samples: false, checkEnergyPerSpin: null }), workload);
    expect(rows[0]?.samples).toBe(false);
    expect(rows[0]?.checkEnergyPerSpin).toBeNull();
  });

  it('may be the reason why a variant has no row', () => {
    const printed = `${JSON.stringify({ variant: 'int8', unavailable: 'no such operation' })}\n${JSON.stringify(line)}`;
    const { rows, unavailable } = printedRows(printed, workload);
    expect(unavailable).toEqual(['int8: no such operation']);
    expect(rows).toHaveLength(1);
  });

  it('is nothing at all where the peer cannot express the workload', () => {
    expect(printedRows('', workload)).toEqual({ rows: [], unavailable: [] });
  });

  it.each([
    ['text that is not JSON', 'Segmentation fault'],
    ['a value that is no object', '7'],
    ['a missing variant', JSON.stringify({ ...line, variant: undefined })],
    ['no repetitions', JSON.stringify({ ...line, seconds: [] })],
    ['a repetition of no time', JSON.stringify({ ...line, seconds: [0.1, 0] })],
    ['an energy that is text', JSON.stringify({ ...line, checkEnergyPerSpin: '-0.7' })],
  ])('is refused when it is %s', (_, text) => {
    expect(() => printedRows(text, workload)).toThrow(TypeError);
  });
});
