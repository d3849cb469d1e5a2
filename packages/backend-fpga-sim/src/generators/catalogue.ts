/**
 * The generators of random numbers that a machine may have (devices.md section 8): what each costs and whether one may sample with it. Verdicts are those of
 * the law check of this package: `node packages/backend-fpga-sim/test/generators/print-generator-table.ts` prints the figures behind them.
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
   * Of one lane (of the shared part where there is one), as Yosys 0.23 `synth_xilinx -family xcup` counts (devices.md section 10): upper bounds. null: not
   * measured.
   */
  readonly area: { readonly luts: number; readonly flipFlops: number } | null;
}

const lane = { sharedWords: 0, cyclesPerDraw: 0 } as const;

export const generatorCatalogue = {
  philox: {
    text: 'Philox4x32-10 by spin (semantics 5): the numbers of every exact backend; no state, ten rounds for each draw',
    verdict: 'sound',
    wordsPerLane: 0,
    sharedWords: 0,
    cyclesPerDraw: 10,
    area: null,
  },
  xoshiro128pp: {
    ...lane,
    text: 'xoshiro128++ in each lane, bits 31 to 16',
    verdict: 'sound',
    wordsPerLane: 4,
    area: { luts: 192, flipFlops: 128 },
  },
  xoshiro128p: {
    ...lane,
    text: 'xoshiro128+ in each lane, bits 31 to 16',
    verdict: 'sound',
    wordsPerLane: 4,
    area: { luts: 160, flipFlops: 128 },
  },
  xorshift32: {
    ...lane,
    text: 'xorshift32 in each lane, bits 31 to 16; for short runs: a period of 2³² − 1',
    verdict: 'sound',
    wordsPerLane: 1,
    area: { luts: 79, flipFlops: 32 },
  },
  lfsr32: {
    ...lane,
    text: 'shift register of 32 bits in each lane, 16 shifts for each draw: the cheapest that is sound',
    verdict: 'sound',
    wordsPerLane: 1,
    area: { luts: 55, flipFlops: 32 },
  },
  'lfsr32-leap1': {
    ...lane,
    text: 'shift register, one shift for each draw: each number is nearly twice the one before, modulo 1',
    verdict: 'biased',
    wordsPerLane: 1,
    area: { luts: 32, flipFlops: 32 },
  },
  'lfsr32-leap2': {
    ...lane,
    text: 'shift register, two shifts for each draw: numbers share 14 of their 16 bits with the one before',
    verdict: 'biased',
    wordsPerLane: 1,
    area: null,
  },
  'lfsr32-seeds': {
    ...lane,
    text: 'shift register, 16 shifts for each draw, lanes begin at consecutive integers: lanes are sums of each other, for ever',
    verdict: 'biased',
    wordsPerLane: 1,
    area: { luts: 55, flipFlops: 32 },
  },
  'lfsr32-rotations': {
    text: 'one shift register, 16 shifts for each draw; lanes take it turned left by 5 bits more each',
    verdict: 'biased',
    wordsPerLane: 0,
    sharedWords: 1,
    cyclesPerDraw: 0,
    area: { luts: 55, flipFlops: 32 },
  },
  'xoshiro128p-low': {
    ...lane,
    text: 'xoshiro128+ in each lane, its lowest 4 bits, as the middle of a sixteenth: too coarse, and not random enough',
    verdict: 'biased',
    wordsPerLane: 4,
    area: { luts: 160, flipFlops: 128 },
  },
  'shared-word': {
    text: 'one word of xoshiro128++ for all lanes: spins that are updated together move together',
    verdict: 'biased',
    wordsPerLane: 0,
    sharedWords: 4,
    cyclesPerDraw: 0,
    area: { luts: 192, flipFlops: 128 },
  },
} as const satisfies Readonly<Record<string, GeneratorEntry>>;

export type GeneratorKind = keyof typeof generatorCatalogue;

export const generatorKinds = Object.keys(generatorCatalogue) as readonly GeneratorKind[];

export const generatorEntry = (kind: GeneratorKind): GeneratorEntry => generatorCatalogue[kind];
