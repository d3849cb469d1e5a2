/**
 * Published machines as the cost code sees them (devices.md section 6, V1 … V14 and V16; V15 compares the emulators with generated SystemVerilog). The model of a figure comes
 * from a named set or an envelope through the cost code; what stands here are published figures and tolerances. tools/device-docs/validation-table.ts prints them.
 */
import { blockCounts, runCost, type Stated, spinCountOf } from '@isinglass/sdk';
import { envelopeOf } from '../../src/envelopes/all-envelopes.ts';
import type { Envelope } from '../../src/envelopes/envelope.ts';
import { type EnvelopeCost, type EnvelopeWork, envelopeCost } from '../../src/envelopes/envelope-cost.ts';
import { machineProfile } from '../../src/parameters/machine-profile.ts';
import { parseMachineUri } from '../../src/parameters/machine-uri.ts';
import { cifarBlocks } from '../../src/timing/fixtures/cifar-blocks.ts';
import { sweepCyclesByFormula } from '../../src/timing/sweep-cycles.ts';

export interface ValidationTarget {
  readonly id: string;
  /** Set or envelope. */
  readonly machine: string;
  readonly what: string;
  readonly unit: string;
  readonly model: number;
  readonly published: number;
  /** Relative. */
  readonly tolerance: number;
  readonly source: string;
}

/** Tolerance of what is equal but for floating point. */
export const exactly = 1e-9;

export const envelopeNamed = (id: string): Envelope => envelopeOf(`fpga-sim:${id}`) as Envelope;

export function stated(value: Stated): number {
  if (value === 'unstated') throw new Error('unstated');
  return value;
}

/** Seconds of sweeps on a set that has formulas but no emulator of cycles. */
function setSeconds(
  set: string,
  o: { readonly freeSpins: number; readonly colors: number; readonly sweeps: number },
): number {
  const machine = parseMachineUri(`fpga-sim:${set}`);
  const { parameters } = machine;
  if (parameters.engine !== 'fabric' && parameters.engine !== 'dense-serial') throw new Error(`${set} is emulated`);
  const cycles = { sample: o.sweeps * sweepCyclesByFormula(parameters, o) };
  const cost = runCost(machineProfile(machine, { rowsMax: 1, cancelMs: 1 }), {
    work: { updates: o.freeSpins * o.sweeps, synapticOperations: 0 },
    rowSweeps: o.sweeps,
    counters: { cycles, bytesIn: 0, bytesOut: 0 },
  });
  return stated(cost.seconds);
}

/** So many sweeps over all spins of an envelope. */
export function costOf(
  id: string,
  o: Partial<EnvelopeWork> & { readonly spins: number; readonly sweeps: number },
): EnvelopeCost {
  const work = { updates: o.spins * o.sweeps, synapticOperations: 0 };
  return envelopeCost(envelopeNamed(id), { work, reads: 0, ...o });
}

const seconds = (...o: Parameters<typeof costOf>): number => stated(costOf(...o).seconds);
const joules = (...o: Parameters<typeof costOf>): number => stated(costOf(...o).joules);
const updateJoules = (...o: Parameters<typeof costOf>): number => stated(costOf(...o).joulesByTerm.update);

/** The paper's Table 2: thousands of spins and couplings of its six blocks. */
const table2 = [
  [541, 646e6],
  [786, 1.26e9],
  [524, 940e6],
  [393, 1.26e9],
  [231, 611e6],
  [151, 747e6],
] as const;

const ledger = 'ferrotherm ledger, metered';
const dwave = 'D-Wave, operation timing';
const z1 = 'arXiv:2608.01615';
const asic = 'arXiv:2609.07907';

/** V15 is no figure: the emulators beside generated SystemVerilog. */
export function validationTargets(): readonly ValidationTarget[] {
  const serial = (freeSpins: number, published: number): ValidationTarget => ({
    id: 'V1',
    machine: 'dense',
    what: `1,000 sweeps of ${freeSpins.toLocaleString('en-US')} spins`,
    unit: 's',
    model: setSeconds('dense', { freeSpins, colors: freeSpins, sweeps: 1000 }),
    published,
    tolerance: 1e-3,
    source: 'arXiv:2504.04543',
  });
  const niazi = setSeconds('niazi', { freeSpins: 4264, colors: 4, sweeps: 1e5 });
  const qmc = { spins: 1440, sweeps: 1000 };
  const lattice = { spins: 1024, sweeps: 1000 };
  const submission = (anneal: Partial<EnvelopeWork['anneal']>, reads: number): EnvelopeCost =>
    costOf('dwave-advantage2', { spins: 4577, sweeps: 0, reads, anneal: anneal ?? {} });
  const v7 = submission({ programmingUs: 15_062.36, annealUs: 20, readoutUs: 36.4, delayUs: 20.54 }, 10);
  const v8 = submission({ programmingUs: 15_759.97, annealUs: 20, readoutUs: 45.32, delayUs: 20.54 }, 1000);
  const z1Sweep = { spins: 269_568, sweeps: 1 };
  const asicSweeps = { spins: 27_648, sweeps: 1e6 };
  const asicHz = envelopeNamed('pbit-asic-28nm').profile.timing.clockHz ?? 0;
  const step = { spins: 2048, sweeps: 1000 };
  const gpu = { spins: 2 ** 24, sweeps: 100 };
  const wall = { spins: 50_000, sweeps: 1e6 };
  const target = (
    id: string,
    machine: string,
    what: string,
    [model, published, unit]: readonly [number, number, string],
    [tolerance, source]: readonly [number, string],
  ): ValidationTarget => ({ id, machine, what, unit, model, published, tolerance, source });
  return [
    serial(800, 2.01e-3),
    serial(1000, 2.51e-3),
    serial(2000, 5.01e-3),
    target('V2', 'niazi', 'rate', [(4264 * 1e5) / niazi, 63.96e9, 'updates/s'], [1e-3, 'arXiv:2303.10728']),
    target('V2', 'niazi', '10⁵ sweeps', [niazi, 6.67e-3, 's'], [1e-3, 'arXiv:2303.10728']),
    target(
      'V3',
      'chowdhury-qmc',
      'a sweep',
      [seconds('chowdhury-qmc', qmc) / 1000, 16e-9, 's'],
      [5e-3, 's42005-023-01202-3'],
    ),
    target(
      'V3',
      'chowdhury-qmc',
      'rate',
      [1.44e6 / seconds('chowdhury-qmc', qmc), 90e9, 'updates/s'],
      [5e-3, 's42005-023-01202-3'],
    ),
    target(
      'V4',
      'kv260-ferrotherm',
      'rate',
      [1.024e6 / seconds('kv260-ferrotherm', lattice), 51.2e9, 'updates/s'],
      [1e-3, ledger],
    ),
    target(
      'V4',
      'kv260-ferrotherm',
      'power above idle',
      [updateJoules('kv260-ferrotherm', lattice) / seconds('kv260-ferrotherm', lattice), 0.5554, 'W'],
      [0.05, ledger],
    ),
    target(
      'V4',
      'kv260-ferrotherm',
      'power with the board',
      [joules('kv260-ferrotherm', lattice) / seconds('kv260-ferrotherm', lattice), 3.69, 'W'],
      [0.01, ledger],
    ),
    target(
      'V5',
      'kv260-writable',
      'rate',
      [256e3 / seconds('kv260-writable', { spins: 256, sweeps: 1000 }), 6.4e9, 'updates/s'],
      [1e-3, ledger],
    ),
    target(
      'V6',
      'kv260-ferrotherm',
      'reading 1,024 states',
      [stated(costOf('kv260-ferrotherm', { spins: 1024, sweeps: 1, reads: 1 }).readSeconds), 7.75e-6, 's'],
      [0.01, ledger],
    ),
    target(
      'V7',
      'dwave-advantage2',
      'sampling, 10 reads',
      [stated(v7.samplingSeconds), 769.4e-6, 's'],
      [exactly, dwave],
    ),
    target('V7', 'dwave-advantage2', 'access, 10 reads', [stated(v7.seconds), 15_831.76e-6, 's'], [exactly, dwave]),
    target(
      'V8',
      'dwave-advantage2',
      'sampling, 1,000 reads',
      [stated(v8.samplingSeconds), 85_860e-6, 's'],
      [exactly, dwave],
    ),
    target('V8', 'dwave-advantage2', 'access, 1,000 reads', [stated(v8.seconds), 101_619.97e-6, 's'], [exactly, dwave]),
    target('V9', 'extropic-z1', 'a sweep', [updateJoules('extropic-z1', z1Sweep), 1.911e-9, 'J'], [1e-3, z1]),
    target(
      'V9',
      'extropic-z1',
      'sampling power',
      [updateJoules('extropic-z1', z1Sweep) / seconds('extropic-z1', z1Sweep), 95.56e-3, 'W'],
      [1e-3, z1],
    ),
    target(
      'V10',
      'pbit-asic-28nm',
      'power at its peak',
      [updateJoules('pbit-asic-28nm', asicSweeps) / seconds('pbit-asic-28nm', asicSweeps), 36.3e-3, 'W'],
      [0.01, asic],
    ),
    target(
      'V10',
      'pbit-asic-28nm',
      'updates a cycle',
      [(27_648 * 1e6) / seconds('pbit-asic-28nm', asicSweeps) / asicHz, 216, ''],
      [0.01, asic],
    ),
    target(
      'V10',
      'pbit-asic-28nm',
      'cycles of a sweep',
      [(seconds('pbit-asic-28nm', asicSweeps) / 1e6) * asicHz, 128, ''],
      [0.01, asic],
    ),
    target(
      'V11',
      'extropic-dtca',
      'a sample of one layer',
      [updateJoules('extropic-dtca', { spins: 4900, sweeps: 250 }), 1.6e-9, 'J'],
      [0.05, 'arXiv:2510.23972, 250 iterations assumed'],
    ),
    target(
      'V12',
      'toshiba-fpga-2019',
      'a step of 2,048 spins',
      [seconds('toshiba-fpga-2019', step) / 1000, 2.24e-6, 's'],
      [0.01, 'FPL.2019.00019'],
    ),
    target(
      'V12',
      'toshiba-fpga-2019',
      'couplings of all steps in a second, 10⁹',
      [(1000 * 2048 ** 2) / seconds('toshiba-fpga-2019', step) / 1e9, 1873, ''],
      [0.01, 'FPL.2019.00019'],
    ),
    target(
      'V13',
      'cuising',
      'rate',
      [(2 ** 24 * 100) / seconds('cuising', gpu), 766.26e9, 'updates/s'],
      [5e-3, 'NVIDIA/ising-gpu'],
    ),
    ...cifarBlocks().flatMap(({ block, tensors }, n) => {
      const [thousands, couplings] = table2[n] ?? [0, 0];
      const spins = block.banks.reduce((sum, bank) => sum + spinCountOf(bank), 0);
      return [
        target(
          'V14',
          '',
          `thousands of spins of block ${n + 1}`,
          [Math.round(spins / 1000), thousands, ''],
          [0, 'the paper, Table 2'],
        ),
        target(
          'V14',
          '',
          `couplings of block ${n + 1}, millions`,
          [blockCounts(block, tensors).nominal / 1e6, couplings / 1e6, ''],
          [0.013, 'the paper, Table 2'],
        ),
      ];
    }),
    target(
      'V16',
      'dsim-1',
      'an update, at the wall',
      [joules('dsim-1', wall) / 5e10, 65e-12, 'J'],
      [0.1, 'arXiv:2606.25313: 59 to 71 pJ'],
    ),
  ];
}

/** Relative difference of the model from what is published. */
export const deviationOf = ({ model, published }: ValidationTarget): number => model / published - 1;
