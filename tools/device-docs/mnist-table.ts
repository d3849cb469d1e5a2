/** Section 5.12 of docs/devices.md: the shipped MNIST network on emulated machines. */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fpgaSim from '@isinglass/backend-fpga-sim';
import * as cli from '@isinglass/cli';
import { compile } from '@isinglass/compiler';
import {
  type CostedRun,
  classesOf,
  type DeviceProfile,
  openDevice,
  type Program,
  type RunCost,
  type RunReport,
  runCost,
  Session,
  type Stated,
} from '@isinglass/sdk';
import { nodeHostRuntime } from '@isinglass/sdk/host-onnx-node';
import { parseMachineUri } from '../../packages/backend-fpga-sim/src/parameters/machine-uri.ts';
import { addersOf, utilisation } from '../../packages/backend-fpga-sim/src/timing/utilisation.ts';
import { code, numberText, rounded, table, withPrefix } from './cells.ts';

/** By device: accuracies, which take minutes of a machine to make anew. */
export interface MnistAccuracy {
  readonly uri: string;
  /** Of the test set, from the first on. */
  readonly images: number;
  /** Of them. */
  readonly read: number;
}

/** Lanes are emulated a hundred times as slowly. */
export const mnistMachines = [
  { uri: 'fpga-sim:conv-s', is: '1,024 adders, 200 MHz', images: 10_000 },
  { uri: 'fpga-sim:conv-m', is: '8,192 adders, 250 MHz', images: 10_000 },
  { uri: 'fpga-sim:conv-l', is: '32,768 adders, 250 MHz', images: 10_000 },
  { uri: 'fpga-sim:asic28', is: '8,192 adders in 28 nm, 140 MHz', images: 10_000 },
  {
    uri: 'fpga-sim:toy?spins=16384&degree=1024&lanes=64&couplingsPerLane=16&couplingSlots=16777216&format=s5.10&tableEntries=2048&link=dma',
    is: '64 lanes of 16 couplings, 100 MHz',
    images: 200,
  },
] as const;

const accuracyFile = new URL('mnist-accuracies.json', import.meta.url);
const folder = fileURLToPath(new URL('../../models/mnist-1block/', import.meta.url));
const seed = 7n;
/** A quarter of them is discarded. */
const sweeps = 187;

/** The shipped network as the demo compiles it. */
async function compiled(): Promise<Program> {
  const { program } = await compile(new Uint8Array(readFileSync(`${folder}mnist-1block.onnx`)), {
    name: 'mnist-1block',
    input: cli.cardInput(`${folder}mnist-1block.card.json`),
    weightBits: 7,
    delta: 0.2,
    sweeps,
    readout: 'spin-sum',
  });
  return program;
}

interface Ran {
  readonly report: RunReport;
  readonly profile: DeviceProfile;
}

/** The first images of the test set on a machine. */
async function run(program: Program, uri: string, count: number): Promise<Ran> {
  const [input] = program.json.inputs;
  if (input === undefined) throw new TypeError('the program has no input');
  const images = cli.firstItems(cli.readImages(`${folder}test-images.idx3.gz`, input), count);
  const device = await openDevice(uri, { backends: [fpgaSim] });
  const session = await Session.open(program, device, { host: nodeHostRuntime() });
  try {
    return { report: await session.run(images, { seed }), profile: device.profile };
  } finally {
    await session.close();
    await device.close();
  }
}

/** Images whose digit was read. */
function digitsRead(program: Program, { report }: Ran): number {
  const [output] = program.json.outputs;
  const value = report.outputs[output?.name ?? ''];
  if (value === undefined) throw new TypeError('the program has no output');
  const labels = cli.readLabels(`${folder}test-labels.idx1.gz`, { images: report.images, limit: report.images });
  return classesOf(value).filter((digit, n) => digit === labels[n]).length;
}

/** What one image takes, its states in and its sums out included, and what the first takes besides: weights, tables and descriptors. */
interface MnistCost {
  readonly cycles: number;
  readonly seconds: number;
  readonly joulesByTerm: RunCost['joulesByTerm'];
  readonly joules: RunCost['joules'];
  /** Of all numbers that went into seconds and joules, the weakest. */
  readonly grade: RunCost['grade'];
  /** Of the adders, over all cycles but those of the link. */
  readonly utilisation: number | null;
  readonly loadingSeconds: number;
}

/** The same for any images: no data change the cycles of a machine. */
async function mnistCost(uri: string, program: Program): Promise<MnistCost> {
  const one = await run(program, uri, 1);
  const two = await run(program, uri, 2);
  const image = difference(two.report, one.report);
  const cost = runCost(one.profile, image);
  const { total, byCause } = cost.cycles ?? { total: 0, byCause: {} };
  const seconds = Number(cost.seconds);
  const adders = addersOf(parseMachineUri(uri).parameters);
  return {
    cycles: total,
    seconds,
    joules: cost.joules,
    joulesByTerm: cost.joulesByTerm,
    grade: cost.grade,
    utilisation:
      adders === null
        ? null
        : utilisation({ synapticOperations: image.work.synapticOperations, cycles: total - (byCause.io ?? 0), adders }),
    loadingSeconds: (one.report.counters.deviceNs ?? Number.NaN) / 1e9 - seconds,
  };
}

/** The work and the counters of a run less those of another. */
function difference(a: RunReport, b: RunReport): CostedRun {
  const cycles = Object.fromEntries(
    Object.entries(a.counters.cycles ?? {}).map(([cause, count]) => [cause, count - (b.counters.cycles?.[cause] ?? 0)]),
  );
  const less = (of: (report: RunReport) => number | undefined): number => (of(a) ?? 0) - (of(b) ?? 0);
  return {
    work: {
      updates: less(({ updates }) => updates),
      synapticOperations: less(({ synapticOperations }) => synapticOperations),
    },
    rowSweeps: sweeps,
    counters: {
      cycles,
      deviceNs: less(({ counters }) => counters.deviceNs),
      bytesIn: less(({ counters }) => counters.bytesIn),
      bytesOut: less(({ counters }) => counters.bytesOut),
    },
  };
}

const stated = (joules: Stated): string => (joules === 'unstated' ? joules : withPrefix(joules, 'J', 3));

/** Measures them anew and keeps them: half an hour. */
export async function recordAccuracies(): Promise<void> {
  const program = await compiled();
  const measured: MnistAccuracy[] = [];
  for (const { uri, images } of mnistMachines) {
    measured.push({ uri, images, read: digitsRead(program, await run(program, uri, images)) });
  }
  writeFileSync(accuracyFile, `${JSON.stringify(measured, null, 2)}\n`);
}

/** Costs as the machines have them now, beside accuracies as they were measured. */
export async function mnistTable(): Promise<string> {
  const accuracies: readonly MnistAccuracy[] = JSON.parse(readFileSync(accuracyFile, 'utf8'));
  const program = await compiled();
  const rows: string[][] = [];
  for (const { uri, is } of mnistMachines) {
    const accuracy = accuracies.find((each) => each.uri === uri);
    if (accuracy === undefined) throw new TypeError(`no accuracy of ${uri}: node tools/device-docs.ts --accuracies`);
    const { images, read } = accuracy;
    const share = `${((100 * read) / images).toFixed(2)} % of ${numberText(images)}`;
    rows.push([code(uri), is, share, ...costCells(await mnistCost(uri, program))]);
  }
  return table(
    [
      'machine',
      'is',
      'accuracy',
      'cycles',
      'time',
      'adders in use',
      'J of couplings',
      'J of updates',
      'J in sum',
      'grade',
      'loading, once',
    ],
    rows,
  );
}

function costCells(cost: MnistCost): string[] {
  return [
    numberText(cost.cycles),
    withPrefix(cost.seconds, 's', 3),
    cost.utilisation === null ? '–' : `${rounded(100 * cost.utilisation, 3)} %`,
    stated(cost.joulesByTerm.synapticOperation),
    // An energy of 0 is contained in another.
    cost.joulesByTerm.update === 0 ? 'in couplings' : stated(cost.joulesByTerm.update),
    stated(cost.joules),
    cost.grade ?? '–',
    withPrefix(cost.loadingSeconds, 's', 3),
  ];
}
