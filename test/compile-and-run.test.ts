/** The whole path under both laws: an ONNX file, compiled, written, read and sampled, against onnxruntime on the file. */
import cpu from '@isinglass/backend-cpu';
import { compile } from '@isinglass/compiler';
import { openDevice, readProgram, Session, unpackSpins, writeProgram } from '@isinglass/sdk';
import { nodeHostRuntime } from '@isinglass/sdk/host-onnx-node';
import { expect, test } from 'vitest';
import { OnnxBuilder } from '../packages/compiler/test/support/onnx-builder.ts';
import { runOnnx } from '../packages/compiler/test/support/onnxruntime.ts';
import { dice } from '../packages/compiler/test/support/random-block.ts';

const images = 16;
const shape = [2, 4, 4];
const delta = 0.02;
const sweeps = 401;

function numbers(seed: number, count: number): Float32Array<ArrayBuffer> {
  const random = dice(seed);
  return Float32Array.from({ length: count }, () => random() * 2 - 1);
}

const k2 = numbers(3, 9 * 3 * 2);
const image = { shape: [images, ...shape], data: numbers(20, images * 32) };

/** Image → Sign → block of three convolutions → Sign `y`; with `z2` of the block as a second output where asked for. */
function network(o: { readonly probe: boolean }): Uint8Array<ArrayBuffer> {
  const b = new OnnxBuilder();
  const conv = (x: string, to: number, weights: Float32Array, seed: number) =>
    b.conv(x, {
      shape: [to, weights.length / (9 * to), 3, 3],
      weights,
      bias: numbers(seed, to),
      pads: [1, 1, 1, 1],
    });
  const x = b.sign(b.input('image', ['batch', ...shape]));
  const main = conv(b.tanh(conv(x, 3, numbers(1, 54), 2)), 2, k2, 4);
  const z2 = b.add(main, conv(x, 2, numbers(5, 36), 6));
  b.node('Sign', [z2], {}, { outputs: ['y'] });
  b.output('y', ['batch', ...shape]);
  return (o.probe ? b.output(z2, ['batch', ...shape]) : b).bytes();
}

/**
 * Hypothesis: the sign of a spin's sum is the sign of its z2. One sample of z2 deviates by at most ‖K2‖ (rms over the hidden
 * spins, given x), K = 301 nearly independent ones by ‖K2‖/√K; the output acts back on z2 by at most δ‖K2‖². Where |z2|
 * exceeds 6.5 of the former plus the latter, a wrong sign has a probability below 10⁻¹⁰; all of them together below 10⁻⁷.
 * Weights of 8 bits change z2 directly by at most 45 terms · half a step of 1/127, 0.18, and through z1 by 0.03 (rms): 0.4 is
 * allowed for both.
 */
test.each(['fixed', 'real'] as const)('compiled for the %s law, the signs are those of the network', async (law) => {
  const { program } = await compile(network({ probe: false }), {
    law,
    ...(law === 'fixed' ? { weightBits: 8 } : {}),
    delta,
    sweeps,
    readout: 'conditional-sum',
  });
  const device = await openDevice('cpu', { backends: [cpu] });
  const session = await Session.open(readProgram(writeProgram(program)), device, { host: nodeHostRuntime() });
  const { outputs } = await session.run({ dtype: 'f32', ...image }, { seed: 5n });
  await session.close();
  await device.close();

  const { y } = outputs;
  if (y === undefined || !('words' in y)) throw new Error('y is a spin value');
  const signs = unpackSpins(y);
  const z2 = [...(await runOnnx(network({ probe: true }), [image])).values()][1]?.data ?? new Float32Array();
  expect(signs.length).toBe(z2.length);
  const norm = [k2.subarray(0, 27), k2.subarray(27)].map((row) => Math.hypot(...row));
  const retained = sweeps - Math.floor(sweeps / 4);
  let compared = 0;
  z2.forEach((z, i) => {
    const n = norm[Math.floor(i / 16) % 2] as number;
    if (Math.abs(z) < (6.5 * n) / Math.sqrt(retained) + delta * n * n + 0.4) return;
    compared++;
    expect(signs[i], `spin ${i}, z2 ${z}`).toBe(Math.sign(z));
  });
  // About two in five of 512 spins are far enough from zero.
  expect(compared).toBeGreaterThan(150);
});
