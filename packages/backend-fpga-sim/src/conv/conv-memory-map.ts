/**
 * What the words of a convolution engine's memories mean. The machine, the images that are written to it and the generated SystemVerilog all take it from here.
 *
 *   site         place of a spin's state in SPINS. The free banks' sites come first, then the pinned ones; each bank is row-major and padded to 32.
 *   update slot  of a free spin: its site (windows BIASES, FIELDS, SUMS, CONDITIONAL_SUMS).
 *   view         a bank as channels × pixels: [C, H, W] is C × H·W. The free end of a `dense` coupling is N × 1.
 *   tile         up to A neighbouring channels of one bank's view in one pass, all of its pixels: what one set of weights is for.
 *   term         one coupling in one direction, as it acts on one tile.
 *   input        a channel of the other end's view that a term adds; `taps` places of it for each pixel.
 *
 * PHASES lists tiles in the order in which they are walked: those of the static pass, then those of a sweep. A term's weight of its tile's channel a, input i and tap t
 * is the byte `weight + a · weightsPerChannel + i · weightsPerInput + t` of WEIGHTS, so that both directions read one copy; what it is multiplied with is site
 * `source + i · sitesPerInput + SOURCES[sources + t · pixels + pixel]`, unless that word is invalid.
 */
import type { Window } from '../host/hardware.ts';
import type { ConvParameters } from '../parameters/engine-parameters.ts';

/** Bits `high … low` of a word. */
export interface BitField {
  readonly window: string;
  readonly words: string;
  readonly bits: readonly [high: number, low: number];
  readonly text: string;
}

/** Where the parts of the window PHASES begin. */
export const phaseParts = {
  header: 0,
  tiles: 0x40_0000,
  terms: 0x80_0000,
  /** One word for each coupling: its multiplier. They follow from the gains of a run. */
  multipliers: 0xe0_0000,
} as const;

/** Words of the header. */
export const header = {
  /** log₂ of the units of field between entries of TABLE. */
  tableShift: 0,
  /** Entries of TABLE from this one on are all the same. */
  tableLast: 1,
  /** Tiles of the static pass; those of the sweep follow. */
  staticTiles: 2,
  /** Tiles of both. */
  tiles: 3,
  /** Spins that a sweep updates. */
  spins: 4,
  /** 1: weights come from outside memory and go through the two buffers of the array. */
  streamed: 5,
} as const;
export const headerWords = 6;

/** Words of a tile; offsets count from `tiles + tileStride · tile`. */
export const tileWord = {
  /** Site of its first channel's pixel 0. */
  site: 0,
  /** spinIndex (semantics 5.2) of the same. */
  spinIndex: 1,
  channels: 2,
  /** Of its bank's view. */
  pixels: 3,
  firstTerm: 4,
  terms: 5,
  /** 1: the last one of its half-sweep; a drain follows. */
  lastOfBank: 6,
} as const;
export const tileStride = 8;

/** Words of a term; offsets count from `terms + termStride · term`. */
export const termWord = {
  /** ⌈inputs · taps / B⌉. */
  steps: 0,
  /** Byte of WEIGHTS. */
  weight: 1,
  weightsPerChannel: 2,
  weightsPerInput: 3,
  inputs: 4,
  taps: 5,
  /** Site of the first input's pixel 0. */
  source: 6,
  sitesPerInput: 7,
  /** Word of SOURCES. */
  sources: 8,
  /** Place of the coupling's multiplier. */
  coupling: 9,
  /** 1: from `to` back to `from`. */
  adjoint: 10,
} as const;
export const termStride = 16;

/** A word of SOURCES whose tap falls on padding. */
export const invalidSource = 0x8000_0000;

export const multiplierWord = (m: { readonly M: number; readonly sh: number }): number => m.M | (m.sh << 16);

const numbersOf = (part: string, stride: number, words: Readonly<Record<string, number>>): BitField[] =>
  Object.entries(words).map(([name, offset]) => ({
    window: 'PHASES',
    words: `${part} + ${stride} n + ${offset}`,
    bits: [31, 0],
    text: name,
  }));

export const convBitFields: readonly BitField[] = [
  { window: 'SPINS', words: 'every', bits: [31, 0], text: 'states of sites 32n … 32n + 31, lowest bit first; 1: +1' },
  { window: 'BIASES', words: 'update slot', bits: [31, 0], text: 'B, two’s complement, in units of 2^−k' },
  { window: 'FIELDS', words: 'update slot', bits: [31, 0], text: 'H, two’s complement, in units of 2^−k' },
  {
    window: 'WEIGHTS',
    words: 'every',
    bits: [31, 0],
    text: 'weights of bytes 4n … 4n + 3, two’s complement, lowest first',
  },
  { window: 'SOURCES', words: 'every', bits: [31, 31], text: '1: the tap falls on padding' },
  { window: 'SOURCES', words: 'every', bits: [30, 0], text: 'pixel of the input' },
  ...numbersOf('header', headerWords, header).map((each) => ({ ...each, words: each.words.replace(/.*\+ /, '') })),
  ...numbersOf('0x400000', tileStride, tileWord),
  ...numbersOf('0x800000', termStride, termWord),
  { window: 'PHASES', words: '0xe00000 + coupling', bits: [21, 16], text: 'sh, 0 … 40 (semantics 4.3)' },
  { window: 'PHASES', words: '0xe00000 + coupling', bits: [15, 0], text: 'M (semantics 4.3)' },
  {
    window: 'TABLE',
    words: 'entry',
    bits: [16, 0],
    text: 'threshold of field entry · 2^shift ≥ 0; −f has 65536 minus that of f',
  },
  { window: 'TEMPERATURES', words: 'sweep of the command', bits: [16, 0], text: 'b, 0 … 65536' },
  { window: 'SUMS', words: 'update slot', bits: [31, 0], text: 'Σ of retained states' },
  { window: 'CONDITIONAL_SUMS', words: 'update slot', bits: [31, 0], text: 'Σ of 2T − 65536 over retained sweeps' },
  {
    window: 'GENERATORS',
    words: 'sampler · words of a sampler + word',
    bits: [31, 0],
    text: 'state of the random numbers',
  },
];

/** What the memories of a machine hold, in words unless it says otherwise. Powers of two: the SystemVerilog drops upper bits of addresses. */
export interface ConvCapacity {
  /** A multiple of 32. */
  readonly sites: number;
  readonly weightBytes: number;
  readonly sources: number;
  readonly tiles: number;
  readonly terms: number;
  readonly couplings: number;
  readonly tableEntries: number;
  readonly temperatures: number;
}

/** Banks whose padding there is room for, to 32 sites and to whole tiles. */
const paddedBanks = 16;

/** What the window WEIGHTS can address. */
const weightWindowBytes = 2 ** 26;

const couplingsMax = 64;

/** How much larger than the memory on chip one outside is. */
const outsideFactor = 64;

const powerOfTwo = (n: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, n)));
const between = (low: number, n: number, high: number): number => Math.max(low, Math.min(n, high));

export function convCapacity(p: ConvParameters): ConvCapacity {
  // As many as all spins take where every one is a channel of its own, in both passes, and one more at the end of each bank.
  const tiles = powerOfTwo(between(64, 2 * (p.spins / p.channels + paddedBanks), 2 ** 16));
  return {
    sites: powerOfTwo(p.spins + 32 * paddedBanks),
    weightBytes: powerOfTwo(Math.min(weightWindowBytes, weightsHeld(p))),
    sources: powerOfTwo(between(1024, 64 * p.spins, 2 ** 22)),
    tiles,
    terms: 4 * tiles,
    couplings: couplingsMax,
    tableEntries: p.activation.kind === 'table' ? p.activation.entries : 16 * 2 ** p.format.fractionBits,
    temperatures: p.temperatureSweeps,
  };
}

/** Weights take a byte each in their window, whatever their bits, and each coupling begins a word. */
function weightsHeld(p: ConvParameters): number {
  const outside = p.weightBytesPerSecond === null ? 1 : outsideFactor;
  return Math.ceil((8 * p.weightMemoryBytes * outside) / p.weightBits) + 4 * couplingsMax;
}

/** Cycles in which outside memory delivers one step's weights, A · B of them. */
export const cyclesPerWeightRow = (p: ConvParameters): number =>
  p.weightBytesPerSecond === null
    ? 0
    : Math.ceil((p.channels * p.taps * p.weightBits * p.clockHz) / (8 * p.weightBytesPerSecond));

/** Steps whose weights one of the two buffers of a machine with outside memory holds. */
export const bufferedSteps = (p: ConvParameters): number =>
  Math.floor((8 * p.weightMemoryBytes) / (2 * p.channels * p.taps * p.weightBits));

/** The windows of the engine, by number. */
export const convWindows: readonly Window[] = [
  'registers',
  'spins',
  'biases',
  'fields',
  'weights',
  'phases',
  'table',
  'temperatures',
  'sums',
  'conditionalSums',
  'generators',
  'sources',
];
