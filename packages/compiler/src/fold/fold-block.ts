/**
 * Folding: every affine map of a block goes into its couplings and biases, exactly (semantics 3.2).
 *
 *   x'  = a_in ⊙ x + d_in                     z1 = a_1 ⊙ (K1 x' + b1) + d_1
 *   z2  = a_2 ⊙ (K2 (a_mid ⊙ tanh z1 + d_mid) + b2) + a_3 ⊙ (K3 x' + b3) + d_2
 *
 *   k1  = a_1 ⊙ K1 · a_in        bias of s1  = a_1 ⊙ (K1 d_in + b1) + d_1
 *   k2  = a_2 ⊙ K2 · a_mid       bias of s2  = a_2 ⊙ (K2 d_mid + b2) + a_3 ⊙ (K3 d_in + b3) + d_2
 *   k3  = a_3 ⊙ K3 · a_in
 *
 * A factor per pixel cannot go into a shared kernel and is refused; a shift per pixel can go into a bias per spin.
 */

import type { BlockModel, LinearLayer } from '../model/block-model.ts';
import { quoted } from '../onnx/model-error.ts';
import type { CompilerDiagnostic } from '../pipeline/diagnostic.ts';
import { addGrids, type BiasForm, biasForm, type ClassGrid, gridOfField, scaleGrid } from './class-grid.ts';
import {
  type BankId,
  bankShapes,
  type CouplingId,
  type FoldedBias,
  type FoldedBlock,
  type FoldedCoupling,
  type FoldedForm,
  type GainId,
} from './folded-block.ts';
import { scaleLayer, sharingBroken } from './scale-layer.ts';
import { biasGrid, type LayerShapes, shiftThroughLayer } from './shift-through-layer.ts';
import { type AffineFields, affineFields, isZero, multiplyFields, type SpinField } from './spin-field.ts';

/** The folded block, or every reason why it cannot be folded. */
export function foldBlock(model: BlockModel): FoldedBlock | readonly CompilerDiagnostic[] {
  const shapes = bankShapes(model);
  const input = affineFields(model.in, shapes.s0);
  const hidden = affineFields(model.hidden, shapes.s1);
  const mid = affineFields(model.mid, shapes.s1);
  const output = affineFields(model.outputAffine, shapes.s2);
  const paths: LayerPath[] = [
    { id: 'k1', from: 's0', to: 's1', gain: 'one', layer: model.k1, before: input, after: [hidden] },
    {
      id: 'k2',
      from: 's1',
      to: 's2',
      gain: 'delta',
      layer: model.k2,
      before: mid,
      after: [affineFields(model.k2Path, shapes.s2), output],
    },
  ];
  if (model.k3 !== null) {
    const after = [affineFields(model.k3Path, shapes.s2), output];
    paths.push({ id: 'k3', from: 's0', to: 's2', gain: 'delta', layer: model.k3, before: input, after });
  }
  const folded = paths.map((path) => foldPath(path, { from: shapes[path.from], to: shapes[path.to] }));
  const couplings = folded.flatMap((path) => ('coupling' in path ? [path.coupling] : []));
  const diagnostics = folded.flatMap((path) => ('refused' in path ? [path.refused] : []));
  const termsInto = (bank: BankId) => folded.flatMap((path) => ('terms' in path && path.to === bank ? path.terms : []));
  const biases = [
    sumOfTerms(termsInto('s1'), { bank: 's1', gain: 'one', shape: shapes.s1 }),
    sumOfTerms(termsInto('s2'), { bank: 's2', gain: 'delta', shape: shapes.s2 }),
  ].filter((bias) => bias !== null);
  diagnostics.push(...notFinite(model, couplings, biases));
  return diagnostics.length > 0 ? diagnostics : { model, couplings, biases };
}

/** One layer between two banks, with the affine maps before it and after it, in order of evaluation. */
interface LayerPath {
  readonly id: CouplingId;
  readonly from: BankId;
  readonly to: BankId;
  readonly gain: GainId;
  readonly layer: LinearLayer;
  readonly before: AffineFields;
  readonly after: readonly AffineFields[];
}

/** A summand of a bias, with the words that the report uses for it. */
interface BiasTerm {
  readonly what: string;
  readonly grid: ClassGrid;
}

type FoldedPath =
  | { readonly to: BankId; readonly coupling: FoldedCoupling; readonly terms: readonly BiasTerm[] }
  | { readonly refused: CompilerDiagnostic };

function foldPath(path: LayerPath, shapes: LayerShapes): FoldedPath {
  const { layer, before, after } = path;
  const rows = after.map((affine) => affine.scale).reduce((a, b) => multiplyFields(a, b, shapes.to));
  const factors = { rows, columns: before.scale };
  const broken = sharingBroken(layer, factors);
  if (broken !== null) return { refused: perPixelScale(path, broken) };
  const coupling: FoldedCoupling = {
    id: path.id,
    from: path.from,
    to: path.to,
    gain: path.gain,
    form: foldedForm(layer),
    shape: layer.kind === 'identity' ? [spinsOf(shapes.to)] : layer.shape,
    values: scaleLayer(layer, factors, shapes),
    nodes: [...new Set([...before.nodes, layer.node, ...after.flatMap((affine) => affine.nodes)])],
  };
  return { to: path.to, coupling, terms: biasTerms(path, rows, shapes) };
}

/** rows ⊙ (K·d + b), and the shifts of the affine maps that follow, each carried through the scales after it. */
function biasTerms(path: LayerPath, rows: SpinField, shapes: LayerShapes): readonly BiasTerm[] {
  const { layer, before, after } = path;
  const name = path.id.toUpperCase();
  const terms: BiasTerm[] = [];
  if (!isZero(before.shift)) {
    const through = shiftThroughLayer(layer, before.shift, shapes);
    terms.push({ what: `${name}·${path.from === 's0' ? 'd_in' : 'd_mid'}`, grid: scaleGrid(through, rows, shapes.to) });
  }
  if (layer.bias?.some((value) => value !== 0)) {
    terms.push({ what: `the bias of ${name}`, grid: scaleGrid(biasGrid(layer.bias, shapes.to), rows, shapes.to) });
  }
  after.forEach((affine, i) => {
    // The output map follows both K2 and K3: its shift is counted once, with K2.
    const counted = path.id !== 'k3' || i + 1 < after.length;
    if (!counted || isZero(affine.shift)) return;
    const later = after.slice(i + 1).map((next) => next.scale);
    const grid = later.reduce((sum, scale) => scaleGrid(sum, scale, shapes.to), gridOfField(affine.shift, shapes.to));
    terms.push({ what: `the shift after ${name}`, grid });
  });
  return terms;
}

function sumOfTerms(
  terms: readonly BiasTerm[],
  place: { readonly bank: BankId; readonly gain: GainId; readonly shape: readonly number[] },
): FoldedBias | null {
  if (terms.length === 0) return null;
  const grid = addGrids(
    terms.map((term) => term.grid),
    place.shape,
  );
  if (grid.values.every((value) => value === 0)) return null;
  const form = biasForm(grid, place.shape);
  const channels = place.shape[0] as number;
  const shapeOf: Record<BiasForm, readonly number[]> = {
    spin: place.shape,
    channel: [channels],
    border: [channels, ...grid.starts.map((axis) => axis.length)],
  };
  return {
    bank: place.bank,
    gain: place.gain,
    form,
    starts: form === 'border' ? grid.starts : null,
    shape: shapeOf[form],
    values: grid.values,
    reason: reasonFor(form, terms, place.shape),
  };
}

/** Names what made the bias as fine as it is. */
function reasonFor(form: BiasForm, terms: readonly BiasTerm[], shape: readonly number[]): string {
  const names = (some: readonly BiasTerm[]) => [...new Set(some.map((term) => term.what))];
  const sum = names(terms).join(' + ');
  const finest = names(terms.filter((term) => biasForm(term.grid, shape) === form));
  const verb = finest.length === 1 ? 'differs' : 'differ';
  switch (form) {
    case 'channel':
      return sum;
    case 'border':
      return `${sum}; ${finest.join(' and ')} ${verb} where zero padding is reached`;
    case 'spin':
      return shape.length < 2 ? sum : `${sum}; ${finest.join(' and ')} ${verb} from pixel to pixel`;
    default:
      return form satisfies never;
  }
}

function foldedForm(layer: LinearLayer): FoldedForm {
  switch (layer.kind) {
    case 'identity':
      return { kind: 'diagonal' };
    case 'dense':
      return { kind: 'dense' };
    case 'conv':
      return {
        kind: 'conv',
        strides: layer.strides,
        pads: layer.pads,
        dilations: layer.dilations,
        groups: layer.groups,
      };
    default:
      return layer satisfies never;
  }
}

function perPixelScale(path: LayerPath, side: 'input' | 'output'): CompilerDiagnostic {
  const guilty = side === 'input' ? [path.before] : path.after.filter((affine) => affine.scale.granularity === 'spin');
  const nodes = [...new Set(guilty.flatMap((affine) => affine.nodes))];
  const where = nodes[0] ?? path.layer.node;
  return {
    code: 'per-pixel-scale',
    severity: 'error',
    message:
      `${nodes.map(quoted).join(', ') || 'an affine map'} multiplies the ${side} of the convolution ` +
      `${quoted(path.layer.node)} by a different factor at every pixel: the kernel could no longer be shared`,
    where,
    hint: 'use one factor per channel (a shift per pixel is fine), or a dense layer instead of the convolution',
    related: [path.layer.node],
  };
}

/** Folding multiplies: a product of finite numbers may leave float32, in which programs store them. */
function notFinite(
  model: BlockModel,
  couplings: readonly FoldedCoupling[],
  biases: readonly FoldedBias[],
): readonly CompilerDiagnostic[] {
  const broken = [
    ...couplings.map((coupling) => ({
      what: `coupling ${coupling.id}`,
      nodes: coupling.nodes,
      values: coupling.values,
    })),
    ...biases.map((bias) => ({ what: `the bias of ${bias.bank}`, nodes: model.nodes, values: bias.values })),
  ].filter(({ values }) => !values.every((value) => Number.isFinite(Math.fround(value))));
  return broken.map(({ what, nodes }) => ({
    code: 'not-finite',
    severity: 'error',
    message: `after folding, ${what} of ${model.id} has values that float32 cannot hold`,
    where: nodes[0] ?? model.id,
    hint: 'check the model for NaN, infinities and vanishing variances',
    related: nodes.slice(1),
  }));
}

function spinsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
