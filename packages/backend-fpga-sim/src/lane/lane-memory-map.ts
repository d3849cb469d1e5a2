/**
 * What the words of a lane engine's memories mean. The machine, the images that are written to it and the generated SystemVerilog all take it from here.
 *
 * Chunks and rows are counted in the order in which the machine walks them, so that it needs no addresses of them: the static pass takes rows from 0 on, chunk
 * by chunk; a sweep takes rows from `sweepRow` on in the same way. Strides are powers of two, so that a word's place is bits of its offset:
 *
 *   update slot = chunk · laneStride + lane              (windows BIASES, FIELDS, SUMS, CONDITIONAL_SUMS, SPIN_INDICES; and its site in SPINS)
 *   word of SLOTS = (row · laneStride + lane) · couplingStride + coupling
 */
import { wordsPerWindow } from '../host/hardware.ts';
import type { LaneParameters } from '../parameters/engine-parameters.ts';

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
  /** One word for each phase: those of the static pass, color by color, then those of the sweep. */
  phases: 0x40_0000,
  /** One word for each coupling group, in the order of the phases: how many steps it takes. */
  steps: 0x80_0000,
  /** One word for each coupling group: its multiplier. They follow from the gains of a run. */
  multipliers: 0xc0_0000,
} as const;

/** Words of the header. */
export const header = {
  /** By how many bits entries of the table are coarser than fields. */
  tableShift: 0,
  /** Entries from this one on are all the same. */
  tableLast: 1,
  colors: 2,
  /** The first row of SLOTS that a sweep takes: what comes before is the static pass. */
  sweepRow: 3,
  /** Coupling groups of the static pass: those of the sweep follow. */
  sweepGroup: 4,
  /** Chunks of all colors. */
  chunks: 5,
  /** Spins that a sweep updates. */
  spins: 6,
} as const;

export const headerWords = 7;

/** A word of SPIN_INDICES that stands for no spin: padding of the last chunk of a color. */
export const noSpin = 0x8000_0000;

export const laneBitFields: readonly BitField[] = [
  { window: 'SPINS', words: 'every', bits: [31, 0], text: 'states of sites 32n … 32n + 31, lowest bit first; 1: +1' },
  { window: 'SLOTS', words: 'every', bits: [31, 8], text: 'site of the other spin' },
  { window: 'SLOTS', words: 'every', bits: [7, 0], text: 'weight, two’s complement; 0 in padding' },
  { window: 'PHASES', words: '0', bits: [3, 0], text: 'shift: log₂ of the units of field between entries of TABLE' },
  { window: 'PHASES', words: '1', bits: [15, 0], text: 'last entry of TABLE' },
  { window: 'PHASES', words: '2', bits: [31, 0], text: 'colors' },
  { window: 'PHASES', words: '3', bits: [31, 0], text: 'rows of SLOTS of the static pass; those of the sweep follow' },
  {
    window: 'PHASES',
    words: '4',
    bits: [31, 0],
    text: 'coupling groups of the static pass; those of the sweep follow',
  },
  { window: 'PHASES', words: '5', bits: [31, 0], text: 'chunks of all colors' },
  { window: 'PHASES', words: '6', bits: [31, 0], text: 'spins that a sweep updates' },
  { window: 'PHASES', words: '0x400000 + phase', bits: [31, 24], text: 'coupling groups of each chunk' },
  {
    window: 'PHASES',
    words: '0x400000 + phase',
    bits: [23, 0],
    text: 'chunks; phases of the static pass, then of the sweep',
  },
  { window: 'PHASES', words: '0x800000 + group', bits: [23, 0], text: 'steps of the group in each chunk' },
  { window: 'PHASES', words: '0xc00000 + group', bits: [21, 16], text: 'sh, 0 … 40 (semantics 4.3)' },
  { window: 'PHASES', words: '0xc00000 + group', bits: [15, 0], text: 'M (semantics 4.3)' },
  { window: 'BIASES', words: 'update slot', bits: [31, 0], text: 'B, two’s complement, in units of 2^−k' },
  { window: 'FIELDS', words: 'update slot', bits: [31, 0], text: 'H, two’s complement, in units of 2^−k' },
  {
    window: 'TABLE',
    words: 'entry',
    bits: [16, 0],
    text: 'T of field n · 2^shift ≥ 0, 32768 … 65536; field −u has 65536 − T',
  },
  { window: 'TEMPERATURES', words: 'sweep of the command', bits: [16, 0], text: 'b, 0 … 65536' },
  { window: 'SUMS', words: 'update slot', bits: [31, 0], text: 'Σ of retained states' },
  { window: 'CONDITIONAL_SUMS', words: 'update slot', bits: [31, 0], text: 'Σ of 2T − 65536 over retained sweeps' },
  { window: 'GENERATORS', words: 'lane · words of a lane + word', bits: [31, 0], text: 'state of the random numbers' },
  { window: 'SPIN_INDICES', words: 'update slot', bits: [31, 31], text: '1: no spin, padding' },
  { window: 'SPIN_INDICES', words: 'update slot', bits: [30, 0], text: 'spinIndex (semantics 5.2)' },
];

export const slotWord = (site: number, weight: number): number => ((site << 8) | (weight & 0xff)) >>> 0;
export const siteOf = (slot: number): number => slot >>> 8;
export const weightOf = (slot: number): number => (slot << 24) >> 24;

export const phaseWord = (o: { readonly chunks: number; readonly groups: number }): number =>
  ((o.groups << 24) | o.chunks) >>> 0;
export const chunksOf = (phase: number): number => phase & 0xff_ffff;
export const groupsOf = (phase: number): number => phase >>> 24;

export const multiplierWord = (m: { readonly M: number; readonly sh: number }): number => m.M | (m.sh << 16);

/** What the site of a word of SLOTS can name. */
const sitesMax = 2 ** 24;

/** Coupling groups of one phase. */
export const groupsPerPhaseMax = 255;

const powerOfTwo = (n: number): number => 2 ** Math.ceil(Math.log2(n));

/** What the memories of a machine hold, in words unless it says otherwise. */
export interface LaneCapacity {
  readonly laneStride: number;
  readonly couplingStride: number;
  /** Chunks of all colors: as many as `spins` spins in `colors` colors can take. */
  readonly chunks: number;
  /** Spins and padding; a multiple of 32. */
  readonly sites: number;
  readonly rows: number;
  /** Of either pass. */
  readonly phases: number;
  readonly groups: number;
  /** Fields from 0 on. */
  readonly tableEntries: number;
  readonly temperatures: number;
}

/** Coupling groups of a color that its descriptors have room for, on average: four in either pass. */
const groupsPerColor = 8;
const groupsMin = 256;

export function laneCapacity(p: LaneParameters): LaneCapacity {
  const laneStride = powerOfTwo(p.lanes);
  const couplingStride = powerOfTwo(p.couplingsPerLane);
  const chunks = Math.min(Math.ceil(p.spins / p.lanes) + p.colors, sitesMax / laneStride);
  return {
    laneStride,
    couplingStride,
    chunks,
    sites: 32 * Math.ceil((chunks * laneStride) / 32),
    rows: Math.min(
      Math.floor(p.couplingSlots / (p.lanes * p.couplingsPerLane)),
      wordsPerWindow / laneStride / couplingStride,
    ),
    phases: 2 * p.colors,
    groups: Math.max(groupsMin, groupsPerColor * p.colors),
    // Half of a table is stored. A straight line may reach its end no sooner than the field 8 itself.
    tableEntries: p.activation.kind === 'table' ? p.activation.entries / 2 : 8 * 2 ** p.format.fractionBits + 1,
    temperatures: p.temperatureSweeps,
  };
}
