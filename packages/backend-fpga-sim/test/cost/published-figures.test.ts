/** The cost code gives what is published of machines, and no number where nothing is. */
import { freeSpinCount, spinCountOf } from '@isinglass/sdk';
import { expect, test } from 'vitest';
import { parseMachineUri } from '../../src/parameters/machine-uri.ts';
import { cifarBlocks } from '../../src/timing/fixtures/cifar-blocks.ts';
import { convHalfSweepEstimate } from '../../src/timing/formulas/conv-cycles.ts';
import { costOf, deviationOf, exactly, stated, validationTargets } from './published-figures.ts';

test('every published figure is met within its tolerance', () => {
  const targets = validationTargets();
  expect(new Set(targets.map(({ id }) => id)).size).toBe(15);
  expect(targets.filter((target) => Math.abs(deviationOf(target)) > target.tolerance)).toEqual([]);
});

test('V7, V8: times of a submission are exact to the vendor’s last digit, hundredths of a µs', () => {
  const submissions = validationTargets().filter(({ machine }) => machine === 'dwave-advantage2');
  expect(submissions.map(({ tolerance }) => tolerance)).toEqual([exactly, exactly, exactly, exactly]);
  for (const { model, published } of submissions) expect(Math.round(model * 1e8)).toBe(Math.round(published * 1e8));
});

test('V6: as many sweeps pass while 1,024 states are read as devices.md section 1 says', () => {
  const cost = costOf('kv260-ferrotherm', { spins: 1024, sweeps: 1, reads: 1 });
  expect(stated(cost.readSeconds) / stated(cost.seconds)).toBeCloseTo(387, 0);
});

test('V9, V11: standby power of Z1 and the time of the 70 × 70 machine are not published, and not given', () => {
  expect(costOf('extropic-z1', { spins: 269_568, sweeps: 1 }).joules).toBe('unstated');
  const sample = (layers: number) => costOf('extropic-dtca', { spins: 4900, sweeps: 250 * layers });
  expect(sample(1).seconds).toBe('unstated');
  expect(sample(1).grade).toBe('estimate');
  expect(stated(sample(8).joulesByTerm.update)).toBeCloseTo(8 * stated(sample(1).joulesByTerm.update), 12);
  expect(costOf('cuising', { spins: 2 ** 24, sweeps: 100 }).grade).toBe('measured');
});

test('V14: some spins of each block of the CIFAR-10 network are pinned', () => {
  for (const { block } of cifarBlocks()) {
    expect(freeSpinCount(block)).toBeLessThan(block.banks.reduce((sum, bank) => sum + spinCountOf(bank), 0));
  }
});

/** devices.md 5.10: total sweeps, and seconds on 1,024, 8,192 and 32,768 adders at 250 MHz; a lower bound, since it counts adders alone. */
const predictions = [
  [102, 'conv-s', 0.42],
  [102, 'conv-m', 53e-3],
  [102, 'conv-l', 13e-3],
  [30_000, 'conv-m', 15],
] as const;

test.each(predictions)(
  '%d sweeps of the CIFAR-10 network on %s at 250 MHz take about %d s (devices.md 5.10; 10%)',
  (sweeps, set, published) => {
    const { parameters } = parseMachineUri(`fpga-sim:${set}?clockMHz=250`);
    if (parameters.engine !== 'conv') throw new Error(parameters.engine);
    const cycles = cifarBlocks().map(({ block }) => {
      const [channels = 0, height = 0, width = 0] = block.banks[1]?.shape ?? [];
      const bank = { channels, pixels: height * width, taps: [9 * channels] };
      return 2 * convHalfSweepEstimate(bank, { ...parameters, cyclesPerWeightRow: 0 });
    });
    const seconds = ((sweeps / 6) * cycles.reduce((sum, each) => sum + each, 0)) / parameters.clockHz;
    expect(Math.abs(seconds / published - 1)).toBeLessThan(0.1);
  },
);
