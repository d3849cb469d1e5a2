/**
 * Fuzzes the compiler with damaged models.
 *
 *   node packages/compiler/test/fuzz/fuzz-onnx.ts --cases 1000000 --seed 1
 *   node packages/compiler/test/fuzz/fuzz-onnx.ts --seed 1 --only 4711 --save case.onnx
 *
 * A case fails when compiling throws anything but an InvalidModelError or a DoesNotFitError, or takes more than two
 * seconds of processor time. The process fails when its memory passes 512 MB. Prints one line of JSON: how many cases compiled, how many
 * had which error.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isIsinglassError } from '@isinglass/sdk';
import { type Mutation, mutation } from '@isinglass/sdk/testing';
import { compile } from '../../src/compile.ts';
import { isinglass } from '../../src/onnx/generated/onnx.js';
import { encodeModel, OnnxBuilder } from '../support/onnx-builder.ts';
import { randomBlock } from '../support/random-block.ts';
import { mutateOnnxFile } from './onnx-mutations.ts';

const caseMsMax = 2000;
const memoryBytesMax = 512 * 2 ** 20;
const sourceBytesMax = 20_000;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    save: { type: 'string' },
  },
});
const sources = readSources();
const seed = Number(values.seed);
const make = (index: number) => mutation(sources, { seed, index, structured: mutateOnnxFile });

if (values.only !== undefined) {
  const one = make(Number(values.only));
  if (values.save !== undefined) writeFileSync(values.save, one.bytes);
  console.log(
    JSON.stringify({ case: one.index, done: one.done, bytes: one.bytes.length, outcome: await outcomeOf(one) }),
  );
} else {
  await runAll(Number(values.cases));
}

async function runAll(cases: number): Promise<void> {
  const outcomes: Record<string, number> = {};
  let slowest = { ms: 0, index: 0 };
  for (let index = 0; index < cases; index++) {
    const one = make(index);
    const start = process.cpuUsage();
    const outcome = await outcomeOf(one);
    const { user, system } = process.cpuUsage(start);
    const ms = (user + system) / 1000;
    if (ms > slowest.ms) slowest = { ms: Math.round(ms), index };
    if (ms > caseMsMax) fail(one, `took ${ms.toFixed(0)} ms`);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  const memoryBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ cases, seed, outcomes, slowest, memoryBytes }));
  if (memoryBytes > memoryBytesMax) {
    console.error(`memory: ${memoryBytes} bytes, above ${memoryBytesMax}`);
    process.exitCode = 1;
  }
}

/** `compiled`, or the code of the error. */
async function outcomeOf(one: Mutation): Promise<string> {
  try {
    await compile(
      { model: one.bytes, external: async () => new Uint8Array(2048) },
      { binaryInputs: inputsOf(one.bytes).filter((name) => name === 'x' || name === 'spins') },
    );
    return 'compiled';
  } catch (e) {
    if (isIsinglassError(e) && (e.code === 'invalid-model' || e.code === 'does-not-fit')) return e.code;
    return fail(one, e instanceof Error ? (e.stack ?? e.message) : String(e));
  }
}

/** Inputs without a constant, where the file can be read at all. */
function inputsOf(bytes: Uint8Array): readonly string[] {
  try {
    const { graph } = isinglass.onnx.ModelProto.decode(bytes);
    const constants = new Set(graph?.initializer?.map(({ name }) => name));
    return (graph?.input ?? []).flatMap((info) =>
      constants.has(info.name) || info.type?.tensorType?.elemType === 2 ? [] : (info.name ?? ''),
    );
  } catch {
    return [];
  }
}

function fail(one: Mutation, reason: string): never {
  console.error(`case ${one.index} of seed ${seed} (${one.done}): ${reason}`);
  process.exit(1);
}

/** What both exporters wrote, random blocks, and a network that pads, reshapes and folds more than most. */
function readSources(): readonly Uint8Array[] {
  const folder = new URL('../fixtures/torch/', import.meta.url);
  const exported = readdirSync(folder)
    .filter((name) => name.endsWith('.onnx'))
    .sort()
    .map((name) => Uint8Array.from(readFileSync(new URL(name, folder))));
  const drawn = Array.from({ length: 12 }, (_, i) => randomBlock(i).model);
  return [...exported, ...drawn, busyModel()].filter((file) => file.length <= sourceBytesMax);
}

function busyModel(): Uint8Array {
  const b = new OnnxBuilder({ style: 'torchscript' });
  b.input('image', ['batch', 2, 6, 6]);
  const x = b.sign(b.zeroPad('image', [1, 0, 0, 1]));
  const k1 = b.conv(b.zeroPad(x, [0, 1, 1, 0]), { shape: [3, 2, 3, 3], weights: Array(54).fill(0.1), strides: [2, 2] });
  const flat = b.node('Reshape', [b.tanh(k1), b.constant([0, -1], [2], 'int64')]);
  const y = b.sign(b.gemm(flat, Array(5 * 27).fill(0.2), [5, 27], Array(5).fill(0.3)));
  const shape = b.node(
    'Concat',
    [
      b.node('Gather', [b.node('Shape', [y]), b.constant([0], [1], 'int64')], { axis: 0 }),
      b.constant([5], [1], 'int64'),
    ],
    { axis: 0 },
  );
  b.node('Reshape', [y, shape], {}, { outputs: ['out'] });
  b.output('out', ['batch', 5]);
  return encodeModel(b.proto());
}
