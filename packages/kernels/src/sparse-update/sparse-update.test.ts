import { describe, expect, it } from 'vitest';
import { fillFromPool, type RandomSparse, randomRows, randomSparse } from '../../test/random-sparse.ts';
import { compileKernels, instantiateKernels, isSupported, type SimdVariant } from '../load-kernels.ts';
import {
  equalTableBytes,
  pairedRowsMax,
  sparseConstants,
  sparseGroup,
  tabledTermBytes,
  tableEntries,
} from './sparse-update.exports.ts';
import { packNibbles, type SparseCall, updateEqual, updateTabled, updateWeighted } from './sparse-update.ts';

const variants: readonly SimdVariant[] = ['baseline', 'relaxed'];
const witnesses = { updateEqual, updateTabled, updateWeighted };
type Name = keyof typeof witnesses;

describe.each(variants)('sparse updates, %s', (variant) => {
  describe.runIf(isSupported(variant))('where the engine has it', () => {
    it.each([
      { name: 'updateEqual', kind: 'equal', degreeMax: 15, largestWeight: 127 },
      { name: 'updateTabled', kind: 'weighted', degreeMax: 40, largestWeight: 127 },
      { name: 'updateWeighted', kind: 'weighted', degreeMax: 40, largestWeight: 127 },
      { name: 'updateWeighted', kind: 'weighted', degreeMax: 6, largestWeight: 7 },
    ] as const)('$name changes memory as its witness does: $degreeMax neighbours, |w| to $largestWeight', async (o) => {
      const modules = await compileKernels(variant);
      for (let seed = 0; seed < 60; seed++) {
        const tiles = 1 + (seed % 4);
        const c = randomSparse({ ...o, seed, tiles });
        const call = randomCall(c, o.name, tiles);
        const expected = new DataView(new Uint8Array(new Uint8Array(c.memory.buffer)).buffer);
        const flips = witnesses[o.name](expected, call);
        const kernels = instantiateKernels(modules, c.memory);
        const found = kernels[o.name](tiles, call.constants, call.records, call.spins, call.terms, call.group);
        expect(firstDifference(c.memory.buffer, expected), `seed ${seed}`).toBe(-1);
        expect(found, `seed ${seed}`).toBe(flips);
      }
    });

    it.each([
      { name: 'updateEqual', pairs: 'updateEqualPairs', kind: 'equal', degreeMax: 15, largestWeight: 127 },
      { name: 'updateTabled', pairs: 'updateTabledPairs', kind: 'weighted', degreeMax: 40, largestWeight: 127 },
      { name: 'updateTabled', pairs: 'updateTabledPairs', kind: 'weighted', degreeMax: 6, largestWeight: 40 },
      { name: 'updateWeighted', pairs: 'updateWeightedPairs', kind: 'weighted', degreeMax: 40, largestWeight: 127 },
      { name: 'updateWeighted', pairs: 'updateWeightedPairs', kind: 'weighted', degreeMax: 6, largestWeight: 40 },
    ] as const)('$pairs does as $name for eight rows: $degreeMax neighbours, |w| to $largestWeight', async (o) => {
      const modules = await compileKernels(variant);
      for (let seed = 0; seed < 60; seed++) {
        const c = randomSparse({ ...o, seed, tiles: 1 });
        const call = { ...randomCall(c, o.name, 1), lanes: pairedRowsMax };
        new DataView(c.memory.buffer).setUint16(call.group + sparseGroup.rows, 0xff >>> (seed % 8), true);
        const expected = new DataView(new Uint8Array(new Uint8Array(c.memory.buffer)).buffer);
        const flips = witnesses[o.name](expected, call);
        const kernels = instantiateKernels(modules, c.memory);
        const found = kernels[o.pairs](call.constants, call.records, call.spins, call.terms, call.group);
        expect(firstDifference(c.memory.buffer, expected), `seed ${seed}`).toBe(-1);
        expect(found, `seed ${seed}`).toBe(flips);
      }
    });

    it('packNibbles gathers four masks into one nibble', async () => {
      const c = randomSparse({ seed: 1, kind: 'equal', tiles: 1, degreeMax: 0, largestWeight: 1 });
      const view = new DataView(c.memory.buffer);
      const units = c.slots / 4;
      const [list, bits, nibbles] = [c.allocate(8 * units), c.allocate(64), c.allocate(16 * units)];
      for (let n = 0; n < 64; n++) view.setUint8(bits + n, 1 << (n >> 4));
      for (let unit = 0; unit < units; unit++) {
        view.setUint32(list + 8 * unit, 64 * unit, true);
        view.setUint32(list + 8 * unit + 4, 16 * (units - 1 - unit), true);
      }
      const expected = new DataView(new Uint8Array(new Uint8Array(c.memory.buffer)).buffer);
      packNibbles(expected, { list, units, masks: c.masks, nibbles });
      instantiateKernels(await compileKernels(variant), c.memory).packNibbles(list, units, bits, c.masks, nibbles);
      expect(firstDifference(c.memory.buffer, expected)).toBe(-1);
      expect(new Uint8Array(c.memory.buffer, nibbles, 16 * units).some((nibble) => nibble !== 0)).toBe(true);
    });
  });
});

/** Everything beside records and states: thresholds, draws, readouts, fields; T and draws often equal. */
function randomCall(c: RandomSparse, name: Name, tiles: number): SparseCall {
  const { dice, memory } = c;
  const view = new DataView(memory.buffer);
  const group = c.allocate(sparseGroup.bytes);
  const set = (key: keyof typeof sparseGroup, value: number) => view.setUint32(group + sparseGroup[key], value, true);
  set('giver', c.giver);
  set('giverTile', c.maskTile);
  set('masks', c.masks);
  set('maskTile', c.maskTile);
  for (let tile = 0; tile < tiles; tile++) view.setUint16(group + sparseGroup.rows + 2 * tile, randomRows(dice), true);
  const drawTile = 32 * c.slots + 16 * dice.integer(0, 2);
  set('draws', c.allocate(tiles * drawTile));
  set('drawTile', drawTile);
  const pool = [-32768, 32767, ...Array.from({ length: 4 }, () => dice.integer(-32768, 32767))];
  fillFromPool(view, dice, view.getUint32(group + sparseGroup.draws, true), (tiles * drawTile) / 2, pool);
  for (const [address, stride, bytes] of [
    ['counts', 'countTile', 16],
    ['sums', 'sumTile', 64],
    ['fields', 'fieldTile', 32],
  ] as const) {
    if (dice.chance(0.3)) continue;
    const tileBytes = bytes * c.slots + 16 * dice.integer(0, 2);
    set(address, c.allocate(tiles * tileBytes));
    set(stride, tileBytes);
    const at = view.getUint32(group + sparseGroup[address], true);
    for (let n = 0; n < tiles * tileBytes; n += 4) view.setUint32(at + n, dice.word(), true);
  }
  const constants = randomConstants(c, pool);
  const tables = c.allocate(16);
  set('tables', tables);
  return { tiles, constants, records: c.records, spins: c.spins, terms: randomTerms(c, name, pool, tables), group };
}

function randomConstants({ dice, memory, allocate }: RandomSparse, pool: readonly number[]): number {
  const view = new DataView(memory.buffer);
  const constants = allocate(sparseConstants.bytes);
  const limit = dice.pick([8, 500, 3017, 16383]);
  const above = dice.pick([32767, 32766, 32767 - 4]);
  const M = dice.pick([32768, 65534, dice.integer(32768, 65534)]);
  for (let n = 0; n < 8; n++) {
    view.setUint16(constants + sparseConstants.oddBytes + 2 * n, 0xff00, true);
    view.setInt16(constants + sparseConstants.cap + 2 * n, 32767 - limit, true);
    view.setInt16(constants + sparseConstants.floor + 2 * n, 32767 - 2 * limit, true);
    view.setInt16(constants + sparseConstants.always + 2 * n, above, true);
    view.setInt16(constants + sparseConstants.multiplier + 2 * n, (n & 1) === 0 ? M >> 1 : M - (M >> 1), true);
  }
  view.setUint32(constants + sparseConstants.shift, dice.integer(4, 16), true);
  const table = allocate(2 * (2 * limit + 1));
  fillFromPool(view, dice, table, 2 * limit + 1, pool);
  // Where T is 65536 the table holds 65535.
  for (let x = above + 1; x <= 32767; x++) view.setInt16(table + 2 * (x - 32767 + 2 * limit), 32767, true);
  view.setUint32(constants + sparseConstants.table, table - 2 * (32767 - 2 * limit), true);
  return constants;
}

function randomTerms(c: RandomSparse, name: Name, pool: readonly number[], tables: number): number {
  const { dice } = c;
  const view = new DataView(c.memory.buffer);
  const terms = c.allocate(8 * c.spins);
  c.bases.forEach((base, k) => {
    if (name === 'updateWeighted') {
      view.setInt32(terms + 4 * k, -16384 * base + dice.integer(-1_000_000, 1_000_000), true);
    } else if (name === 'updateTabled') {
      const first = dice.integer(0, 20);
      const entries = first + base + 1;
      const table = c.allocate(tableEntries + 2 * entries);
      const above = dice.pick([32767, entries - 2, -1, dice.integer(0, entries)]);
      view.setInt16(table, above, true);
      fillFromPool(view, dice, table + tableEntries, entries, pool);
      for (let n = above + 1; n < entries; n++) view.setInt16(table + tableEntries + 2 * n, 32767, true);
      view.setUint32(terms + tabledTermBytes * k, table - tables, true);
      view.setInt16(terms + tabledTermBytes * k + 4, first, true);
    } else {
      const table = c.allocate(equalTableBytes);
      const above = dice.pick([127, 15, 5, -1]);
      for (let n = 0; n < 16; n++) {
        const T = n > above ? 32767 : dice.pick(pool);
        view.setUint8(table + n, T & 0xff);
        view.setInt8(table + 16 + n, T >> 8);
        view.setInt8(table + 32 + n, above);
      }
      view.setUint32(terms + 4 * k, table - tables, true);
    }
  });
  return terms;
}

/** Address of the first byte that differs; −1 where none does. */
function firstDifference(found: SharedArrayBuffer, expected: DataView): number {
  const a = new Uint8Array(found);
  const b = new Uint8Array(expected.buffer);
  return Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0 ? -1 : a.findIndex((x, n) => x !== b[n]);
}
