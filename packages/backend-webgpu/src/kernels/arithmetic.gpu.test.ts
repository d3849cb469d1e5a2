/** The arithmetic that kernels share, function by function against the sdk's. */
import { fieldLimit, type Multiplier, philox4x32, scaled, scaledMeans, temper } from '@isinglass/sdk';
import { Dice } from '@isinglass/sdk/testing';
import { describe, expect } from 'vitest';
import { gpuTest } from '../../test/support/gpu-test.ts';
import { GpuMemory } from '../gpu/gpu-memory.ts';
import { preludes } from './generated/shaders.ts';

/** What a function of a prelude gives for many arguments: words in rows of `argumentsCount`, words out in rows of `resultsCount`. */
async function computed(
  device: GPUDevice,
  o: {
    readonly prelude: keyof typeof preludes;
    /** Reads `given[at + n]`, writes `found[to + n]`. */
    readonly body: string;
    readonly argumentsCount: number;
    readonly resultsCount: number;
    readonly given: Uint32Array<ArrayBuffer>;
  },
): Promise<Int32Array> {
  const count = o.given.length / o.argumentsCount;
  const memory = new GpuMemory(device);
  const given = memory.filled('given', o.given);
  const found = memory.storage('found', 4 * count * o.resultsCount);
  const staging = memory.staging('staging', found.size);
  const code = [
    preludes[o.prelude],
    '@group(0) @binding(0) var<storage, read> given: array<u32>;',
    '@group(0) @binding(1) var<storage, read_write> found: array<u32>;',
    '@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {',
    `  if (id.x >= ${count}u) { return; }`,
    `  let at = ${o.argumentsCount}u * id.x; let to = ${o.resultsCount}u * id.x;`,
    `  ${o.body}`,
    '}',
  ].join('\n');
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const entries = [given, found].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(Math.ceil(count / 64));
  pass.end();
  encoder.copyBufferToBuffer(found, 0, staging, 0, found.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const words = new Int32Array(staging.getMappedRange().slice(0));
  staging.unmap();
  memory.free([given, found, staging]);
  return words;
}

describe('the arithmetic of kernels is that of the sdk', () => {
  gpuTest('random words: Philox4x32-10', async ({ device }) => {
    const dice = new Dice(1, 0);
    const blocks = Array.from({ length: 2000 }, () => Array.from({ length: 6 }, () => dice.word()));
    const edges = [new Array<number>(6).fill(0), new Array<number>(6).fill(0xffff_ffff)];
    const given = [...edges, ...blocks];
    const found = await computed(device, {
      prelude: 'philox',
      body: `let x = philox(vec4<u32>(given[at], given[at + 1u], given[at + 2u], given[at + 3u]), vec2<u32>(given[at + 4u], given[at + 5u]));
        found[to] = x.x; found[to + 1u] = x.y; found[to + 2u] = x.z; found[to + 3u] = x.w;`,
      argumentsCount: 6,
      resultsCount: 4,
      given: Uint32Array.from(given.flat()),
    });
    const expected = given.flatMap((words) => {
      const [c0, c1, c2, c3, k0, k1] = words as [number, number, number, number, number, number];
      const out = new Uint32Array(4);
      philox4x32(c0, c1, c2, c3, k0, k1, out);
      return [...out];
    });
    expect([...new Uint32Array(found.buffer)]).toEqual(expected);
  });

  gpuTest('field units: every shift, sums up to the largest that the law allows', async ({ device }) => {
    const cases = sumsAndMultipliers(2 ** 21 - 1, scaled);
    const found = await computed(device, {
      prelude: 'scaled',
      body: 'found[to] = bitcast<u32>(scaled(bitcast<i32>(given[at]), i32(given[at + 1u]), given[at + 2u]));',
      argumentsCount: 3,
      resultsCount: 1,
      given: Uint32Array.from(cases.flatMap(({ A, m }) => [A, m.M, m.sh])),
    });
    expect([...found]).toEqual(cases.map(({ A, m }) => scaled(A, m)));
  });

  gpuTest('field units of means: every shift, sums 128 times as large', async ({ device }) => {
    const cases = sumsAndMultipliers(2 ** 28 - 1, scaledMeans);
    const found = await computed(device, {
      prelude: 'scaled-means',
      body: 'found[to] = bitcast<u32>(scaled_means(bitcast<i32>(given[at]), given[at + 1u], given[at + 2u] + 7u));',
      argumentsCount: 3,
      resultsCount: 1,
      given: Uint32Array.from(cases.flatMap(({ A, m }) => [A, m.M, m.sh])),
    });
    expect([...found]).toEqual(cases.map(({ A, m }) => scaledMeans(A, m)));
  });

  gpuTest('temperatures: every field below 2²⁶ in size, b from 0 to 65536', async ({ device }) => {
    const dice = new Dice(4, 0);
    const edges = [0, 1, -1, 32767, -32768, 65535, 65536, -65536, fieldLimit - 1, 1 - fieldLimit];
    const fields = [...edges, ...Array.from({ length: 500 }, () => dice.integer(1 - fieldLimit, fieldLimit - 1))];
    const cases = fields.flatMap((u) =>
      [0, 1, 32767, 32768, 65535, 65536, dice.integer(0, 65536)].map((b) => ({ u, b })),
    );
    const found = await computed(device, {
      prelude: 'tempered',
      body: 'found[to] = bitcast<u32>(tempered(bitcast<i32>(given[at]), given[at + 1u]));',
      argumentsCount: 2,
      resultsCount: 1,
      given: Uint32Array.from(cases.flatMap(({ u, b }) => [u, b])),
    });
    expect([...found]).toEqual(cases.map(({ u, b }) => temper(u, b)));
  });
});

/** All shifts, each with the smallest and the largest multiplier; sums to both sides of zero, as far as the field stays below its limit. */
function sumsAndMultipliers(
  largest: number,
  law: (A: number, m: Multiplier) => number,
): readonly { readonly A: number; readonly m: Multiplier }[] {
  const dice = new Dice(2, 0);
  return Array.from({ length: 41 }, (_, sh) => sh).flatMap((sh) =>
    [2 ** 15, 2 ** 16 - 1, dice.integer(2 ** 15, 2 ** 16 - 1)].flatMap((M) => {
      const sums = [0, 1, -1, 127, -128, 255, -256, 256, largest, -largest];
      for (let n = 0; n < 60; n++) sums.push(dice.integer(-(2 ** (n % 28)), 2 ** (n % 28)));
      const m = { M, sh };
      return sums.filter((A) => Math.abs(A) <= largest && Math.abs(law(A, m)) < fieldLimit).map((A) => ({ A, m }));
    }),
  );
}
