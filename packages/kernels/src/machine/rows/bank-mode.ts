/** Which way a bank's updates take in one run, from what can be proved about its numbers (see RunBank.mode). */
import { type Block, type DriverRun, type Multiplier, scaled } from '@isinglass/sdk';
import type { FixedConstants } from '@isinglass/sdk/machine-driver';
import type { LoadedRows } from './load-block.ts';
import type { RowsBank, RowsInfluence } from './rows-block.ts';
import { planTerms, type TermsPlan } from './sparse/sparse-terms.ts';
import { fieldLimitOf, fitsShortTable } from './update-constants.ts';

export type BankMode =
  | {
      readonly mode: 'sums';
      readonly influence: Extract<RowsInfluence, { kind: 'half-sums' }>;
      /** V may exceed 32767. */
      readonly wide: boolean;
    }
  | { readonly mode: 'sparse'; readonly terms: TermsPlan }
  | { readonly mode: 'fields' };

export interface ModeOptions {
  readonly block: Block;
  readonly loaded: LoadedRows;
  readonly constants: FixedConstants;
  readonly request: Pick<DriverRun, 'temperatures'>;
  /** All of device memory: records are read from it. */
  readonly i32: Int32Array;
}

const shortMax = 32767;

export function bankMode(bank: RowsBank, index: number, o: ModeOptions): BankMode {
  const [only] = bank.fromFree;
  if (only === undefined || bank.fromFree.length > 1) return { mode: 'fields' };
  const fieldMax = staticFieldMax(bank, o);
  if (only.kind === 'half-sums') {
    return isShort(bank, index, only, fieldMax, o)
      ? { mode: 'sums', influence: only, wide: only.map.sumMax > shortMax }
      : { mode: 'fields' };
  }
  const fieldPerRow = bank.fromPinned.length > 0;
  if (fieldPerRow && fieldMax > shortMax) return { mode: 'fields' };
  const terms = planTerms({
    map: only.map,
    i32: o.i32,
    multiplier: multiplierOf(o, only.coupling),
    fractionBits: o.constants.fractionBits,
    biases: o.constants.biases.get(bank.lanes.id) as Int32Array,
    fieldPerRow,
    temperatures: o.request.temperatures,
    thresholds: o.loaded.table,
  });
  return terms === null ? { mode: 'fields' } : { mode: 'sparse', terms };
}

/** Whether 16 bits are enough from the half sums to the threshold, at constant temperature (gibbs-update.as.ts). */
function isShort(
  { lanes }: RowsBank,
  index: number,
  { map, coupling }: Extract<RowsInfluence, { kind: 'half-sums' }>,
  fieldMax: number,
  o: ModeOptions,
): boolean {
  const whole = o.loaded.block.colors.flat().every((part) => part.bank !== index || part.whole);
  const constantTemperature = o.request.temperatures?.every((b) => b === 65536) ?? true;
  const { M, sh } = multiplierOf(o, coupling);
  return (
    whole &&
    constantTemperature &&
    lanes.nibbles &&
    map.segments.length === 1 &&
    sh >= 1 &&
    sh <= 32 &&
    M <= 65534 &&
    // |2V − base| ≤ Σ|w|, and half a unit of rounding: what is shifted fits 32 bits.
    (map.sumMax * M) / 2 + 2 ** (sh - 2) < 2 ** 31 &&
    fitsShortTable(o.constants.fractionBits) &&
    // Where scaled(A) saturates, the field must be beyond the table's limit whatever H is.
    (scaled(map.sumMax, { M, sh }) <= shortMax || fieldMax + fieldLimitOf(o.constants.fractionBits) <= shortMax) &&
    fieldMax <= shortMax
  );
}

/** No |H| of the bank is larger. */
function staticFieldMax({ lanes, fromPinned }: RowsBank, o: ModeOptions): number {
  const biases = o.constants.biases.get(lanes.id) as Int32Array;
  const largest = biases.reduce((most, B) => Math.max(most, Math.abs(B)), 0);
  return fromPinned.reduce((sum, { map, coupling }) => sum + scaled(map.sumMax, multiplierOf(o, coupling)), largest);
}

function multiplierOf({ block, constants }: ModeOptions, coupling: number): Multiplier {
  return constants.multipliers.get(block.couplings[coupling]?.id as string) as Multiplier;
}
