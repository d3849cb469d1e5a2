import { expect, test } from 'vitest';
import { windows } from '../host/hardware.ts';
import { resolveParameters } from '../parameters/resolve-parameters.ts';
import {
  chunksOf,
  groupsOf,
  laneBitFields,
  laneCapacity,
  phaseWord,
  siteOf,
  slotWord,
  weightOf,
} from './lane-memory-map.ts';

test('no two fields of a word share a bit', () => {
  const seen = new Set<string>();
  for (const { window, words, bits } of laneBitFields) {
    for (let bit = bits[1]; bit <= bits[0]; bit++) {
      const place = `${window} ${words} ${bit}`;
      expect(seen.has(place)).toBe(false);
      seen.add(place);
    }
  }
});

test('every field is of a window that a machine has', () => {
  const names = Object.keys(windows).map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  expect([...new Set(laneBitFields.map(({ window }) => window))].filter((window) => !names.includes(window))).toEqual(
    [],
  );
});

test('slots and phases keep what they are given, at both ends of their ranges', () => {
  for (const site of [0, 1, 2 ** 24 - 1]) {
    for (const weight of [-128, -1, 0, 127]) {
      const word = slotWord(site, weight);
      expect([siteOf(word), weightOf(word)]).toEqual([site, weight]);
    }
  }
  const phase = phaseWord({ chunks: 2 ** 24 - 1, groups: 255 });
  expect([chunksOf(phase), groupsOf(phase)]).toEqual([2 ** 24 - 1, 255]);
});

test('every block within spins and colors has room for its sites', () => {
  const { parameters } = resolveParameters('toy', { spins: 100, colors: 3, lanes: 8 });
  if (parameters.engine !== 'lane') throw new TypeError('toy is a lane engine');
  const { chunks, sites, laneStride } = laneCapacity(parameters);
  // Worst: each of three colors wastes all but one slot of a chunk.
  expect(chunks).toBeGreaterThanOrEqual(Math.ceil(98 / 8) + 2);
  expect(sites).toBeGreaterThanOrEqual(chunks * laneStride);
});
