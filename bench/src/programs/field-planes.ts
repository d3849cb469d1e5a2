/**
 * Real fields that differ from image to image, as pinned spins. A program's biases are the same for every image; what an
 * image brings comes through pinned banks. A field of n units of 2^−k (semantics 4.2) is written in binary, one pinned
 * spin a digit, and two grouped 1×1 convolutions add the digits up, once per image:
 *
 *   n = scaled_low(Σ_{b<7} 2^b x_b) + scaled_high(Σ_{b<B} 2^b x_b)
 *
 * With x = ±1 the first sum is an odd A; at F = ½ it scales to (A + 1)/2, exactly: every integer −63 … 64. The second sum
 * is odd too and F = 64. Together they reach every integer −r … r + 1, r = 63 + 64·(2^B − 1).
 */
import {
  type Coupling,
  multiplier,
  type PackedSpins,
  type PinnedBank,
  type ProgramTensor,
  wordsPerRow,
} from '@isinglass/sdk';

const lowBits = 7;
/** Powers of two that an int8 weight holds. */
const highBitsMax = 7;

export interface FieldPlanes {
  readonly banks: readonly PinnedBank[];
  readonly couplings: readonly Coupling[];
  readonly tensors: ReadonlyMap<string, ProgramTensor>;
  /** Per pinned bank, one row per image. */
  readonly inputs: Readonly<Record<string, PackedSpins>>;
}

export interface FieldPlanesOptions {
  /** The free bank `[C, H, W]` that the fields act on. */
  readonly bank: { readonly id: string; readonly shape: readonly [number, number, number] };
  /** Real fields, `[images][C][H][W]`. */
  readonly h: Float32Array;
  readonly images: number;
  readonly fractionBits: number;
  readonly beta: number;
  /** A gain of value 1. */
  readonly gain: string;
}

/** Throws RangeError when a field is beyond ±8,192 units. */
export function fieldPlanes(o: FieldPlanesOptions): FieldPlanes {
  const { bank, fractionBits, beta } = o;
  const units = fieldUnits(o);
  const highBits = highBitsFor(units);
  const offset = reach(highBits);
  const unit = 2 ** -fractionBits / beta;
  const low = plane(o, { id: `${bank.id}.low`, bits: lowBits, scale: unit / 2 });
  const high = plane(o, { id: `${bank.id}.high`, bits: highBits, scale: 64 * unit });
  return {
    banks: [low.bank, high.bank],
    couplings: [low.coupling, high.coupling],
    tensors: new Map([low.tensor, high.tensor]),
    inputs: {
      [low.bank.id]: digits(units, o, { bits: lowBits, of: (n) => (n + offset) & 127 }),
      [high.bank.id]: digits(units, o, { bits: highBits, of: (n) => (n + offset) >> lowBits }),
    },
  };
}

/** As biases are rounded (semantics 4.4). */
function fieldUnits({ h, fractionBits, beta }: FieldPlanesOptions): Int32Array {
  return Int32Array.from(h, (value) => Math.floor(beta * value * 2 ** fractionBits + 0.5));
}

const reach = (highBits: number): number => 63 + 64 * (2 ** highBits - 1);

function highBitsFor(units: Int32Array): number {
  let largest = 0;
  for (const n of units) largest = Math.max(largest, Math.abs(n));
  for (let bits = 1; bits <= highBitsMax; bits++) if (largest <= reach(bits)) return bits;
  throw new RangeError(`a field of ${largest} units is beyond ${reach(highBitsMax)}: take fewer fraction bits`);
}

/** A pinned bank `[C·bits, H, W]`, digits of a spin in consecutive channels, and the convolution that adds them up. */
function plane(
  { bank, gain, fractionBits, beta }: FieldPlanesOptions,
  { id, bits, scale }: { readonly id: string; readonly bits: number; readonly scale: number },
): { readonly bank: PinnedBank; readonly coupling: Coupling; readonly tensor: readonly [string, ProgramTensor] } {
  const [channels, height, width] = bank.shape;
  const m = multiplier({ beta, gain: 1, scale, fractionBits });
  if (!('M' in m) || m.M !== 2 ** 15) throw new RangeError(`fields at β = ${beta} do not scale by a power of two`);
  const powers = Int8Array.from({ length: channels * bits }, (_, i) => 2 ** (i % bits));
  const kernel = `${id}.digits`;
  return {
    bank: { id, role: 'pinned', shape: [channels * bits, height, width], value: id },
    coupling: {
      id,
      from: id,
      to: bank.id,
      gain,
      scale,
      form: {
        kind: 'conv',
        kernel: { tensor: kernel },
        strides: [1, 1],
        pads: [0, 0, 0, 0],
        dilations: [1, 1],
        groups: channels,
      },
    },
    tensor: [kernel, { dtype: 'I8', shape: [channels, bits, 1, 1], data: powers }],
  };
}

function digits(
  units: Int32Array,
  { bank, images }: FieldPlanesOptions,
  { bits, of }: { readonly bits: number; readonly of: (n: number) => number },
): PackedSpins {
  const [channels, height, width] = bank.shape;
  const map = height * width;
  const spinCount = channels * bits * map;
  const stride = wordsPerRow(spinCount);
  const words = new Uint32Array(images * stride);
  for (let image = 0; image < images; image++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = 0; pixel < map; pixel++) {
        const value = of(units[(image * channels + channel) * map + pixel] as number);
        for (let bit = 0; bit < bits; bit++) {
          if (((value >> bit) & 1) === 0) continue;
          const spin = (channel * bits + bit) * map + pixel;
          const word = image * stride + (spin >>> 5);
          words[word] = (words[word] as number) | (1 << (spin & 31));
        }
      }
    }
  }
  return { words, rows: images, spinCount };
}
