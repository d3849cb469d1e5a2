import { blockAndChain, philox4x32, philoxKey, spinDraw } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { generatorEntry, generatorKinds } from './catalogue.ts';
import { laneGenerators } from './create-lane-generators.ts';
import type { LaneGenerators, StreamKey } from './lane-generators.ts';
import { streamSeedWord } from './splitmix32.ts';

const lanes = 24;
const key: StreamKey = { seed: 0x0123456789abcdefn, image: 3, blockAndChain: blockAndChain(2, 7), sweepOffset: 100 };
const spinIndices = Uint32Array.from({ length: lanes }, (_, lane) => 4093 + 3 * lane);

/** Draws of `rounds` update slots, all lanes of one after those of the one before. */
function draws(generators: LaneGenerators, rounds: number): number[] {
  const out = new Uint16Array(lanes);
  return Array.from({ length: rounds }, (_, n) => {
    generators.draw(out, spinIndices, 0, n + 1);
    return [...out];
  }).flat();
}

function seeded(kind: (typeof generatorKinds)[number], by: StreamKey = key): LaneGenerators {
  const generators = laneGenerators(kind, lanes);
  generators.seed(by);
  return generators;
}

describe.each(generatorKinds)('%s', (kind) => {
  test('has the words of state that the catalogue says', () => {
    const { wordsPerLane, sharedWords } = generatorEntry(kind);
    const generators = seeded(kind);
    expect(generators.stateWords).toBe(wordsPerLane * lanes + sharedWords);
    expect(generators.save()).toHaveLength(generators.stateWords);
  });

  test('begins again after the same key, and goes on where a saved state was', () => {
    const generators = seeded(kind);
    const first = draws(generators, 20);
    const state = generators.save();
    const next = draws(generators, 20);
    expect(draws(seeded(kind), 20)).toEqual(first);
    const other = laneGenerators(kind, lanes);
    other.restore(state);
    if (kind === 'philox') other.seed(key);
    expect(draws(other, 20)).toEqual(next);
    expect(generators.save()).not.toBe(state);
  });

  test('streams of another seed, image, block, chain or sweep offset are others', () => {
    const keys: StreamKey[] = [
      key,
      { ...key, seed: key.seed ^ 1n },
      { ...key, seed: key.seed ^ (1n << 63n) },
      { ...key, image: 4 },
      { ...key, blockAndChain: blockAndChain(3, 7) },
      { ...key, blockAndChain: blockAndChain(2, 8) },
      // Philox counts sweeps from the first one of all: its key has no offset.
      ...(kind === 'philox' ? [] : [{ ...key, sweepOffset: 101 }]),
    ];
    const texts = keys.map((each) => draws(seeded(kind, each), 4).join());
    expect(new Set(texts).size).toBe(keys.length);
  });
});

const ownStreams = generatorKinds.filter((kind) => generatorEntry(kind).wordsPerLane > 0);

test.each(ownStreams)('%s: lanes draw from streams of their own, whatever spins they hold', (kind) => {
  const text = (generators: LaneGenerators, indices: Uint32Array) => {
    const out = new Uint16Array(lanes);
    const byLane = Array.from({ length: lanes }, () => [] as number[]);
    for (let round = 0; round < 64; round++) {
      generators.draw(out, indices, 0, 1);
      byLane.forEach((drawn, lane) => {
        drawn.push(out[lane] as number);
      });
    }
    return byLane.map((drawn) => drawn.join());
  };
  const here = text(seeded(kind), spinIndices);
  expect(new Set(here).size).toBe(lanes);
  expect(text(seeded(kind), new Uint32Array(lanes))).toEqual(here);
});

test.each(ownStreams)('%s: a state that is all 0 in one lane is refused, and its neighbour is not', (kind) => {
  const generators = seeded(kind);
  const state = generators.save();
  const words = state.length / lanes;
  state.fill(0, 5 * words, 6 * words);
  expect(() => generators.restore(state)).toThrow('the state of generator 5 is all 0');
  state[6 * words - 1] = 1;
  expect(() => generators.restore(state)).not.toThrow();
  expect(() => generators.restore(state.subarray(1))).toThrow(RangeError);
});

test('philox gives each spin the number of semantics 5, wherever it lies', () => {
  const generators = seeded('philox');
  const out = new Uint16Array(lanes);
  const all = Uint32Array.from({ length: 3 * lanes }, (_, n) => [8 * n + 5, n, 0xffff_ffff - n][n % 3] as number);
  for (const sweep of [0, 1, 0xffff_ffff]) {
    for (const first of [0, lanes, 2 * lanes]) {
      generators.draw(out, all, first, sweep);
      const expected = Array.from({ length: lanes }, (_, lane) => {
        const spin = all[first + lane] as number;
        const words = new Uint32Array(4);
        philox4x32(spin >>> 3, sweep, key.image, key.blockAndChain, ...philoxKey(key.seed), words);
        return spinDraw(words, spin);
      });
      expect([...out]).toEqual(expected);
    }
  }
});

test('seeds of lanes, of words and of rows that differ in one number never meet', () => {
  const words = Array.from({ length: 4096 }, (_, lane) => streamSeedWord(key, lane, 0));
  expect(new Set(words).size).toBe(words.length);
  const images = Array.from({ length: 4096 }, (_, image) => streamSeedWord({ ...key, image }, 0, 0));
  expect(new Set(images).size).toBe(images.length);
  expect(new Set([0, 1, 2, 3].map((index) => streamSeedWord(key, 0, index))).size).toBe(4);
});

test('lfsr32-rotations: each lane has the word turned left by five bits more', () => {
  const generators = seeded('lfsr32-rotations');
  generators.restore(Uint32Array.of(0x8421_0000));
  const out = new Uint16Array(8);
  generators.draw(out, spinIndices, 0, 1);
  const word = 0x8421_0000n;
  const turned = (by: bigint) => Number(((word << by) | (word >> (32n - by))) & 0xffff_ffffn) >>> 16;
  expect([...out]).toEqual([0n, 5n, 10n, 15n, 20n, 25n, 30n, 3n].map(turned));
});

test('xoshiro128p-low draws the middle of one of 16 parts', () => {
  const drawn = draws(seeded('xoshiro128p-low'), 40);
  expect(new Set(drawn).size).toBe(16);
  expect(drawn.every((number) => number % 4096 === 2048)).toBe(true);
});
