/**
 * What an update of a stretch passes to the kernels, looked up once per run: a sweep of a small block is some ten calls of a microsecond each, and
 * finding their arguments must not take as long.
 */
import type { Kernels } from '../../load-kernels.ts';
import type { ListedSegment, ListedSumMap } from './listed-sum-map.ts';
import type { GivenStates } from './spin-fields.ts';
import type { SpinMapSegment, SpinSumMap } from './spin-sum-map.ts';
import type { SpinsBank, SpinsBlock, SpinsInfluence, SpinsPart, SpinsRun, SpinsRunBank } from './spins-block.ts';
import type { Stretch } from './stretches.ts';

export interface StretchCall {
  readonly bank: SpinsBank;
  readonly at: SpinsRunBank;
  readonly stretch: Stretch;
  /** A byte per slot of the stretch; 0: all. */
  readonly chosen: number;
  readonly bits: number;
  /** Addresses of draw offsets, and where the draws are: in the row (listed banks), −1: in the scratch. */
  readonly offsets: number;
  readonly drawsInRow: number;
  /** Offsets in a row; −1: not there. */
  readonly nibbles: number;
  readonly masks: number;
  readonly counts: number;
  readonly conditional: number;
  /** H in the form of the bank's mode: an offset in a row, or an address that all rows share. */
  readonly field: number;
  readonly fieldInRow: boolean;
  /** Mode `sums`. */
  readonly sums: SumsCall | null;
}

/**
 * Writes V of a stretch of `rows` rows to `out`, 32 bytes a unit and row after row. `row` is the address of the first row that gives, its next
 * one is `rowBytes` further.
 */
export type HalfSumsCall = (out: number, row: number, rows: number, rowBytes: number) => void;

/** The half sums of the only coupling, and what their update needs of the map. */
export interface SumsCall {
  readonly halfSums: HalfSumsCall;
  readonly pixels: number;
  readonly classes: number;
  readonly constants: number;
}

export function stretchCall(
  kernels: Kernels,
  block: SpinsBlock,
  run: SpinsRun,
  part: SpinsPart,
  stretch: Stretch,
): StretchCall {
  const bank = block.banks[part.bank] as SpinsBank;
  const at = run.banks[part.bank] as SpinsRunBank;
  const { unit } = stretch;
  const listed = bank.spins.colors !== null;
  const inRow = (offset: number, more: number): number => (offset < 0 ? -1 : offset + more);
  const unitBytes = at.mode === 'sums' ? 32 : 64;
  const fieldInRow = at.field >= 0;
  return {
    bank,
    at,
    stretch,
    chosen: part.chosen === 0 ? 0 : part.chosen + 16 * unit,
    bits: bank.bits + 16 * unit,
    offsets: bank.drawOffsets + (listed ? 64 * unit : 0),
    drawsInRow: listed ? at.draws : -1,
    nibbles: inRow(at.nibbles, stretch.nibbles),
    masks: inRow(at.masks, 16 * unit),
    counts: inRow(at.counts, 16 * unit),
    conditional: inRow(at.conditional, 64 * unit),
    field: (fieldInRow ? at.field : at.mode === 'sums' ? at.biases16 : at.biases) + unitBytes * unit,
    fieldInRow,
    sums: at.mode === 'sums' ? sumsCall(kernels, run, bank.fromFree[0] as SpinsInfluence, stretch) : null,
  };
}

function sumsCall(
  kernels: Kernels,
  run: SpinsRun,
  { map, coupling, side, giver }: SpinsInfluence,
  stretch: Stretch,
): SumsCall {
  const { nibbles, masks } = run.banks[giver] as SpinsRunBank;
  const segment = map.segments[0] as SpinMapSegment;
  const constants = run.couplings[coupling]?.constants[side] as number;
  return {
    halfSums: halfSumsCall(kernels, map, 0, stretch, { nibbles, masks }),
    pixels: stretchPixels(map, segment, stretch),
    classes: segment.classes,
    constants: constants + segment.baseBytesPerStream * stretch.group,
  };
}

/** For segment n of a map. `from`: the giving bank's states, from the row that the call names. */
export function halfSumsCall(
  kernels: Kernels,
  map: SpinSumMap | ListedSumMap,
  n: number,
  { unit, units, group, pixel }: Stretch,
  from: GivenStates,
): HalfSumsCall {
  if (map.kind === 'listed') {
    const { units: heads, steps } = map.segments[n] as ListedSegment;
    const kernel = kernels[map.kernel];
    const { masks } = from;
    return (out, row, rows, rowBytes) => {
      for (let n = 0; n < rows; n++) {
        kernel(out + 32 * units * n, row + rowBytes * n + masks, heads, steps, unit, unit + units);
      }
    };
  }
  const kernel = kernels[map.kernel];
  const { pixels, classes } = map.segments[n] as SpinMapSegment;
  const nibbles = from.nibbles + (map.perUnit ? 0 : (map.firstQuad[group] as number));
  const tables = map.tables + (map.perUnit ? 0 : map.tableBytesPerStream * group);
  const begin = map.perUnit ? unit : pixel;
  return (out, row, rows, rowBytes) =>
    kernel(out, row + nibbles, tables, pixels, classes, begin, begin + units, rows, rowBytes, 32 * units);
}

/** Where the pixel records of a stretch begin. */
export function stretchPixels(
  { perUnit }: SpinSumMap | ListedSumMap,
  { pixels }: SpinMapSegment,
  stretch: Stretch,
): number {
  return pixels + 8 * (perUnit ? stretch.unit : stretch.pixel);
}
