/** Sections 4 and 5.10 of docs/devices.md: the paper's CIFAR-10 network, and what convolution engines of three sizes take for it. */
import { type Block, blockCounts, couplingView, freeSpinCount, spinCountOf } from '@isinglass/sdk';
import type { ConvParameters } from '../../packages/backend-fpga-sim/src/parameters/engine-parameters.ts';
import { parseMachineUri } from '../../packages/backend-fpga-sim/src/parameters/machine-uri.ts';
import { totalCycles } from '../../packages/backend-fpga-sim/src/timing/add-cycles.ts';
import { cifarBlocks } from '../../packages/backend-fpga-sim/src/timing/fixtures/cifar-blocks.ts';
import {
  convHalfSweepCycles,
  convHalfSweepEstimate,
  convTiles,
} from '../../packages/backend-fpga-sim/src/timing/formulas/conv-cycles.ts';
import { numberText, rounded, table, withPrefix } from './cells.ts';

const shapeText = (block: Block, bank: number): string => block.banks[bank]?.shape.join(' × ') ?? '';
const millions = (count: number): string => `${rounded(count / 1e6, 4)} M`;

/** What one block takes, in one row for each, and all of them together. */
export function workloadTable(): string {
  let updates = 0;
  let operations = 0;
  let once = 0;
  const rows = cifarBlocks().map(({ block, tensors }, n) => {
    const counts = blockCounts(block, tensors);
    const k2 = block.couplings.find(({ id }) => id === 'k2') as Block['couplings'][number];
    const view = couplingView(k2, block, tensors);
    const [s0, , s2] = block.banks.map(spinCountOf);
    updates += freeSpinCount(block);
    operations += 2 * counts.free;
    once += counts.actual - counts.free;
    return [
      String(n + 1),
      [0, 1, 2].map((bank) => shapeText(block, bank)).join(', '),
      numberText(block.banks.reduce((sum, bank) => sum + spinCountOf(bank), 0)),
      millions(counts.nominal),
      millions(counts.free),
      millions(2 * counts.free),
      numberText(Math.max(view.maxDegree('to'), view.maxDegree('from'))),
      `${rounded((tensors.get('k2')?.data.length ?? 0) / 1e6, 3)} MB`,
      `${numberText(s0 ?? 0)} → ${numberText(s2 ?? 0)}`,
    ];
  });
  const head = [
    'block',
    's0, s1, s2',
    'spins',
    'nominal couplings',
    'couplings of K2',
    'synaptic operations a sweep',
    'degree in K2',
    'weights of K2 in int8',
    'bits in → out',
  ];
  const sums = [
    `Together ${millions(updates)} updates and ${rounded(operations / 1e9, 3)}·10⁹ synaptic operations a sweep of all blocks,`,
    `and ${rounded(once / 1e9, 3)}·10⁹ once for each image through pinned spins.`,
  ];
  return `${table(head, rows)}\n\n${sums.join(' ')}`;
}

const sets = ['conv-s', 'conv-m', 'conv-l'] as const;
const clockMHz = 250;
/** Sweeps of all six blocks together, and the accuracy that the paper has for them. */
const sweepCounts = [
  [102, '89 %'],
  [2000, '92.1 %'],
  [30_000, '94.9 %'],
] as const;

export function predictionsTable(): string {
  const rows = sets.map((set) => {
    const { parameters } = parseMachineUri(`fpga-sim:${set}?clockMHz=${clockMHz}`);
    if (parameters.engine !== 'conv') throw new Error(`${set} is no convolution engine`);
    const { estimate, walked } = cyclesOfAllBlocks(parameters);
    const seconds = (cycles: number, sweeps: number): string =>
      withPrefix(((sweeps / 6) * cycles) / parameters.clockHz, 's', 3);
    return [
      `\`${set}\`, ${numberText(parameters.channels * parameters.taps * parameters.pixels)} adders`,
      ...sweepCounts.map(([sweeps]) => `${seconds(estimate, sweeps)} / ${seconds(walked, sweeps)}`),
    ];
  });
  return table(
    ['machine', ...sweepCounts.map(([sweeps, accuracy]) => `${numberText(sweeps)} sweeps (${accuracy})`)],
    rows,
  );
}

/** J of a synaptic operation, and where the number comes from (2.1). */
const operationJoules = [
  ['FPGA fabric, an upper bound', 2.7e-12],
  ['28 nm chip', 0.08e-12],
  ['Z1 in SPICE, if it had such a degree', 0.44e-15],
] as const;

export function predictedJoulesTable(): string {
  const operations = cifarBlocks().reduce((sum, { block, tensors }) => sum + 2 * blockCounts(block, tensors).free, 0);
  const rows = operationJoules.map(([name, joules]) => [
    `${name}: ${withPrefix(joules, 'J', 2)}`,
    ...sweepCounts.map(([sweeps]) => withPrefix((sweeps / 6) * operations * joules, 'J', 2)),
  ]);
  return table(['a synaptic operation', ...sweepCounts.map(([sweeps]) => `${numberText(sweeps)} sweeps`)], rows);
}

/** Of one sweep of each block: the estimate of 5.5, and what the engine takes with its weights on chip. */
function cyclesOfAllBlocks(p: ConvParameters): { readonly estimate: number; readonly walked: number } {
  const array = { ...p, drawCycles: 0, cyclesPerWeightRow: 0 };
  let estimate = 0;
  let walked = 0;
  for (const { block } of cifarBlocks()) {
    const [channels = 0, height = 0, width = 0] = block.banks[1]?.shape ?? [];
    const bank = { channels, pixels: height * width, taps: [9 * channels] };
    estimate += 2 * convHalfSweepEstimate(bank, array);
    walked += 2 * totalCycles(convHalfSweepCycles(convTiles(bank, array), array));
  }
  return { estimate, walked };
}
