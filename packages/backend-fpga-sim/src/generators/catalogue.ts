/**
 * The generators of random numbers that a machine may have (devices.md section 8): what each costs and whether one may sample with it. Verdicts are those of
 * the law check of this package: docs/devices.md section 8 has the figures behind them, `node tools/device-docs.ts --law` makes them anew.
 */

export interface GeneratorEntry {
  /** What it is, for documentation. */
  readonly text: string;
  /** `biased`: it fails the law check, in the way that `text` says; here to be seen failing. */
  readonly verdict: 'sound' | 'biased';
  /** 32-bit words of state of each lane; 0 where lanes have none of their own. */
  readonly wordsPerLane: number;
  /** 32-bit words of state that all lanes share. */
  readonly sharedWords: number;
  /** From the start of a draw until it can be used; 0: at once. */
  readonly cyclesPerDraw: number;
  /**
   * Of the generated module of one lane (of the shared stream where there is one), without what seeds it, as Yosys 0.55 counts cells of a Xilinx UltraScale+ device:
   * `node packages/backend-fpga-sim/test/generators/print-generator-area.ts`. Upper bounds; a multiplier is a DSP48E2.
   */
  readonly area: { readonly luts: number; readonly flipFlops: number; readonly multipliers: number };
}

const lane = { sharedWords: 0, cyclesPerDraw: 0 } as const;

export const generatorCatalogue = {
  philox: {
    text: 'Philox4x32-10 by spin (semantics 5): the numbers of every exact backend; no state, ten rounds for each draw',
    verdict: 'sound',
    wordsPerLane: 0,
    sharedWords: 0,
    cyclesPerDraw: 10,
    area: { luts: 464, flipFlops: 199, multipliers: 8 },
  },
  xoshiro128pp: {
    ...lane,
    text: 'xoshiro128++ in each lane, bits 31 to 16',
    verdict: 'sound',
    wordsPerLane: 4,
    area: { luts: 196, flipFlops: 128, multipliers: 0 },
  },
  xoshiro128p: {
    ...lane,
    text: 'xoshiro128+ in each lane, bits 31 to 16',
    verdict: 'sound',
    wordsPerLane: 4,
    area: { luts: 164, flipFlops: 128, multipliers: 0 },
  },
  xorshift32: {
    ...lane,
    text: 'xorshift32 in each lane, bits 31 to 16; for short runs: a period of 2³² − 1',
    verdict: 'sound',
    wordsPerLane: 1,
    area: { luts: 65, flipFlops: 32, multipliers: 0 },
  },
  lfsr32: {
    ...lane,
    text: 'shift register of 32 bits in each lane, 16 shifts for each draw: the cheapest that is sound',
    verdict: 'sound',
    wordsPerLane: 1,
    area: { luts: 57, flipFlops: 32, multipliers: 0 },
  },
  'lfsr32-leap1': {
    ...lane,
    text: 'shift register, one shift for each draw: each number is nearly twice the one before, modulo 1',
    verdict: 'biased',
    wordsPerLane: 1,
    area: { luts: 33, flipFlops: 32, multipliers: 0 },
  },
  'lfsr32-leap2': {
    ...lane,
    text: 'shift register, two shifts for each draw: numbers share 14 of their 16 bits with the one before',
    verdict: 'biased',
    wordsPerLane: 1,
    area: { luts: 34, flipFlops: 32, multipliers: 0 },
  },
  'lfsr32-seeds': {
    ...lane,
    text: 'shift register, 16 shifts for each draw, lanes begin at consecutive integers: lanes are sums of each other, for ever',
    verdict: 'biased',
    wordsPerLane: 1,
    area: { luts: 57, flipFlops: 32, multipliers: 0 },
  },
  'lfsr32-rotations': {
    text: 'one shift register, 16 shifts for each draw; lanes take it turned left by 5 bits more each',
    verdict: 'biased',
    wordsPerLane: 0,
    sharedWords: 1,
    cyclesPerDraw: 0,
    area: { luts: 57, flipFlops: 32, multipliers: 0 },
  },
  'xoshiro128p-low': {
    ...lane,
    text: 'xoshiro128+ in each lane, its lowest 4 bits, as the middle of a sixteenth: too coarse, and not random enough',
    verdict: 'biased',
    wordsPerLane: 4,
    area: { luts: 136, flipFlops: 128, multipliers: 0 },
  },
  'shared-word': {
    text: 'one word of xoshiro128++ for all lanes: spins that are updated together move together',
    verdict: 'biased',
    wordsPerLane: 0,
    sharedWords: 4,
    cyclesPerDraw: 0,
    area: { luts: 196, flipFlops: 128, multipliers: 0 },
  },
} as const satisfies Readonly<Record<string, GeneratorEntry>>;

export type GeneratorKind = keyof typeof generatorCatalogue;

export const generatorKinds = Object.keys(generatorCatalogue) as readonly GeneratorKind[];

export const generatorEntry = (kind: GeneratorKind): GeneratorEntry => generatorCatalogue[kind];
