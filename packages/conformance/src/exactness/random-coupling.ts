/** Random couplings of every form between two banks (semantics 3.4, 3.6), with weights and a scale that a profile takes. */
import type { Coupling, CouplingForm, DeviceProfile, ProgramTensor, TensorData, TensorRef } from '@isinglass/sdk';
import type { RandomStream } from '../random/random-stream.ts';
import { type ConvLink, type DraftBank, linkBetween, sizeOf } from './draft-bank.ts';

/** Where tensors go; the answer is the reference to put into the program. */
export type AddTensor = (
  name: string,
  dtype: ProgramTensor['dtype'],
  shape: readonly number[],
  data: TensorData,
) => TensorRef;

export interface CouplingSetting {
  readonly random: RandomStream;
  readonly profile: DeviceProfile;
  readonly law: 'fixed' | 'real';
  readonly id: string;
  readonly gain: { readonly id: string; readonly value: number };
  /** β·2^k: field units of one unit of J. */
  readonly fieldUnits: number;
  /** One scale for all couplings, where the device has only one. */
  readonly scale: number | null;
  readonly add: AddTensor;
  readonly prefix: string;
}

type Kind = CouplingForm['kind'];
type Pair = { readonly from: DraftBank; readonly to: DraftBank; readonly link: ConvLink | null };

/** A coupling, or null where no form of the profile can join the two banks. */
export function randomCoupling(o: CouplingSetting, pair: Pair): Coupling | null {
  const forms = o.profile.couplings.forms.filter((form) => o.profile.features.includes(form));
  const kinds = o.random.shuffled(forms.filter((kind) => canJoin(kind, pair)));
  const first: readonly Kind[] = pair.link !== null && kinds.includes('conv') ? ['conv'] : [];
  for (const kind of [...first, ...kinds]) {
    const frame = frameOf(kind, pair, o);
    if (frame === null) continue;
    const { weights, scale, bits } = randomWeights(frame, o);
    const coupling = {
      id: o.id,
      from: pair.from.id,
      to: pair.to.id,
      gain: o.gain.id,
      form: frame.form((shape) => o.add(`${o.prefix}.w`, o.law === 'fixed' ? 'I8' : 'F32', shape, weights)),
    };
    if (o.law === 'real') return coupling;
    return o.random.chance(0.2) ? { ...coupling, scale, constraint: { weightBits: bits } } : { ...coupling, scale };
  }
  return null;
}

/** Whether no two free spins of one color would be joined, whatever the weights. */
function canJoin(kind: Kind, { from, to }: Pair): boolean {
  if (kind === 'sparse') return true;
  if (from === to) return false;
  const free = from.colors !== null && to.colors !== null;
  const shared = free && to.colors.some((color) => from.colors?.includes(color));
  if (kind === 'diagonal') {
    return from.spins === to.spins && !(free && to.colors.some((color, n) => color === from.colors?.[n]));
  }
  return !shared && (kind === 'conv' || from.spins * to.spins <= 4096);
}

/** A form but for its weights. `degree`: couplings of one spin, at most. */
interface Frame {
  readonly weights: number;
  readonly degree: number;
  form(weights: (shape: readonly number[]) => TensorRef): CouplingForm;
}

function frameOf(kind: Kind, pair: Pair, o: CouplingSetting): Frame | null {
  const { from, to } = pair;
  switch (kind) {
    case 'conv':
      return convFrame(pair, o.random);
    case 'dense':
      return {
        weights: from.spins * to.spins,
        degree: Math.max(from.spins, to.spins),
        form: (weights) => ({ kind, matrix: weights([to.spins, from.spins]) }),
      };
    case 'diagonal':
      return { weights: to.spins, degree: 1, form: (weights) => ({ kind, value: weights([to.spins]) }) };
    case 'sparse':
      return sparseFrame(pair, o);
    default:
      return kind satisfies never;
  }
}

function convFrame({ from, to, link }: Pair, random: RandomStream): Frame | null {
  const found = link ?? linkBetween(random, from.shape, to.shape);
  if (found === null) return null;
  const { axes, groups } = found;
  const [inputs, outputs] = [from.shape[0] as number, to.shape[0] as number];
  const taps = axes.map((axis) => axis.taps);
  const shape = [outputs, inputs / groups, ...taps];
  return {
    weights: sizeOf(shape),
    degree: (sizeOf(taps) * Math.max(inputs, outputs)) / groups,
    form: (weights) => ({
      kind: 'conv',
      kernel: weights(shape),
      strides: axes.map((axis) => axis.stride),
      pads: [...axes.map((axis) => axis.padBegin), ...axes.map((axis) => axis.padEnd)],
      dilations: axes.map((axis) => axis.dilation),
      groups,
    }),
  };
}

function sparseFrame({ from, to }: Pair, { random, add, prefix }: CouplingSetting): Frame {
  const density = random.chance(0.1) ? 0 : Math.min(1, random.integer(1, 6) / from.spins);
  const starts = [0];
  const columns: number[] = [];
  const degrees = new Map<number, number>();
  let degree = 1;
  for (let row = 0; row < to.spins; row++) {
    for (let column = from === to ? row + 1 : 0; column < from.spins; column++) {
      const sameColor = from.colors !== null && to.colors !== null && from.colors[column] === to.colors[row];
      if (sameColor || !random.chance(density)) continue;
      columns.push(column);
      degrees.set(column, (degrees.get(column) ?? 0) + 1);
    }
    degree = Math.max(degree, columns.length - (starts.at(-1) as number));
    starts.push(columns.length);
  }
  degree = Math.max(degree, ...degrees.values()) * (from === to ? 2 : 1);
  const wide = random.chance(0.3);
  return {
    weights: columns.length,
    degree,
    form: (weights) => ({
      kind: 'sparse',
      rowStart: wide
        ? add(`${prefix}.rows`, 'U64', [starts.length], BigUint64Array.from(starts, BigInt))
        : add(`${prefix}.rows`, 'U32', [starts.length], Uint32Array.from(starts)),
      column: add(`${prefix}.columns`, 'U32', [columns.length], Uint32Array.from(columns)),
      value: weights([columns.length]),
    }),
  };
}

/** Largest field of one coupling, in field units: eight of them at half again their gain stay below 2²⁶ (semantics 4.5). */
const couplingFieldMax = 2 ** 22;
/** Typical |β·f| from one coupling: draws matter. */
const typicalField = 0.7;

function randomWeights({ weights: count, degree }: Frame, o: CouplingSetting) {
  const { random, profile, law } = o;
  const { levels, bits: bitsMax, range } = profile.weights;
  const bits = random.integer(2, typeof bitsMax === 'number' ? Math.max(2, Math.min(8, bitsMax)) : 8);
  const allowed = levels ?? null;
  const largest = allowed === null ? 2 ** (bits - 1) - 1 : Math.max(1, ...allowed.map(Math.abs));
  const zeroShare = random.pick([0, 0, 0.2, 0.7]);
  const mayBeZero = allowed === null || allowed.includes(0);
  const integer = (): number => {
    if (mayBeZero && random.chance(zeroShare)) return 0;
    return allowed === null ? random.integer(-largest, largest) : random.pick(allowed);
  };
  const integers = Array.from({ length: count }, integer);
  // Now and then as weak or as strong as the arithmetic of semantics 4.3 allows.
  const strength = typicalField * (law === 'fixed' && random.chance(0.15) ? 2 ** random.integer(-16, 6) : 1);
  const perScale = o.fieldUnits * o.gain.value;
  const top = Math.min(
    couplingFieldMax / (largest * degree * perScale),
    32768 / perScale,
    ...(typeof range.max === 'number' ? [range.max / (largest * o.gain.value)] : []),
    ...(typeof range.min === 'number' ? [-range.min / (largest * o.gain.value)] : []),
  );
  const wanted = (strength * 1.7) / (largest * Math.sqrt(degree));
  const scale = o.scale ?? Math.min(top, Math.max(2 ** -23 / perScale, wanted));
  if (law === 'fixed') return { weights: Int8Array.from(integers), scale, bits };
  const unit = allowed === null ? scale : 1;
  return { weights: Float32Array.from(integers, (w) => w * unit), scale: 1, bits };
}
