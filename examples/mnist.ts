/**
 * The demo: a trained digit classifier becomes an Ising program, and the spins of that program read real digits.
 *
 *     npx --yes pnpm@12.21.0 demo          as many of the 1,000 shipped images as take half a minute
 *     npx --yes pnpm@12.21.0 demo 50       the first 50
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as cli from '@isinglass/cli';
import { compile } from '@isinglass/compiler';
import {
  classesOf,
  type Device,
  type HostTensor,
  openDevice,
  type RunReport,
  Session,
  writeProgram,
} from '@isinglass/sdk';
import { nodeHostRuntime } from '@isinglass/sdk/host-onnx-node';

const [wanted] = process.argv.slice(2).map(Number);
const secondsWanted = 25;
const sweeps = 24;
const delta = 0.2;

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const folder = 'models/mnist-1block/';
const programFile = 'out/mnist-1block.isg';

// 1. Compile: the network's thermodynamic block becomes spins and couplings, the rest small ONNX graphs for the host.
const model = new Uint8Array(await readFile(`${folder}mnist-1block.onnx`));
const pixels = cli.cardInput(`${folder}mnist-1block.card.json`);
const options = {
  name: 'mnist-1block',
  input: pixels,
  weightBits: 7,
  delta,
  sweeps,
  readout: 'conditional-sum',
} as const;
const { program, report: compiled } = await compile(model, options);
const bytes = writeProgram(program);
await mkdir('out', { recursive: true });
await writeFile(programFile, bytes);
console.log(`Compiled ${folder}mnist-1block.onnx to ${programFile} (${cli.formatCount(bytes.length)} bytes).`);

// 2. Run it: every image pins the input spins; the others are sampled for 24 sweeps, and their means say the digit.
const [input] = program.json.inputs;
const [output] = program.json.outputs;
if (input === undefined || output === undefined) throw new Error('the program has no input or no output');
const shipped = cli.readImages(`${folder}test-images-1000.idx3.gz`, input);
const labels = cli.readLabels(`${folder}test-labels-1000.idx1.gz`, { images: 1000 });
const host = nodeHostRuntime();
const cpu = await openDevice('cpu');
const count = wanted ?? (await imagesWithin(secondsWanted, cpu));
if (!(Number.isInteger(count) && count >= 1 && count <= 1000)) throw new RangeError('1 to 1,000 images are shipped');
const images = cli.firstItems(shipped, count);
console.log(`Sampling ${count} of 1,000 test images on ${cpu.profile.name}: ${sweeps} sweeps each, seed 7.`);
const sampled = await run(cpu, images, 'sampling');

// 3. Compare: with the program evaluated feed-forward, without sampling, and with the network in onnxruntime.
const evaluator = await openDevice('feed-forward', { backends: [cli.feedForwardBackend] });
const feedForward = await run(evaluator, images, 'feed-forward, to compare');
const graph = await host.load(model, { signal: new AbortController().signal });
const [logits] = await graph.run([cli.normalisedPixels(images, pixels)]);
await graph.close();
if (logits === undefined) throw new Error('the network has no output');
const said = {
  ising: classesOf(outputOf(sampled)),
  feedForward: classesOf(outputOf(feedForward)),
  network: classesOf(logits),
};
const equal = (a: readonly number[], b: readonly number[]) => a.filter((digit, n) => digit === b[n]).length / count;

const { totals } = compiled;
console.log(`
${cli.formatTable([
  ['accuracy, Ising', cli.formatShare(equal(said.ising, labels))],
  ['accuracy, program feed-forward', cli.formatShare(equal(said.feedForward, labels))],
  ['accuracy, original network', cli.formatShare(equal(said.network, labels))],
  ['Ising and feed-forward agree', cli.formatShare(equal(said.ising, said.feedForward))],
  ['images', `${count} of 1,000`],
  ['sweeps', sweeps],
  ['spins per image', `${cli.formatCount(totals.freeSpins)} sampled, ${cli.formatCount(totals.pinnedSpins)} pinned`],
  ['couplings', cli.formatCount(totals.couplings.actual)],
  ['multiply-adds offloaded', cli.formatShare(totals.multiplyAdds.offloadedShare)],
  ['time per image', `${((1000 * sampled.seconds) / count).toFixed(1)} ms`],
  ['program', programFile],
])}
What to try next:
  npx --yes pnpm@12.21.0 --silent isinglass inspect ${programFile}
  npx --yes pnpm@12.21.0 --silent isinglass run ${programFile} --images ${folder}test-images-1000.idx3.gz \\
      --labels ${folder}test-labels-1000.idx1.gz --limit 100 --sweeps 96 --compare feed-forward`);

/** The whole program on a device; the note says what the progress bar is about. */
async function run(device: Device, batch: HostTensor, note: string): Promise<RunReport> {
  const session = await Session.open(program, device, { host });
  const total = batch.shape[0] ?? 0;
  const progress = cli.startProgress({ total, unit: 'images' });
  try {
    const running = session.run(batch, { seed: 7n });
    for await (const { fraction } of running) progress.update(Math.floor(fraction * total), note);
    return await running;
  } finally {
    progress.stop();
    await session.close();
  }
}

/** How many images the device samples in so many seconds, at most all; from a short run. */
async function imagesWithin(seconds: number, device: Device): Promise<number> {
  const trial = 20;
  const { seconds: taken } = await run(device, cli.firstItems(shipped, trial), 'how fast is this machine?');
  return Math.min(1000, Math.max(trial, Math.floor((seconds / taken) * trial)));
}

function outputOf(report: RunReport) {
  const value = report.outputs[output?.name ?? ''];
  if (value === undefined) throw new Error('the run has no output');
  return value;
}
