/**
 * Published machines as the cost code sees them (devices.md section 6, V1 … V14 and V16; V15 compares the emulators with generated SystemVerilog). Every number
 * comes from a named set or an envelope through the cost code; what stands here are the published figures and tolerances.
 */
import { blockCounts, freeSpinCount, type RunWork, runCost, type Stated, spinCountOf } from '@isinglass/sdk';
import { expect, test } from 'vitest';
import { envelopeOf } from '../envelopes/all-envelopes.ts';
import type { Envelope } from '../envelopes/envelope.ts';
import { type EnvelopeCost, type EnvelopeWork, envelopeCost } from '../envelopes/envelope-cost.ts';
import { machineProfile } from '../parameters/machine-profile.ts';
import { parseMachineUri } from '../parameters/machine-uri.ts';
import { cifarBlocks } from './fixtures/cifar-blocks.ts';
import { convHalfSweepEstimate } from './formulas/conv-cycles.ts';
import { sweepCyclesByFormula } from './sweep-cycles.ts';

const named = (id: string): Envelope => envelopeOf(`fpga-sim:${id}`) as Envelope;

function stated(value: Stated): number {
  if (value === 'unstated') throw new Error('unstated');
  return value;
}

/** Relative difference. */
const off = (given: number, published: number): number => Math.abs(given / published - 1);

/** Sweeps of a machine that has formulas but no emulator of cycles. */
function formulaCost(uri: string, o: { readonly freeSpins: number; readonly colors: number; readonly sweeps: number }) {
  const machine = parseMachineUri(uri);
  const { parameters } = machine;
  if (parameters.engine !== 'fabric' && parameters.engine !== 'dense-serial') throw new Error(parameters.engine);
  const cost = runCost(machineProfile(machine, { rowsMax: 1, cancelMs: 1 }), {
    work: { updates: o.freeSpins * o.sweeps, synapticOperations: 0 },
    rowSweeps: o.sweeps,
    counters: { cycles: { sample: o.sweeps * sweepCyclesByFormula(parameters, o) }, bytesIn: 0, bytesOut: 0 },
  });
  const seconds = stated(cost.seconds);
  return { seconds, flipsPerNs: (o.freeSpins * o.sweeps) / seconds / 1e9, grade: cost.grade };
}

/** So many sweeps over all spins of an envelope. */
function sweepCost(
  id: string,
  o: { readonly spins: number; readonly sweeps: number } & Partial<EnvelopeWork>,
): EnvelopeCost & { readonly flipsPerNs: number } {
  const updates = o.spins * o.sweeps;
  const work: RunWork = { updates, synapticOperations: 0 };
  const cost = envelopeCost(named(id), { work, reads: 0, ...o });
  return { ...cost, flipsPerNs: cost.seconds === 'unstated' ? Number.NaN : updates / cost.seconds / 1e9 };
}

test.each([
  [800, 2.01e-3],
  [1000, 2.51e-3],
  [2000, 5.01e-3],
])('V1: pc-COP takes %d spins through 1,000 sweeps in %d s (arXiv:2504.04543; 0.1%)', (freeSpins, published) => {
  const { seconds, grade } = formulaCost('fpga-sim:dense', { freeSpins, colors: freeSpins, sweeps: 1000 });
  expect(off(seconds, published)).toBeLessThan(1e-3);
  expect(grade).toBe('published');
});

test('V2: 4,264 p-bits at 15 MHz make 63.96 flips/ns, 10⁵ sweeps 6.67 ms (arXiv:2303.10728; 0.1%)', () => {
  const { seconds, flipsPerNs, grade } = formulaCost('fpga-sim:niazi', { freeSpins: 4264, colors: 4, sweeps: 1e5 });
  expect(off(flipsPerNs, 63.96)).toBeLessThan(1e-3);
  expect(off(seconds, 6.67e-3)).toBeLessThan(1e-3);
  expect(grade).toBe('derived');
});

test('V3: 1,440 p-bits in two colors sweep in 16 ns, 90 flips/ns (s42005-023-01202-3; 0.5%)', () => {
  const cost = sweepCost('chowdhury-qmc', { spins: 1440, sweeps: 1000 });
  expect(off(stated(cost.seconds) / 1000, 16e-9)).toBeLessThan(5e-3);
  expect(off(cost.flipsPerNs, 90)).toBeLessThan(5e-3);
});

test('V4: the KV260 fabric makes 51.2 flips/ns (0.1%) on 0.5554 W above idle (5%) (ferrotherm ledger, metered)', () => {
  const cost = sweepCost('kv260-ferrotherm', { spins: 1024, sweeps: 1000 });
  expect(off(cost.flipsPerNs, 51.2)).toBeLessThan(1e-3);
  expect(off(stated(cost.joulesByTerm.update) / stated(cost.seconds), 0.5554)).toBeLessThan(0.05);
  // With the board: 3.69 W.
  expect(off(stated(cost.joules) / stated(cost.seconds), 3.69)).toBeLessThan(0.01);
});

test('V5: with writable couplings 256 p-bits make 6.40 flips/ns (ferrotherm ledger; 0.1%)', () => {
  expect(off(sweepCost('kv260-writable', { spins: 256, sweeps: 1000 }).flipsPerNs, 6.4)).toBeLessThan(1e-3);
});

test('V6: reading 1,024 states over AXI-Lite takes 7.75 µs (ferrotherm ledger; 1%)', () => {
  const cost = sweepCost('kv260-ferrotherm', { spins: 1024, sweeps: 1, reads: 1 });
  expect(off(stated(cost.readSeconds), 7.75e-6)).toBeLessThan(0.01);
  // As many sweeps as devices.md section 1 says.
  expect(stated(cost.readSeconds) / stated(cost.seconds)).toBeCloseTo(387, 0);
});

test.each([
  ['V7', { programmingUs: 15_062.36, annealUs: 20, readoutUs: 36.4, delayUs: 20.54 }, 10, 769.4, 15_831.76],
  ['V8', { programmingUs: 15_759.97, annealUs: 20, readoutUs: 45.32, delayUs: 20.54 }, 1000, 85_860, 101_619.97],
] as const)(
  '%s: QPU access time of a submission (D-Wave, operation timing; exact)',
  (_, anneal, reads, sampling, access) => {
    const cost = sweepCost('dwave-advantage2', { spins: 4577, sweeps: 0, reads, anneal });
    // In hundredths of a µs, the vendor's last digit.
    expect(Math.round(stated(cost.samplingSeconds) * 1e8)).toBe(Math.round(sampling * 100));
    expect(Math.round(stated(cost.seconds) * 1e8)).toBe(Math.round(access * 100));
  },
);

test('V9: a sweep of Z1 is 1.911 nJ, at 50 MHz 95.56 mW (arXiv:2608.01615; 0.1%)', () => {
  const cost = sweepCost('extropic-z1', { spins: 269_568, sweeps: 1 });
  expect(off(stated(cost.joulesByTerm.update), 1.911e-9)).toBeLessThan(1e-3);
  expect(off(stated(cost.joulesByTerm.update) / stated(cost.seconds), 95.56e-3)).toBeLessThan(1e-3);
  // Standby power is not published.
  expect(cost.joules).toBe('unstated');
});

test('V10: the 28 nm chips take 36.3 mW at their peak, 216 updates a cycle (arXiv:2609.07907; 1%)', () => {
  const cost = sweepCost('pbit-asic-28nm', { spins: 27_648, sweeps: 1e6 });
  expect(off(stated(cost.joulesByTerm.update) / stated(cost.seconds), 36.3e-3)).toBeLessThan(0.01);
  const clockHz = named('pbit-asic-28nm').profile.timing.clockHz as number;
  expect(off((cost.flipsPerNs * 1e9) / clockHz, 216)).toBeLessThan(0.01);
  expect(off((stated(cost.seconds) / 1e6) * clockHz, 128)).toBeLessThan(0.01);
});

test('V11: a sample of the proposed 70 × 70 machine is 1.6·T nJ (arXiv:2510.23972, split into 250 iterations assumed; 5%)', () => {
  for (const layers of [1, 8]) {
    const cost = sweepCost('extropic-dtca', { spins: 70 * 70, sweeps: 250 * layers });
    expect(off(stated(cost.joulesByTerm.update), 1.6e-9 * layers)).toBeLessThan(0.05);
    expect(cost.grade).toBe('estimate');
    expect(cost.seconds).toBe('unstated');
  }
});

test('V12: a step of 2,048 spins on the bifurcation machine takes 2.24 µs (FPL.2019.00019; 1%)', () => {
  const cost = sweepCost('toshiba-fpga-2019', { spins: 2048, sweeps: 1000 });
  expect(off(stated(cost.seconds) / 1000, 2.24e-6)).toBeLessThan(0.01);
  expect(off((1000 * 2048 ** 2) / stated(cost.seconds), 1873e9)).toBeLessThan(0.01);
});

test('V13: two V100 make 766.26 flips/ns (NVIDIA/ising-gpu; 0.5%)', () => {
  const cost = sweepCost('cuising', { spins: 2 ** 24, sweeps: 100 });
  expect(off(cost.flipsPerNs, 766.26)).toBeLessThan(5e-3);
  expect(cost.grade).toBe('measured');
});

/** The paper's Table 2, CIFAR-10: spins to the thousand, couplings to three digits. */
const table2 = [
  { thousandSpins: 541, couplings: 646e6 },
  { thousandSpins: 786, couplings: 1.26e9 },
  { thousandSpins: 524, couplings: 940e6 },
  { thousandSpins: 393, couplings: 1.26e9 },
  { thousandSpins: 231, couplings: 611e6 },
  { thousandSpins: 151, couplings: 747e6 },
] as const;

test('V14: blocks of the CIFAR-10 network have the spins (exactly) and couplings (1.3%) of the paper’s Table 2', () => {
  const blocks = cifarBlocks();
  expect(blocks.length).toBe(table2.length);
  blocks.forEach(({ block, tensors }, n) => {
    const { thousandSpins, couplings } = table2[n] as (typeof table2)[number];
    const spins = block.banks.reduce((sum, bank) => sum + spinCountOf(bank), 0);
    expect(Math.round(spins / 1000)).toBe(thousandSpins);
    expect(off(blockCounts(block, tensors).nominal, couplings)).toBeLessThan(0.013);
    expect(freeSpinCount(block)).toBeLessThan(spins);
  });
});

test('V16: an update of DSIM-1 is 65 pJ at the wall (arXiv:2606.25313: 59 to 71; 10%)', () => {
  const cost = sweepCost('dsim-1', { spins: 50_000, sweeps: 1e6 });
  const perUpdate = stated(cost.joules) / (50_000 * 1e6);
  expect(off(perUpdate, 65e-12)).toBeLessThan(0.1);
  expect(perUpdate).toBeGreaterThan(59e-12);
  expect(perUpdate).toBeLessThan(71e-12);
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
    expect(off(seconds, published)).toBeLessThan(0.1);
  },
);
