import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyLayer, evaluateNetwork } from '../../test/support/network.ts';
import { type BlockRecipe, blockRecipe, randomBlockModel } from '../../test/support/random-block-model.ts';
import { numbers } from '../../test/support/random-numbers.ts';
import type { Affine, BlockModel, LinearLayer } from '../model/block-model.ts';
import { foldBlock } from './fold-block.ts';
import { type BankId, bankShapes, type FoldedBlock, type FoldedCoupling } from './folded-block.ts';

const plain: BlockRecipe = {
  seed: 11,
  kind: 'conv',
  rank: 2,
  groups: 1,
  channels: [2, 3, 2],
  size: [5, 6],
  kernel: [3, 3],
  stride: [1, 1],
  dilation: [1, 1],
  padBegin: [1, 1],
  padEnd: [1, 1],
  skip: 'conv',
  bias: true,
  shift: 'channel',
};

function folded(model: BlockModel): FoldedBlock {
  const result = foldBlock(model);
  if (!('couplings' in result)) throw new Error(result.map((d) => d.message).join('; '));
  return result;
}

describe('folding', () => {
  it('keeps both pre-activations of random blocks, borders included, to rounding of float64', () => {
    fc.assert(
      fc.property(blockRecipe, (recipe) => {
        const model = randomBlockModel(recipe);
        const block = folded(model);
        const x = numbers(recipe.seed + 1).spins(spinsOf(model.inputShape));
        const wanted = evaluateNetwork(model, x);
        const z1 = evaluateField(block, 's1', { s0: x });
        const z2 = evaluateField(block, 's2', { s0: x, s1: z1.map(Math.tanh) });
        expectClose(z1, wanted.z1);
        expectClose(z2, wanted.z2);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('gives nine border classes to a 3×3 kernel with stride 1, four to one with stride 2 on an even map', () => {
    const classes = (recipe: BlockRecipe) =>
      folded(randomBlockModel(recipe)).biases.map((bias) => [bias.form, bias.starts]);
    expect(classes({ ...plain, skip: 'none' })).toEqual([
      [
        'border',
        [
          [0, 1, 4],
          [0, 1, 5],
        ],
      ],
      [
        'border',
        [
          [0, 1, 4],
          [0, 1, 5],
        ],
      ],
    ]);
    const strided = classes({ ...plain, size: [6, 6], stride: [2, 2], skip: 'none' });
    expect(strided[0]).toEqual([
      'border',
      [
        [0, 1],
        [0, 1],
      ],
    ]);
  });

  it('uses the union of the classes where two convolutions with different padding meet', () => {
    const model = randomBlockModel({ ...plain, kernel: [2, 2], padBegin: [1, 1], padEnd: [0, 0] });
    const s2 = folded(model).biases.find((bias) => bias.bank === 's2');
    // K2 pads at the start of each axis, K3 (two taps, padded at the end) at its end.
    expect(s2?.starts).toEqual([
      [0, 1, 4],
      [0, 1, 5],
    ]);
  });

  it('gives one value per channel where no shift meets a padded kernel', () => {
    const forms = folded(randomBlockModel({ ...plain, shift: 'none' })).biases.map((bias) => bias.form);
    expect(forms).toEqual(['channel', 'channel']);
  });

  it('turns a shift per pixel into a bias per spin', () => {
    const forms = folded(randomBlockModel({ ...plain, shift: 'spin' })).biases.map((bias) => bias.form);
    expect(forms).toEqual(['spin', 'spin']);
  });

  it('leaves out a bias that is zero', () => {
    const zero = { ...randomBlockModel({ ...plain, shift: 'none', bias: false, skip: 'none' }) };
    expect(folded(zero).biases).toEqual([]);
  });

  it('refuses a scale per pixel at either side of a convolution, naming the node, and lists all of them', () => {
    const model = randomBlockModel(plain);
    const perPixel = (shape: readonly number[], node: string): Affine => ({
      granularity: 'spin',
      scale: numbers(3).normal(spinsOf(shape)),
      shift: new Float64Array(spinsOf(shape)),
      nodes: [node],
    });
    const refused = foldBlock({
      ...model,
      in: perPixel(model.inputShape, 'Mul_in'),
      outputAffine: perPixel(model.outputShape, 'Mul_out'),
    });
    expect('couplings' in refused ? [] : refused.map((d) => [d.code, d.where])).toEqual([
      ['per-pixel-scale', 'Mul_in'],
      ['per-pixel-scale', 'Mul_out'],
      ['per-pixel-scale', 'Mul_in'],
    ]);
  });

  it('accepts a scale that is written per pixel but constant in every channel', () => {
    const model = randomBlockModel(plain);
    const area = 5 * 6;
    const written: Affine = {
      granularity: 'spin',
      scale: Float64Array.from({ length: 2 * area }, (_, i) => model.in.scale[Math.floor(i / area)] as number),
      shift: Float64Array.from({ length: 2 * area }, (_, i) => model.in.shift[Math.floor(i / area)] as number),
      nodes: ['Mul_in'],
    };
    const left = folded({ ...model, in: written });
    const right = folded(model);
    expect(left.couplings.map((c) => c.values)).toEqual(right.couplings.map((c) => c.values));
    expect(left.biases.map((b) => b.values)).toEqual(right.biases.map((b) => b.values));
  });

  it('refuses values that float32 cannot hold, naming the nodes', () => {
    const model = randomBlockModel(plain);
    const refused = foldBlock({ ...model, hidden: { ...model.hidden, scale: Float64Array.of(1, Number.NaN, 1e39) } });
    expect('couplings' in refused ? [] : refused.map((d) => [d.code, d.where])).toEqual([
      ['not-finite', 'in'],
      ['not-finite', 'in'],
    ]);
  });
});

/** Couplings and biases of one bank applied to real-valued states, with biases expanded class by class. */
function evaluateField(block: FoldedBlock, bank: BankId, states: Partial<Record<BankId, Float64Array>>): Float64Array {
  const shapes = bankShapes(block.model);
  const out = new Float64Array(spinsOf(shapes[bank]));
  for (const coupling of block.couplings) {
    const source = states[coupling.from];
    if (coupling.to !== bank || source === undefined) continue;
    const part = applyLayer(asLayer(coupling), source, shapes[coupling.from], shapes[bank]);
    part.forEach((value, i) => {
      out[i] = (out[i] as number) + value;
    });
  }
  for (const bias of block.biases.filter((candidate) => candidate.bank === bank)) {
    const [, ...size] = shapes[bank] as [number, ...number[]];
    const starts = {
      spin: size.map((n) => [...Array(n).keys()]),
      channel: size.map(() => [0]),
      border: bias.starts ?? [],
    }[bias.form];
    for (let i = 0; i < out.length; i++) {
      let rest = i;
      let at = 0;
      let step = 1;
      for (let axis = size.length - 1; axis >= 0; axis--) {
        const index = rest % (size[axis] as number);
        rest = Math.floor(rest / (size[axis] as number));
        const list = starts[axis] as readonly number[];
        at += step * (list.filter((start) => start <= index).length - 1);
        step *= list.length;
      }
      out[i] = (out[i] as number) + (bias.values[rest * step + at] as number);
    }
  }
  return out;
}

function asLayer(coupling: FoldedCoupling): LinearLayer {
  const common = { node: coupling.id, bias: null, weights: coupling.values };
  switch (coupling.form.kind) {
    case 'conv':
      return { ...coupling.form, ...common, shape: coupling.shape };
    case 'dense':
      return { kind: 'dense', ...common, shape: coupling.shape as readonly [number, number] };
    case 'diagonal': {
      const n = coupling.values.length;
      const weights = new Float64Array(n * n);
      coupling.values.forEach((value, i) => {
        weights[i * n + i] = value;
      });
      return { kind: 'dense', ...common, weights, shape: [n, n] };
    }
    default:
      return coupling.form satisfies never;
  }
}

function expectClose(actual: Float64Array, wanted: Float64Array): void {
  const size = Math.max(1, ...wanted.map(Math.abs));
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - (actual[i] as number))));
  // Sums of at most some 100 products in another order: 1e-12 relative is generous for float64.
  expect(worst / size).toBeLessThan(1e-12);
}

function spinsOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
