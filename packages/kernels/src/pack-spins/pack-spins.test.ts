import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeEachVariant } from '../../test/each-variant.ts';
import { KernelArena } from '../../test/kernel-arena.ts';
import { collectLane, flushCounts, packTile, unpackTile } from './pack-spins.ts';

/** Banks of every remainder of channels modulo 4 and of spins modulo 8 and 32, flat ones among them. */
const shape = fc.oneof(
  fc.record({ channels: fc.integer({ min: 1, max: 9 }), pixels: fc.integer({ min: 1, max: 13 }) }),
  fc.record({ channels: fc.integer({ min: 1, max: 70 }), pixels: fc.constant(1) }),
  fc.constantFrom({ channels: 4, pixels: 8 }, { channels: 33, pixels: 1 }, { channels: 1, pixels: 33 }),
);
const stored = fc.constantFrom('nibbles', 'masks', 'both');
const seed = fc.nat(2 ** 31);

type Stored = 'nibbles' | 'masks' | 'both';

describeEachVariant('packed rows of a tile', (kernelsOver) => {
  it('unpackTile sets states as its witness does, padding channels to 0', () => {
    fc.assert(
      fc.property(shape, stored, seed, (bank, where, s) => {
        const a = new KernelArena(s);
        const call = { ...bank, ...placeStates(a, bank, where), sources: placeSources(a, bank).sources };
        const expected = a.copy();
        unpackTile(expected, call);
        kernelsOver(a.memory).unpackTile(call.sources, call.nibbles, call.masks, call.channels, call.pixels);
        expect(a.firstDifference(expected)).toBe(-1);
      }),
      { numRuns: 60 },
    );
  });

  it('packTile writes the rows that exist, padding bits as zeros', () => {
    fc.assert(
      fc.property(shape, stored, fc.integer({ min: 1, max: 16 }), seed, (bank, where, rows, s) => {
        const a = new KernelArena(s);
        const states = placeStates(a, bank, where);
        const rowStride = rowBytes(bank) + a.dice.pick([0, 4, 20]);
        const call = { ...bank, ...states, rows, rowStride, out: a.allocate(16 * rowStride) };
        const expected = a.copy();
        packTile(expected, call);
        kernelsOver(a.memory).packTile(
          call.out,
          call.rowStride,
          call.rows,
          call.nibbles,
          call.masks,
          call.channels,
          call.pixels,
        );
        expect(a.firstDifference(expected)).toBe(-1);
      }),
      { numRuns: 60 },
    );
  });

  it('what was packed comes back, through nibbles and through masks', () => {
    fc.assert(
      fc.property(shape, stored, seed, (bank, where, s) => {
        const a = new KernelArena(s);
        const kernels = kernelsOver(a.memory);
        const { sources, rows } = placeSources(a, bank);
        const { nibbles, masks } = placeStates(a, bank, where);
        kernels.unpackTile(sources, nibbles, masks, bank.channels, bank.pixels);
        const out = a.allocate(16 * rowBytes(bank));
        kernels.packTile(out, rowBytes(bank), 16, nibbles, masks, bank.channels, bank.pixels);
        const spins = bank.channels * bank.pixels;
        for (let lane = 0; lane < 16; lane++) {
          const source = rows[lane] as number;
          for (let n = 0; n < rowBytes(bank); n++) {
            // Of the last byte only the bits of spins, beyond it nothing.
            const bits = Math.max(0, Math.min(8, spins - 8 * n));
            const found = a.view.getUint8(out + lane * rowBytes(bank) + n);
            expect(found).toBe(a.view.getUint8(source + n) & ((1 << bits) - 1));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('flushCounts adds counts up to 255 and clears them', () => {
    for (const slots of [0, 1, 12]) {
      const a = new KernelArena(slots);
      const counts = a.placeU8(a.draw(16 * slots, () => a.dice.pick([0, 1, 127, 128, 255])));
      const sums = a.placeI32(a.draw(16 * slots, () => a.dice.integer(-(2 ** 30), 2 ** 30)));
      const expected = a.copy();
      flushCounts(expected, { sums, counts, slots });
      kernelsOver(a.memory).flushCounts(sums, counts, slots);
      expect(a.firstDifference(expected)).toBe(-1);
    }
  });

  it('collectLane adds 2(sum + count) + offset in the order of spins, lane by lane', () => {
    fc.assert(
      fc.property(shape, fc.nat(15), fc.constantFrom('sums', 'counts', 'both'), seed, (bank, lane, from, s) => {
        const a = new KernelArena(s, 2);
        const { channels, pixels } = bank;
        const slots = 4 * Math.ceil(channels / 4) * pixels;
        const sums = a.placeI32(a.draw(16 * slots, () => a.dice.integer(-(2 ** 29), 2 ** 29)));
        const counts = a.placeU8(a.draw(16 * slots, () => a.dice.pick([0, 255, a.dice.integer(0, 255)])));
        const call = {
          ...bank,
          out: a.placeI32(a.draw(channels * pixels, () => a.dice.integer(-1000, 1000))),
          sums: from === 'counts' ? 0 : sums,
          counts: from === 'sums' ? 0 : counts,
          lane,
          offset: a.dice.integer(-1000, 0),
        };
        const expected = a.copy();
        collectLane(expected, call);
        kernelsOver(a.memory).collectLane(call.out, call.sums, call.counts, lane, channels, pixels, call.offset);
        expect(a.firstDifference(expected)).toBe(-1);
      }),
      { numRuns: 40 },
    );
  });
});

interface Bank {
  readonly channels: number;
  readonly pixels: number;
}

const rowBytes = ({ channels, pixels }: Bank): number => 4 * Math.ceil((channels * pixels) / 32);

/** Random states, those of padding channels 0. */
function placeStates(
  a: KernelArena,
  { channels, pixels }: Bank,
  where: Stored,
): { readonly nibbles: number; readonly masks: number } {
  const quads = Math.ceil(channels / 4);
  const valid = (quad: number): number => (quad === quads - 1 ? 15 >> (4 * quads - channels) : 15);
  const nibbles = Array.from(
    { length: pixels * quads * 16 },
    (_, n) => a.dice.integer(0, 15) & valid((n >> 4) % quads),
  );
  // The same states both ways.
  const masks = Array.from({ length: 64 * quads * pixels }, (_, n) => {
    const slot = n >> 4;
    const [quad, pixel] = [Math.floor((slot >> 2) / pixels), (slot >> 2) % pixels];
    const nibble = nibbles[16 * (pixel * quads + quad) + (n & 15)] as number;
    return (nibble >> (slot & 3)) & 1 ? 0xff : 0;
  });
  return {
    nibbles: where === 'masks' ? 0 : a.placeU8(nibbles),
    masks: where === 'nibbles' ? 0 : a.placeU8(masks),
  };
}

/** 16 packed rows anywhere in memory, absent ones the same as the last that exists; padding bits are random. */
function placeSources(a: KernelArena, bank: Bank): { readonly sources: number; readonly rows: readonly number[] } {
  const exist = a.dice.integer(1, 16);
  const rows = Array.from({ length: exist }, () => a.placeU8(a.draw(rowBytes(bank), () => a.dice.integer(0, 255))));
  const all = Array.from({ length: 16 }, (_, lane) => rows[Math.min(lane, exist - 1)] as number);
  return { sources: a.placeI32(all), rows: all };
}
