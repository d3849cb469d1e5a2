/**
 * Weights in the order in which conv-field stages them: by block of 8 receivers, then by tap and word of 32 givers. Packed: a word is four givers of one
 * receiver, one int8 each. As planes: a word is one bit of the weights of 32 givers of one receiver, and after all bits Σ w. Real: a word is one float. What is
 * left over is 0.
 */
import type { Program } from '@isinglass/sdk';
import { type Products, vectorsPerK } from '../gpu/pipelines.ts';
import type { ConvGeometry } from './conv-geometry.ts';

/** Receivers of one block. */
export const blockReceivers = 8;

/** A run of blocks whose weights fit into one binding. */
export interface WeightPart {
  readonly firstBlock: number;
  readonly blocks: number;
}

export interface PackedWeights {
  readonly words: Uint32Array<ArrayBuffer>;
  /** The largest Σ|w| of one receiver, over all its taps, as if none were on padding. */
  readonly sumMax: number;
}

/** Blocks of one group, and of all. */
export function blocksPerGroup({ receivers }: ConvGeometry): number {
  return Math.ceil(receivers / blockReceivers);
}

/** Words of givers for each group and tap. */
export function giverWords({ givers }: ConvGeometry): number {
  return Math.ceil(givers / 32);
}

export function bytesPerBlock(geometry: ConvGeometry, products: Products): number {
  return 16 * vectorsPerK(products) * geometry.taps * giverWords(geometry);
}

/** Parts of at most `bytesMax` each, of whole blocks, as many as a dispatch has layers; null where one block is larger. */
export function weightParts(
  geometry: ConvGeometry,
  products: Products,
  bytesMax: number,
): readonly WeightPart[] | null {
  const most = Math.min(65_535, Math.floor(bytesMax / bytesPerBlock(geometry, products)));
  if (most === 0) return null;
  const blocks = geometry.groups * blocksPerGroup(geometry);
  const parts: WeightPart[] = [];
  for (let firstBlock = 0; firstBlock < blocks; firstBlock += most) {
    parts.push({ firstBlock, blocks: Math.min(most, blocks - firstBlock) });
  }
  return parts;
}

/** Yields after every block. */
export function* packWeights(
  tensors: Program['tensors'],
  geometry: ConvGeometry,
  products: Products,
  part: WeightPart,
): Generator<void, PackedWeights, void> {
  const data = tensors.get(geometry.weights.tensor)?.data as Int8Array | Float32Array;
  const { receivers, givers, taps, groupStride, receiverStride, giverStride } = geometry;
  const perGroup = blocksPerGroup(geometry);
  const words = giverWords(geometry);
  const wordsPerK = 4 * vectorsPerK(products);
  const packed = new Uint32Array(part.blocks * taps * words * wordsPerK);
  const bytes = new Int8Array(packed.buffer);
  const floats = new Float32Array(packed.buffer);
  let sumMax = 0;
  for (let n = 0; n < part.blocks; n++) {
    const block = part.firstBlock + n;
    const group = Math.floor(block / perGroup);
    const first = blockReceivers * (block % perGroup);
    for (let j = 0; j < blockReceivers && first + j < receivers; j++) {
      let sum = 0;
      for (let giver = 0; giver < givers; giver++) {
        const weight = group * groupStride + (first + j) * receiverStride + giver * giverStride;
        for (let tap = 0; tap < taps; tap++) {
          const w = data[weight + tap] as number;
          sum += Math.abs(w);
          const at = ((n * taps + tap) * words + (giver >>> 5)) * wordsPerK;
          const bit = giver & 31;
          if (products.kind === 'real') floats[at + bit * blockReceivers + j] = w;
          else if (products.kind === 'packed') bytes[4 * (at + (bit >>> 2) * blockReceivers + j) + (bit & 3)] = w;
          else addPlanes(packed, { at: at + j, bit, w, planes: products.planes });
        }
      }
      sumMax = Math.max(sumMax, sum);
    }
    yield;
  }
  return { words: packed, sumMax };
}

function addPlanes(
  packed: Uint32Array,
  { at, bit, w, planes }: { readonly at: number; readonly bit: number; readonly w: number; readonly planes: number },
): void {
  for (let plane = 0; plane < planes; plane++) {
    // An arithmetic shift: the last plane is the sign of two's complement.
    const word = at + plane * blockReceivers;
    packed[word] = (packed[word] as number) | (((w >> plane) & 1) << bit);
  }
  const sum = at + planes * blockReceivers;
  packed[sum] = (packed[sum] as number) + w;
}

/** By tensor: weights are looked at once. */
const knownPlanes = new WeakMap<Int8Array, number>();

/** The bits that the weights of a coupling need in two's complement: the smallest p with −2^(p−1) ≤ w < 2^(p−1) for all w. */
export function planesOf(tensors: Program['tensors'], { weights }: Pick<ConvGeometry, 'weights'>): number {
  const data = tensors.get(weights.tensor)?.data as Int8Array;
  const known = knownPlanes.get(data);
  if (known !== undefined) return known;
  let bits = 0;
  // −1 − w of a negative w has the bits that it needs beside its sign.
  for (let n = 0; n < data.length; n++) bits |= (data[n] as number) ^ ((data[n] as number) >> 31);
  const planes = 33 - Math.clz32(bits);
  knownPlanes.set(data, planes);
  return planes;
}
