import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeEachVariant } from '../../test/each-variant.ts';
import { KernelArena } from '../../test/kernel-arena.ts';
import { placeOfLane } from '../row-lanes.ts';
import { carriedHalfSums, type HalfSumsCall, halfSums, quadTable } from './half-sums.ts';

const plain = [
  { name: 'halfSums1', group: 1 },
  { name: 'halfSums2', group: 2 },
  { name: 'halfSums4', group: 4 },
] as const;

/** Weights of one quad for one receiving channel. */
type Quad = readonly number[];

it('a table holds, for 16 nibbles, what half of every field is: A = 2V − Σ|w|', () => {
  const weight = fc.integer({ min: -127, max: 127 });
  fc.assert(
    fc.property(fc.array(weight, { minLength: 4, maxLength: 4 }), fc.nat(15), (w, nibble) => {
      const A = w.reduce((sum, each, j) => sum + ((nibble >> j) & 1 ? each : -each), 0);
      const base = w.reduce((sum, each) => sum + Math.abs(each), 0);
      // A weight of 0 counts on neither side.
      expect(2 * (quadTable(w)[nibble] as number) - base).toBe(A);
    }),
  );
});

describeEachVariant('half sums', (kernelsOver) => {
  it.each(plain)('$name: every group of $group quads sums to 255, runs of every length, singles', ({ name, group }) => {
    for (let seed = 0; seed < 40; seed++) {
      const a = new KernelArena(seed, 4);
      // Σ|w| of any `group` neighbours is exactly 255: shares repeat with that period, wherever a run begins.
      const shares = shareOut(a, 255, group);
      const length = 24;
      const stream = Array.from({ length }, (_, n) =>
        Array.from({ length: 4 }, () => splitQuad(a, shares[n % group] as number)),
      );
      const call = placeCall(a, stream, { runsMax: 4, quadsMax: 11, singlesMax: 3 });
      const expected = a.copy();
      halfSums(expected, call);
      run(kernelsOver(a.memory)[name], call);
      expect(a.firstDifference(expected), `seed ${seed}`).toBe(-1);
    }
  });

  it.each(plain)('$name: V of 65535 is exact, one more is taken modulo 2^16', ({ name, group }) => {
    for (const extra of [0, 1]) {
      const a = new KernelArena(extra, 8);
      // 257 groups of 255: the largest V that fits.
      const stream = Array.from({ length: 257 * group + extra }, (_, n) => {
        const quad: Quad = n === 257 * group ? [1, 0, 0, 0] : n % group === 0 ? [127, 127, 1, 0] : [0, 0, 0, 0];
        return [quad, quad, quad, quad];
      });
      const call = placeCall(a, stream, { whole: true });
      // All spins +1 agree with positive weights.
      a.bytes.fill(15, call.nibbles, call.nibbles + 16 * stream.length);
      const expected = a.copy();
      halfSums(expected, call);
      run(kernelsOver(a.memory)[name], call);
      expect(a.firstDifference(expected)).toBe(-1);
      expect(a.view.getUint16(call.out, true)).toBe(extra === 0 ? 65535 : 0);
      expect(a.view.getUint16(call.out + 16, true)).toBe(extra === 0 ? 65535 : 0);
    }
  });

  it.each([
    ['halfSums2', 2],
    ['halfSums4', 4],
  ] as const)('%s needs its bound: a group of %i quads that sums to 256 comes out wrong', (name, group) => {
    const a = new KernelArena(1);
    const quad: Quad = [256 / group / 4, 256 / group / 4, 256 / group / 4, 256 / group / 4];
    const call = placeCall(a, new Array(group).fill([quad, quad, quad, quad]), { whole: true });
    a.bytes.fill(15, call.nibbles, call.nibbles + 16 * group);
    const expected = a.copy();
    halfSums(expected, call);
    expect(expected.getUint16(call.out, true)).toBe(256);
    run(kernelsOver(a.memory)[name], call);
    expect(a.view.getUint16(call.out, true)).toBe(0);
  });

  it('carriedHalfSums: any int8 weights, up to 255 quads', () => {
    for (let seed = 0; seed < 25; seed++) {
      const a = new KernelArena(seed, 8);
      const largest = a.dice.pick([127, 127, 64, 3]);
      const length = a.dice.pick([1, 2, 30, 85, 255]);
      const stream = Array.from({ length }, () =>
        Array.from({ length: 4 }, () => a.draw(4, () => a.dice.integer(-largest, largest))),
      );
      // No class has more than 255 quads.
      const call = placeCall(a, stream, { carried: true, runsMax: 3, quadsMax: 85 });
      const expected = a.copy();
      carriedHalfSums(expected, call);
      run(kernelsOver(a.memory).carriedHalfSums, call);
      expect(a.firstDifference(expected), `seed ${seed}`).toBe(-1);
    }
  });

  it.each([
    { quad: [127, 127, 2, 1], V: 65535, what: 'all 255 carries are set' },
    { quad: [127, 127, 127, 127], V: (255 * 508) % 65536, what: 'V is taken modulo 2^16' },
  ])('carriedHalfSums: 255 quads of Σ|w| $quad: $what', ({ quad, V }) => {
    const a = new KernelArena(3, 8);
    const call = placeCall(a, new Array(255).fill([quad, quad, quad, quad]), { carried: true, whole: true });
    a.bytes.fill(15, call.nibbles, call.nibbles + 16 * 255);
    const expected = a.copy();
    carriedHalfSums(expected, call);
    run(kernelsOver(a.memory).carriedHalfSums, call);
    expect(a.firstDifference(expected)).toBe(-1);
    for (const place of placeOfLane) expect(a.view.getUint16(call.out + 2 * place, true)).toBe(V);
  });
});

type Kernel = (out: number, n: number, t: number, pixels: number, classes: number, begin: number, end: number) => void;

function run(kernel: Kernel, { out, nibbles, tables, pixels, classes, begin, end }: HalfSumsCall): void {
  kernel(out, nibbles, tables, pixels, classes, begin, end);
}

/** `total` as a sum of `parts` numbers. */
function shareOut({ dice }: KernelArena, total: number, parts: number): number[] {
  const cuts = [0, ...Array.from({ length: parts - 1 }, () => dice.integer(0, total)).sort((x, y) => x - y), total];
  return cuts.slice(1).map((cut, n) => cut - (cuts[n] as number));
}

/** Four weights of int8 with Σ|w| = total. */
function splitQuad(a: KernelArena, total: number): Quad {
  for (;;) {
    const quad = shareOut(a, total, 4);
    if (quad.every((w) => w <= 127)) return quad.map((w) => (a.dice.chance(0.5) ? w : -w));
  }
}

/** Places tables of a stream `[quad][4 channels]`, states, and a geometry over them: some pixels, classes and runs. */
function placeCall(
  a: KernelArena,
  stream: readonly (readonly Quad[])[],
  o: {
    readonly carried?: boolean;
    readonly whole?: boolean;
    readonly runsMax?: number;
    readonly quadsMax?: number;
    /** Quads of a class that are listed by themselves; default 0. */
    readonly singlesMax?: number;
  },
): HalfSumsCall {
  const { dice } = a;
  const bytesPerQuad = o.carried === true ? 128 : 64;
  const tables = a.placeU8(
    stream.flat().flatMap((quad) => {
      const table = quadTable(quad);
      return o.carried === true ? [...table.map((v) => v & 255), ...table.map((v) => v >> 8)] : table;
    }),
  );
  // Pixels begin before and after `nibbles`, as those of a padded map do; every quad that a run reaches has states.
  const margin = 16 * stream.length;
  const nibbles = margin + a.placeU8(a.draw(3 * margin, () => dice.integer(0, 15)));
  const words: number[] = [];
  const offsets = Array.from({ length: o.whole === true ? 1 : 4 }, (_, index) => {
    const offset = 4 * words.length;
    // The first class has no runs at all.
    const runs = o.whole === true ? 1 : index === 0 ? 0 : dice.integer(1, o.runsMax ?? 1);
    const singles = dice.integer(0, o.singlesMax ?? 0);
    words.push(runs, 0x5a5a5a5a, singles, 0);
    for (let n = 0; n < runs; n++) {
      const quads = o.whole === true ? stream.length : dice.integer(0, Math.min(o.quadsMax ?? 1, stream.length));
      const first = o.whole === true ? 0 : dice.integer(0, stream.length - quads);
      words.push(o.whole === true ? 0 : 16 * dice.integer(0, stream.length - quads), bytesPerQuad * first, quads, 0);
    }
    for (let n = 0; n < singles; n++) {
      const place = () => dice.integer(0, stream.length - 1);
      words.push(16 * place(), bytesPerQuad * place(), dice.word() | 0, dice.word() | 0);
    }
    return offset;
  });
  const classes = a.placeI32(words);
  const count = o.whole === true ? 1 : 6;
  const shift = (): number => (o.whole === true ? 0 : 16 * dice.integer(-stream.length, stream.length));
  const pixels = a.placeI32(Array.from({ length: count }, () => [shift(), dice.pick(offsets)]).flat());
  const begin = o.whole === true ? 0 : dice.integer(0, 2);
  return { out: a.allocate(128 * count), nibbles, tables, pixels, classes, begin, end: count };
}
