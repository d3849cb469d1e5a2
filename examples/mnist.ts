/**
 * The demo: a trained digit classifier becomes an Ising program, and the spins of that program read the MNIST test set.
 *
 *     npx --yes pnpm@12.21.0 demo          all 10,000 test images
 *     npx --yes pnpm@12.21.0 demo 50       the first 50
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as cli from '@isinglass/cli';
import { compile } from '@isinglass/compiler';
import {
  type Backend,
  classesOf,
  listDevices,
  openDevice,
  type RunReport,
  Session,
  type SessionRunOptions,
  writeProgram,
} from '@isinglass/sdk';
import { nodeHostRuntime } from '@isinglass/sdk/host-onnx-node';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const folder = 'models/mnist-1block/';
const programFile = 'out/mnist-1block.isg';
const seed = 7n;
const began = performance.now();

// 1. Compile: the network's thermodynamic block becomes spins and couplings, the rest small ONNX graphs for the host.
const model = new Uint8Array(await readFile(`${folder}mnist-1block.onnx`));
const pixels = cli.cardInput(`${folder}mnist-1block.card.json`);
const options = {
  name: 'mnist-1block',
  input: pixels,
  weightBits: 7,
  delta: 0.2,
  sweeps: 8,
  readout: 'conditional-sum',
} as const;
const { program, report: compiled } = await compile(model, options);
const bytes = writeProgram(program);
await mkdir('out', { recursive: true });
await writeFile(programFile, bytes);
console.log(`Compiled ${folder}mnist-1block.onnx to ${programFile} (${cli.formatCount(bytes.length)} bytes).`);

// 2. The images: every one pins the input spins; the others are sampled, and their averages say the digit.
const [input] = program.json.inputs;
const [output] = program.json.outputs;
if (input === undefined || output === undefined) throw new Error('the program has no input or no output');
const shipped = cli.readImages(`${folder}test-images.idx3.gz`, input);
const [all = 0] = shipped.shape;
const count = Number(process.argv[2] ?? all);
if (!(Number.isInteger(count) && count >= 1 && count <= all)) {
  console.error(`demo: ${process.argv[2]} is not a number of test images; 1 to ${cli.formatCount(all)} are shipped`);
  process.exit(2);
}
const images = cli.firstItems(shipped, count);
const labels = cli.readLabels(`${folder}test-labels.idx1.gz`, { images: count, limit: count });
const cpu = (await listDevices()).find(({ uri }) => uri === 'cpu');
const ofAll = `${cli.formatCount(count)} of ${cli.formatCount(all)} test images`;
console.log(`Sampling ${ofAll} on device cpu (${cpu?.label}), seed ${seed}.\n`);

// 3. Sample: few sweeps that sum what every spin would do on average, then the paper's way, which counts what spins do.
const conditional = await run('cpu', { readout: 'conditional-sum', sweeps: 8 });
const counted = await run('cpu', { readout: 'spin-sum', sweeps: 187 });

// 4. Compare: with the program evaluated feed-forward, without sampling, and with the network in onnxruntime.
const feedForward = await run('feed-forward', {}, [cli.feedForwardBackend]);
const network = await runNetwork();

const evaluated = digitsOf(feedForward);
const row = (name: string, digits: readonly number[], seconds: number, operations?: number) => [
  name,
  cli.formatShare(equalShare(digits, labels)),
  cli.formatShare(equalShare(digits, evaluated)),
  seconds.toFixed(1),
  ((1000 * seconds) / count).toFixed(2),
  operations === undefined ? '' : (operations / seconds / 1e9).toFixed(0),
];
const sampled = (name: string, report: RunReport) =>
  row(name, digitsOf(report), report.seconds, report.synapticOperations);
const { totals } = compiled;
console.log(
  cli.formatTable(
    rightAligned([
      ['', 'accuracy', 'as feed-forward', 'seconds', 'ms per image', 'GSOP/s'],
      sampled('Ising, conditional-sum, 8 sweeps', conditional),
      sampled('Ising, spin-sum, 187 sweeps', counted),
      row('the program feed-forward', evaluated, feedForward.seconds),
      row('the original network', network.digits, network.seconds),
    ]),
  ),
);
console.log(`${cli.formatTable([
  ['images', ofAll],
  ['spins per image', `${cli.formatCount(totals.freeSpins)} sampled, ${cli.formatCount(totals.pinnedSpins)} pinned`],
  ['couplings', cli.formatCount(totals.couplings.actual)],
  ['multiply-adds offloaded', cli.formatShare(totals.multiplyAdds.offloadedShare)],
  ['program', programFile],
  ['all of this took', `${((performance.now() - began) / 1000).toFixed(1)} s`],
])}
Seconds are of the whole run, encoder and decoder included; the original network runs in onnxruntime, on one thread.
GSOP/s: 10⁹ synaptic operations per second; one of them adds one coupling to one local field.

What to try next:
  npx --yes pnpm@12.21.0 --silent isinglass inspect ${programFile}
  npx --yes pnpm@12.21.0 --silent isinglass run ${programFile} --images ${folder}test-images.idx3.gz \\
      --labels ${folder}test-labels.idx1.gz --limit 1000 --sweeps 96 --delta 0.1 --compare feed-forward`);

/** All images through the whole program on a device. */
async function run(
  uri: string,
  o: Omit<SessionRunOptions, 'seed'>,
  backends: readonly Backend[] = [],
): Promise<RunReport> {
  const device = await openDevice(uri, { backends });
  const session = await Session.open(program, device, { host: nodeHostRuntime() });
  const progress = cli.startProgress({ total: count, unit: 'images' });
  const note = o.readout === undefined ? uri : `${o.readout}, ${o.sweeps} sweeps`;
  try {
    const running = session.run(images, { ...o, seed });
    for await (const { fraction } of running) progress.update(Math.floor(fraction * count), note);
    return await running;
  } finally {
    progress.stop();
    await session.close();
    await device.close();
  }
}

/** The digits that the original network sees, a thousand images at a time. */
async function runNetwork(): Promise<{ readonly digits: readonly number[]; readonly seconds: number }> {
  const graph = await nodeHostRuntime().load(model, { signal: new AbortController().signal });
  const startedMs = performance.now();
  const { data, shape } = cli.normalisedPixels(images, pixels);
  const size = data.length / count;
  const digits: number[] = [];
  for (let first = 0; first < count; first += 1000) {
    const part = Float32Array.from(data.slice(first * size, (first + 1000) * size), Number);
    const [logits] = await graph.run([{ dtype: 'f32', shape: [part.length / size, ...shape.slice(1)], data: part }]);
    if (logits === undefined) throw new Error('the network has no output');
    digits.push(...classesOf(logits));
  }
  const seconds = (performance.now() - startedMs) / 1000;
  await graph.close();
  return { digits, seconds };
}

function digitsOf(report: RunReport): readonly number[] {
  const value = report.outputs[output?.name ?? ''];
  if (value === undefined) throw new Error('the run has no output');
  return classesOf(value);
}

function equalShare(a: readonly number[], b: readonly number[]): number {
  return a.filter((digit, n) => digit === b[n]).length / count;
}

/** All columns but the first. */
function rightAligned(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const width = (column: number) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0));
  return rows.map((cells) => cells.map((cell, column) => (column === 0 ? cell : cell.padStart(width(column)))));
}
