import { philox4x32, spinDraw } from '@isinglass/sdk';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeEachVariant } from '../../test/each-variant.ts';
import { KernelArena } from '../../test/kernel-arena.ts';
import type { Kernels } from '../load-kernels.ts';
import { laneOrder32, placeOfLane } from '../row-lanes.ts';
import { counterBytes, drawBytesPerBlock, keyBytes, preparedBytes } from './random-words.exports.ts';
import { drawRows, philox, prepareDraws, prepareKeys } from './random-words.ts';

/** Of the Random123 distribution: counter, key (low word first), result. */
const knownAnswers = [
  {
    counter: [0, 0, 0, 0],
    key: [0, 0],
    words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
] as const;

/** c2 of a lane. */
const rowKinds: readonly { readonly rows: string; readonly image: (lane: number, a: KernelArena) => number }[] = [
  { rows: 'chains of one image', image: () => 7 },
  { rows: 'images in a row', image: (lane) => 1000 + lane },
  { rows: 'images of every size', image: (_, a) => a.dice.word() },
  // The high words of their first products are equal, so one path serves both: the low words must not be shared.
  { rows: 'images 0 and 1', image: (lane) => lane & 1 },
  { rows: 'one image, a last row of another', image: (lane) => (lane === 15 ? 8 : 7) },
  { rows: 'one image, a row in the middle of another', image: (lane) => (lane === 6 ? 8 : 7) },
];

const seedOf = ([low, high]: readonly [number, number]): bigint => (BigInt(high) << 32n) | BigInt(low);

it('the witness gives the known answers of Random123', () => {
  for (const { counter, key, words } of knownAnswers) {
    expect(philox(counter, seedOf(key)).map(Number)).toEqual(words);
  }
});

it('the witness is the Philox of the sdk', () => {
  const word = fc.nat(0xffffffff);
  fc.assert(
    fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
      const words = new Uint32Array(4);
      philox4x32(...counter, ...key, words);
      expect(philox(counter, seedOf(key)).map(Number)).toEqual([...words]);
    }),
  );
});

describeEachVariant('draws of 16 rows', (kernelsOver) => {
  it.each(knownAnswers)('drawRows gives the known answer for counter $counter', ({ counter, key, words }) => {
    const a = new KernelArena(1);
    const [block, sweep, image, chain] = counter;
    const c = placeRows(a, { images: new Array(16).fill(image), chains: new Array(16).fill(chain) });
    runKernels(kernelsOver(a.memory), c, { sweep, seed: seedOf(key), block, blocks: 1 });
    for (let spin = 0; spin < 8; spin++) {
      const r = spinDraw(Uint32Array.from(words), spin);
      for (let place = 0; place < 16; place++) {
        expect(a.view.getInt16(c.out + 32 * spin + 2 * place, true)).toBe(r - 32768);
      }
    }
  });

  it.each(rowKinds)('keys, prepared numbers and draws are those of the witness: $rows', ({ image }) => {
    for (let seed = 0; seed < 22; seed++) {
      const { a, c, call } = randomDraws(seed, image);
      const expected = a.copy();
      prepareKeys(expected, { ...c, ...call });
      prepareDraws(expected, { ...c, ...call });
      drawRows(expected, { ...c, ...call });
      runKernels(kernelsOver(a.memory), c, call);
      expect(a.firstDifference(expected), `seed ${seed}`).toBe(-1);
    }
  });

  it.each(rowKinds)('drawHalfRows draws for rows 0 … 7, what the others get means nothing: $rows', ({ image }) => {
    for (let seed = 0; seed < 22; seed++) {
      const { a, c, call } = randomDraws(seed, image);
      const kernels = kernelsOver(a.memory);
      runKernels(kernels, c, { ...call, blocks: 0 });
      const expected = a.copy();
      drawRows(expected, { ...c, ...call }, 8);
      kernels.drawHalfRows(c.out, c.keys, c.prepared, call.block, call.blocks);
      for (let n = 0; n < 8 * call.blocks; n++) {
        for (const place of placeOfLane.slice(8)) {
          const at = c.out + 32 * n + 2 * place;
          expected.setInt16(at, a.view.getInt16(at, true), true);
        }
      }
      expect(a.firstDifference(expected), `seed ${seed}`).toBe(-1);
    }
  });

  it('prepared keys of one seed serve many sweeps and blocks', () => {
    const a = new KernelArena(5);
    const c = placeRows(a, { images: a.draw(16, () => a.dice.word()), chains: a.draw(16, () => a.dice.word()) });
    const kernels = kernelsOver(a.memory);
    const seed = a.dice.bits64();
    kernels.prepareKeys(c.keys, Number(seed & 0xffffffffn), Number(seed >> 32n));
    for (let sweep = 0; sweep < 3; sweep++) {
      kernels.prepareDraws(c.prepared, c.keys, c.counters, sweep);
      for (const block of [3, 0]) {
        const expected = a.copy();
        drawRows(expected, { ...c, sweep, seed, block, blocks: 2 });
        kernels.drawRows(c.out, c.keys, c.prepared, block, 2);
        expect(a.firstDifference(expected)).toBe(-1);
      }
    }
  });
});

interface Places {
  readonly keys: number;
  readonly counters: number;
  readonly prepared: number;
  readonly out: number;
}

/** Groups of five, and every rest; blocks at both ends of their range. */
function randomDraws(seed: number, image: (lane: number, a: KernelArena) => number) {
  const a = new KernelArena(seed);
  const images = laneOrder32.map((lane) => image(lane, a));
  const c = placeRows(a, { images, chains: a.draw(16, () => a.dice.word()) });
  const call = {
    sweep: a.dice.pick([0, 1, 2 ** 32 - 1, a.dice.word()]),
    seed: a.dice.bits64(),
    block: a.dice.pick([0, 2 ** 29 - 20, a.dice.integer(0, 2 ** 29 - 20)]),
    blocks: seed % 12,
  };
  return { a, c, call };
}

/** images, chains: c2 and c3 in the order of `laneOrder32`. */
function placeRows(
  a: KernelArena,
  { images, chains }: { readonly images: readonly number[]; readonly chains: readonly number[] },
): Places {
  expect(4 * (images.length + chains.length)).toBe(counterBytes);
  return {
    counters: a.placeI32([...images, ...chains]),
    keys: a.allocate(keyBytes),
    prepared: a.allocate(preparedBytes),
    out: a.allocate(12 * drawBytesPerBlock),
  };
}

function runKernels(
  kernels: Kernels,
  { keys, counters, prepared, out }: Places,
  o: { readonly sweep: number; readonly seed: bigint; readonly block: number; readonly blocks: number },
): void {
  kernels.prepareKeys(keys, Number(o.seed & 0xffffffffn), Number(o.seed >> 32n));
  kernels.prepareDraws(prepared, keys, counters, o.sweep);
  kernels.drawRows(out, keys, prepared, o.block, o.blocks);
}
