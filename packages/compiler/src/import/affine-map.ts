/** Arithmetic of affine maps (Affine): composed exactly in float64, at the coarsest granularity that holds them. */
import type { Affine } from '../model/block-model.ts';
import { modelError, quoted } from '../onnx/model-error.ts';

type Granularity = Affine['granularity'];
type Numbers = Float64Array<ArrayBuffer>;

/** Shape of a bank or value, without the batch. */
export type BankShape = readonly number[];

/**
 * Most spins of a bank: 4 Mi, sixteen times the largest of the CIFAR-10 model (256 × 32 × 32). Everything after the
 * import may hold a few numbers per spin; a file of a hundred bytes must not ask for gigabytes.
 */
export const spinsMax = 2 ** 22;

export function spinsOf(shape: BankShape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** x ↦ x */
export const identityAffine: Affine = scalarAffine(1, 0);

export function scalarAffine(scale: number, shift: number, nodes: readonly string[] = []): Affine {
  return { granularity: 'scalar', scale: Float64Array.of(scale), shift: Float64Array.of(shift), nodes };
}

export function isIdentity({ scale, shift }: Affine): boolean {
  return scale.every((s) => s === 1) && shift.every((d) => d === 0);
}

/** Numbers of one granularity for a bank of that shape; channels are slices of the first axis. */
function countAt(granularity: Granularity, shape: BankShape): number {
  return granularity === 'scalar' ? 1 : granularity === 'channel' ? (shape[0] ?? 1) : spinsOf(shape);
}

/** The same map with a number per channel or per spin. */
export function refine(affine: Affine, to: Granularity, shape: BankShape): Affine {
  if (affine.granularity === to) return affine;
  return {
    granularity: to,
    scale: spread(affine.scale, countAt(to, shape), affine.nodes),
    shift: spread(affine.shift, countAt(to, shape), affine.nodes),
    nodes: affine.nodes,
  };
}

/** Each number of a coarser granularity stands for a run of consecutive ones of a finer. */
function spread(values: Numbers, count: number, nodes: readonly string[]): Numbers {
  if (count > spinsMax) {
    const place = nodes.at(-1) ?? '';
    throw modelError(place, `${quoted(place)} maps ${count} spins one by one; at most ${spinsMax} are supported`);
  }
  const run = count / values.length;
  const out = new Float64Array(count);
  for (let i = 0; i < values.length; i++) out.fill(values[i] ?? 0, i * run, (i + 1) * run);
  return out;
}

const order: readonly Granularity[] = ['scalar', 'channel', 'spin'];

/** x ↦ outer(inner(x)), both over a bank of that shape. */
export function compose(outer: Affine, inner: Affine, shape: BankShape): Affine {
  const finer = order.indexOf(outer.granularity) > order.indexOf(inner.granularity) ? outer : inner;
  const a = refine(outer, finer.granularity, shape);
  const b = refine(inner, finer.granularity, shape);
  return {
    granularity: finer.granularity,
    scale: b.scale.map((s, i) => (a.scale[i] ?? 0) * s),
    shift: b.shift.map((d, i) => (a.scale[i] ?? 0) * d + (a.shift[i] ?? 0)),
    nodes: [...inner.nodes, ...outer.nodes],
  };
}

/** x ↦ outer(inner⁻¹(x)), or undefined where inner maps some spin to a constant. */
export function divide(outer: Affine, inner: Affine, shape: BankShape): Affine | undefined {
  if (inner.scale.some((s) => s === 0)) return undefined;
  const inverse: Affine = {
    granularity: inner.granularity,
    scale: inner.scale.map((s) => 1 / s),
    shift: inner.shift.map((d, i) => -d / (inner.scale[i] ?? 1)),
    nodes: [],
  };
  return compose(outer, inverse, shape);
}

/** The coarsest form of the same map. Banks of rank 1 have no channels: a number per spin, or one for all. */
export function simplify(affine: Affine, shape: BankShape): Affine {
  const { granularity, scale, shift, nodes } = affine;
  if (granularity === 'scalar') return affine;
  const constantOver = (run: number) =>
    scale.every((s, i) => s === scale[i - (i % run)]) && shift.every((d, i) => d === shift[i - (i % run)]);
  if (constantOver(scale.length)) {
    return { granularity: 'scalar', scale: scale.slice(0, 1), shift: shift.slice(0, 1), nodes };
  }
  if (granularity === 'channel' || shape.length < 2) return affine;
  const run = spinsOf(shape) / (shape[0] ?? 1);
  if (!constantOver(run)) return affine;
  const every = (values: Numbers) => Float64Array.from({ length: shape[0] ?? 1 }, (_, c) => values[c * run] ?? 0);
  return { granularity: 'channel', scale: every(scale), shift: every(shift), nodes };
}

/**
 * The same map over the same spins under another shape, and in another order where `source` is given: spin i of the
 * result is spin `source[i]` of the original.
 */
export function rearrange(affine: Affine, from: BankShape, to: BankShape, source: Uint32Array | null): Affine {
  const sameShape = from.length === to.length && from.every((size, i) => size === to[i]);
  if (affine.granularity === 'scalar' || (sameShape && source === null)) return affine;
  const { scale, shift, nodes } = refine(affine, 'spin', from);
  if (source === null) return simplify({ granularity: 'spin', scale, shift, nodes }, to);
  return simplify(
    {
      granularity: 'spin',
      scale: Float64Array.from(source, (i) => scale[i] ?? 0),
      shift: Float64Array.from(source, (i) => shift[i] ?? 0),
      nodes,
    },
    to,
  );
}
