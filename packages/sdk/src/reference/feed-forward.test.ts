import { expect, test } from 'vitest';
import { oracleVectors } from '../../test/oracle-vectors.ts';
import { couplingView } from '../couplings/coupling-view.ts';
import { createProgram } from '../program/create-program.ts';
import type { Program, ProgramTensor } from '../program/program.ts';
import { programFeatures } from '../program/program-features.ts';
import type { Block, ProgramJson } from '../program/program-json.ts';
import { readProgram } from '../program/read-program.ts';
import { type PackedSpins, packSpins, unpackSpins } from '../spins/packed-spins.ts';
import { Dice } from '../testing/dice.ts';
import { randomProgram } from '../testing/random-program.ts';
import { randomRun } from '../testing/random-run.ts';
import { vectorRun } from '../testing/vector-run.ts';
import { feedForwardMeans } from './feed-forward-means.ts';
import { feedForwardStates } from './feed-forward-states.ts';
import { blockBeta, couplingStrengths } from './real-law.ts';
import { blockWithIndex } from './reference-run.ts';
import { runRealLaw } from './run-law.ts';

const sizes = { x: 6, hidden: 5, y: 4 };

/** A dense thermodynamic block (semantics 3.2) and its matrices. */
function thermodynamicBlock(seed: number, delta: number) {
  const dice = new Dice(seed);
  const matrix = (rows: number, columns: number) =>
    Float32Array.from({ length: rows * columns }, () => dice.normal() / Math.sqrt(columns));
  const k1 = matrix(sizes.hidden, sizes.x);
  const k2 = matrix(sizes.y, sizes.hidden);
  const k3 = matrix(sizes.y, sizes.x);
  const b1 = matrix(sizes.hidden, 1);
  const b2 = matrix(sizes.y, 1);
  const f32 = (shape: number[], data: Float32Array<ArrayBuffer>): ProgramTensor => ({ dtype: 'F32', shape, data });
  const tensors = new Map([
    ['k1', f32([sizes.hidden, sizes.x], k1)],
    ['k2', f32([sizes.y, sizes.hidden], k2)],
    ['k3', f32([sizes.y, sizes.x], k3)],
    ['b1', f32([sizes.hidden], b1)],
    ['b2', f32([sizes.y], b2)],
  ]);
  const dense = (id: string, from: string, to: string, gain: string) => ({
    id,
    from,
    to,
    gain,
    form: { kind: 'dense' as const, matrix: { tensor: id } },
  });
  const block: Block = {
    kind: 'block',
    id: 'b',
    index: 0,
    banks: [
      { id: 's0', role: 'pinned', shape: [sizes.x], value: 'x' },
      { id: 's1', role: 'free', shape: [sizes.hidden], color: 0 },
      { id: 's2', role: 'free', shape: [sizes.y], color: 1 },
    ],
    gains: [
      { id: 'one', value: 1, runtime: false },
      { id: 'delta', value: delta, runtime: true },
    ],
    couplings: [dense('k1', 's0', 's1', 'one'), dense('k2', 's1', 's2', 'delta'), dense('k3', 's0', 's2', 'delta')],
    biases: [
      { bank: 's1', gain: 'one', form: 'spin', values: { tensor: 'b1' } },
      { bank: 's2', gain: 'delta', form: 'spin', values: { tensor: 'b2' } },
    ],
    readouts: [{ id: 'y', bank: 's2', observable: 'spin-sum', tie: 1, signs: 'y' }],
    schedule: { sweeps: 4, burnIn: 1, stride: 1, chains: 1, colors: [0, 1], init: 'feed-forward', beta: 1 },
  };
  const json: Omit<ProgramJson, 'features'> = {
    irVersion: '1.0',
    name: 'block',
    provenance: {},
    law: { kind: 'real' },
    inputs: [{ name: 'x', dtype: 'spin', shape: ['batch', sizes.x] }],
    outputs: [{ name: 'y', dtype: 'spin', shape: ['batch', sizes.y] }],
    stages: [block],
  };
  const program = createProgram({ ...json, features: programFeatures(json) }, tensors);
  return { program, block, weights: { k1, k2, k3, b1, b2 } };
}

/** Row-major matrix times vector. */
function times(matrix: Float32Array, vector: readonly number[]): number[] {
  const rows = matrix.length / vector.length;
  return Array.from({ length: rows }, (_, i) =>
    vector.reduce((sum, value, j) => sum + (matrix[i * vector.length + j] as number) * value, 0),
  );
}

test('the means are the network of paper eq. 1–4, with the gain of s2 on z2', () => {
  const { program, block, weights } = thermodynamicBlock(41, 0.2);
  const x = [1, -1, -1, 1, 1, -1, -1, -1, 1, 1, -1, 1];
  const inputs = { s0: packSpins(x, 2, sizes.x) };
  const means = feedForwardMeans(program, block, { gains: {}, inputs, images: 2 });
  const paper = feedForwardMeans(program, block, { gains: { delta: 1 }, inputs, images: 2 });
  for (let image = 0; image < 2; image++) {
    const row = x.slice(image * sizes.x, (image + 1) * sizes.x);
    const z1 = times(weights.k1, row).map((z, i) => z + (weights.b1[i] as number));
    const hidden = times(weights.k2, z1.map(Math.tanh));
    const skip = times(weights.k3, row);
    const z2 = hidden.map((z, i) => z + (skip[i] as number) + (weights.b2[i] as number));
    z1.forEach((z, i) => {
      expect(means.get('s1')?.z[image * sizes.hidden + i]).toBeCloseTo(z, 12);
      expect(means.get('s1')?.mean[image * sizes.hidden + i]).toBeCloseTo(Math.tanh(z), 12);
    });
    z2.forEach((z, i) => {
      expect(means.get('s2')?.z[image * sizes.y + i]).toBeCloseTo(0.2 * z, 12);
      expect(paper.get('s2')?.z[image * sizes.y + i]).toBeCloseTo(z, 12);
    });
  }
});

test('the signs of the output do not depend on delta', () => {
  const { program, block } = thermodynamicBlock(42, 0.7);
  const inputs = { s0: packSpins([1, 1, -1, 1, -1, -1], 1, sizes.x) };
  const signs = (delta: number) =>
    Array.from(feedForwardMeans(program, block, { gains: { delta }, inputs, images: 1 }).get('s2')?.z ?? [], Math.sign);
  expect(signs(0.05)).toEqual(signs(1));
  expect(signs(1).map(Math.abs)).toEqual([1, 1, 1, 1]);
});

test('the real law starts at the signs of the means', () => {
  for (let seed = 0; seed < 20; seed++) {
    const program = randomProgram({ seed, law: 'real' });
    const run = randomRun(program, seed, { starts: ['feed-forward'] });
    const block = blockWithIndex(program, run.block);
    const means = feedForwardMeans(program, block, run);
    let initial: Readonly<Record<string, PackedSpins>> | undefined;
    runRealLaw(program, {
      ...run,
      trace(sweep, banks) {
        if (sweep === 0) initial = banks;
      },
    });
    const states = feedForwardStates(program, block, run);
    for (const [bank, { z }] of means) {
      const expected = Array.from(z, (value) => (value >= 0 ? 1 : -1));
      const { rows, spinCount } = states[bank] ?? { rows: 0, spinCount: 0 };
      expect([...unpackSpins(states[bank] as PackedSpins)]).toEqual(expected);
      expect(rows).toBe(run.images.length);
      const perChain = [...unpackSpins(initial?.[bank] as PackedSpins)];
      perChain.forEach((spin, n) => {
        const image = Math.floor(n / spinCount / run.chains);
        expect(spin).toBe(expected[image * spinCount + (n % spinCount)]);
      });
    }
  }
});

/**
 * How far fixed-law fields may be from real ones in a feed-forward pass, in β·f. One field: ε of semantics 4.7. A mean
 * that is lent on is off by 1/256 from rounding m (and 2⁻¹⁷ from T) and by at most the error of its own field; S =
 * largest Σ|βJ| multiplies both, color after color.
 */
function feedForwardError(program: Program, block: Block, gains: Readonly<Record<string, number>>): number {
  const beta = blockBeta(block);
  const strength = couplingStrengths(block, gains);
  const sums = block.couplings.map((coupling) => {
    const view = couplingView(coupling, block, program.tensors);
    const most = Math.max(...view.absoluteSums('to'), ...view.absoluteSums('from'));
    return beta * strength(coupling) * most;
  });
  const S = sums.reduce((sum, value) => sum + value, 0);
  const terms = block.couplings.length + block.biases.length;
  const epsilon = terms * 2 ** -((block.fixed?.fractionBits ?? 0) + 1) + 2 ** -16 * S;
  return block.schedule.colors.slice(1).reduce((error) => epsilon + S * (1 / 256 + 2 ** -17 + error), epsilon);
}

test('a fixed-law program’s means use J = scale · w, and its start has their signs where they are farther from 0 than rounding', () => {
  let compared = 0;
  for (const { name, vector, file } of oracleVectors.cases) {
    const program = readProgram(file);
    const { block, run } = vectorRun(vector, program);
    const margin = feedForwardError(program, block, run.gains) / blockBeta(block);
    const states = feedForwardStates(program, block, run);
    for (const [bank, { z }] of feedForwardMeans(program, block, run)) {
      const spins = unpackSpins(states[bank] as PackedSpins);
      z.forEach((value, n) => {
        if (Math.abs(value) <= margin) return;
        expect(spins[n], `${name} ${bank} ${n}`).toBe(Math.sign(value));
        compared++;
      });
    }
  }
  expect(compared).toBeGreaterThan(500);
});
