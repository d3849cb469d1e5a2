import { couplingView } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { type Products, vectorsPerK } from '../gpu/pipelines.ts';
import type { ConvGeometry } from './conv-geometry.ts';
import {
  blockReceivers,
  blocksPerGroup,
  bytesPerBlock,
  giverWords,
  packWeights,
  planesOf,
  type WeightPart,
  weightParts,
} from './conv-weights.ts';
import { gathered, type Tap } from './fixtures/gathered.ts';
import { drained, generatedBlocks, influencesOf } from './fixtures/generated-blocks.ts';
import type { GpuBlock } from './gpu-block.ts';

/** Convolutions and matrices of generated blocks, at both ends. */
const cases = generatedBlocks(6).flatMap(({ name, block }) =>
  influencesOf(block).flatMap(({ bank, influence }) => {
    const { geometry, coupling, side } = influence;
    return geometry === null ? [] : [{ name: `${name}, ${coupling.id} ${side}`, block, bank, influence, geometry }];
  }),
);

type FixedProducts = Extract<Products, { readonly kind: 'packed' | 'planes' }>;

const productsOf: Readonly<Record<FixedProducts['kind'], (block: GpuBlock, geometry: ConvGeometry) => FixedProducts>> =
  {
    packed: () => ({ kind: 'packed' }),
    planes: ({ program }, geometry) => ({ kind: 'planes', planes: planesOf(program.tensors, geometry) }),
  };

type Packed = readonly { readonly part: WeightPart; readonly words: Uint32Array<ArrayBuffer> }[];

function packedParts(block: GpuBlock, geometry: ConvGeometry, products: FixedProducts, bytesMax: number): Packed {
  const parts = weightParts(geometry, products, bytesMax);
  if (parts === null) throw new Error('one block is larger than a part');
  return parts.map((part) => ({ part, ...drained(packWeights(block.program.tensors, geometry, products, part)) }));
}

/** All blocks in one part. */
function wholeOf(block: GpuBlock, geometry: ConvGeometry, products: FixedProducts): Uint32Array<ArrayBuffer> {
  const [first, ...others] = packedParts(block, geometry, products, 2 ** 27);
  if (first === undefined || others.length > 0) throw new Error('one part is expected');
  return first.words;
}

/** The words of one receiver, tap and word of givers: one after another, 8 apart. */
function wordsOf(packed: Packed, geometry: ConvGeometry, products: FixedProducts, tap: Tap): readonly number[] {
  const block = tap.group * blocksPerGroup(geometry) + Math.floor(tap.receiver / blockReceivers);
  const found = packed.find(({ part }) => block >= part.firstBlock && block < part.firstBlock + part.blocks);
  if (found === undefined) throw new Error(`block ${block} is in no part`);
  const words = 4 * vectorsPerK(products);
  const k = tap.tap * giverWords(geometry) + (tap.giver >>> 5);
  const first = ((block - found.part.firstBlock) * geometry.taps * giverWords(geometry) + k) * words;
  const own = first + (tap.receiver % blockReceivers);
  return Array.from({ length: words / blockReceivers }, (_, n) => found.words[own + n * blockReceivers] as number);
}

function weightIn(words: readonly number[], products: FixedProducts, giver: number): number {
  const bit = giver & 31;
  if (products.kind === 'packed') return ((words[bit >>> 2] as number) << (24 - 8 * (bit & 3))) >> 24;
  const bits = words.slice(0, products.planes).map((word) => (word >>> bit) & 1);
  return bits.reduce((sum, set, n) => sum + set * (n === products.planes - 1 ? -(2 ** n) : 2 ** n), 0);
}

describe.each(['packed', 'planes'] as const)('%s weights', (kind) => {
  test('are those of the coupling, at both ends of it', () => {
    expect(cases.length).toBeGreaterThan(40);
    for (const { name, block, bank, influence, geometry } of cases) {
      const products = productsOf[kind](block, geometry);
      const packed = packedParts(block, geometry, products, 2 ** 27);
      const view = couplingView(influence.coupling, block.block, block.program.tensors);
      for (let spin = 0; spin < bank.spins; spin += 1 + Math.floor(bank.spins / 25)) {
        const found = gathered(geometry, spin, (tap) =>
          weightIn(wordsOf(packed, geometry, products, tap), products, tap.giver),
        );
        expect({ name, spin, found }).toEqual({ name, spin, found: [...view.neighbours(influence.side, spin)] });
      }
    }
  });

  test('are the same in parts, each of as many blocks as fit', () => {
    for (const { name, block, geometry } of cases) {
      const products = productsOf[kind](block, geometry);
      const size = bytesPerBlock(geometry, products);
      const whole = wholeOf(block, geometry, products);
      const parts = packedParts(block, geometry, products, 2 * size + 3);
      const blocks = geometry.groups * blocksPerGroup(geometry);
      expect(parts.map(({ part }) => part.blocks)).toEqual([
        ...new Array<number>(Math.floor(blocks / 2)).fill(2),
        ...(blocks % 2 === 1 ? [1] : []),
      ]);
      expect({ name, words: parts.flatMap(({ words }) => [...words]) }).toEqual({
        name,
        words: [...whole],
      });
      expect(whole.byteLength).toBe(blocks * size);
    }
  });
});

test('what is left over in a word or in a block of receivers is 0: it may meet any spin', () => {
  for (const { name, block, geometry } of cases) {
    const { receivers, givers, groups, taps } = geometry;
    const weights = block.program.tensors.get(geometry.weights.tensor)?.data as Int8Array;
    const nonzero = weights.reduce((count, w) => count + (w === 0 ? 0 : 1), 0);
    expect(weights.length).toBe(groups * receivers * givers * taps);
    const bytes = new Int8Array(wholeOf(block, geometry, { kind: 'packed' }).buffer);
    const found = bytes.reduce((count, w) => count + (w === 0 ? 0 : 1), 0);
    expect({ name, found }).toEqual({ name, found: nonzero });
  }
});

test('planes end with the sum of the weights of their word', () => {
  for (const { name, block, geometry } of cases) {
    const products = productsOf.planes(block, geometry);
    const packed = packedParts(block, geometry, products, 2 ** 27);
    for (let first = 0; first < geometry.givers; first += 32) {
      const tap = {
        group: geometry.groups - 1,
        receiver: geometry.receivers - 1,
        giver: first,
        tap: geometry.taps - 1,
      };
      const words = wordsOf(packed, geometry, products, tap);
      const sum = Array.from({ length: 32 }, (_, bit) => weightIn(words, products, bit)).reduce((a, b) => a + b);
      expect({ name, sum: (words.at(-1) ?? 0) | 0 }).toEqual({ name, sum });
    }
  }
});

test('a block that is larger than a part has none; one of its size has one per block', () => {
  const [{ geometry }] = cases as [(typeof cases)[number]];
  const size = bytesPerBlock(geometry, { kind: 'packed' });
  expect(weightParts(geometry, { kind: 'packed' }, size - 1)).toBeNull();
  const blocks = geometry.groups * blocksPerGroup(geometry);
  expect(weightParts(geometry, { kind: 'packed' }, size)).toHaveLength(blocks);
});

test.each([
  [[0], 1],
  [[-1], 1],
  [[1], 2],
  [[-2], 2],
  [[2], 3],
  [[63, -64], 7],
  [[64], 8],
  [[-65], 8],
  [[127, -127], 8],
  [[], 1],
])('weights %j have %i planes', (weights, planes) => {
  const data = Int8Array.from(weights);
  const tensors = new Map([['w', { dtype: 'I8', shape: [data.length], data } as const]]);
  expect(planesOf(tensors, { weights: { tensor: 'w' } })).toBe(planes);
});
