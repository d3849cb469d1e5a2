/**
 * The bounds of the fixed law, checked while there are still remedies to offer (semantics 4.1, 4.3, 4.5), and the
 * distance from the real law that they imply (4.7). The verifier proves the same bounds again.
 */
import {
  type Block,
  biasUnits,
  biasValues,
  type Coupling,
  type CouplingView,
  couplingView,
  fieldLimit,
  type Multiplier,
  multiplier,
  type ProgramTensor,
  referenceBeta,
  scaled,
  spinCountOf,
} from '@isinglass/sdk';
import type { CompilerDiagnostic } from '../pipeline/diagnostic.ts';

/** The finest unit of field that the fixed law has (semantics 4.2). */
const fractionBitsMax = 12;

/** Σ|w| of one spin in one coupling (semantics 4.1). */
const absoluteSumMax = 2 ** 21 - 1;

/** What the fixed law does to one free bank. */
export interface FieldBounds {
  readonly bank: string;
  /** max over spins of Σ|B| + Σ scaled(Σ|w|), in units of 2^−k. */
  readonly fieldMax: number;
  /**
   * Largest possible difference of β·f from the real law with the same (rounded) weights, for any state:
   * (couplings + biases)·2^−(k+1) + 2^−16·Σ|β·f_c| (semantics 4.7).
   */
  readonly fieldErrorMax: number;
}

/** What was found in one block. */
export interface LimitsResult {
  readonly diagnostics: readonly CompilerDiagnostic[];
  /** Per free bank; empty where a multiplier is out of range. */
  readonly bounds: readonly FieldBounds[];
  /** Couplings whose scaled(Σ|w|) is 0 for every spin: they never change a field. */
  readonly inert: readonly string[];
}

/** Checks a fixed-law block with its own gains. */
export function fixedLawLimits(block: Block, tensors: ReadonlyMap<string, ProgramTensor>): LimitsResult {
  const diagnostics: CompilerDiagnostic[] = [];
  const reaches = block.couplings.map((coupling) => reachOf(coupling, block, tensors, diagnostics));
  const known = reaches.filter((reach) => reach !== null);
  if (known.length < reaches.length) return { diagnostics, bounds: [], inert: [] };
  const bounds = block.banks
    .filter((bank) => bank.role === 'free')
    .map((bank) => bankBounds(block, bank.id, known, tensors));
  for (const { bank, fieldMax } of bounds) {
    if (fieldMax < fieldLimit) continue;
    diagnostics.push({
      code: 'field-too-large',
      severity: 'error',
      message: `fields of ${bank} may reach ${fieldMax} units of 2^−${block.fixed?.fractionBits}; the fixed law holds less than 2^26`,
      where: `${block.id}.${bank}`,
      needed: fieldMax,
      available: fieldLimit - 1,
      hint: 'lower fractionBits: every bit less halves the field in units',
    });
  }
  const inert = known.filter(({ sums, m }) => sums.every((side) => side.every((sum) => scaled(sum, m) === 0)));
  for (const { coupling } of inert) {
    diagnostics.push({
      code: 'inert-coupling',
      severity: 'warning',
      message: `${coupling.id} is too weak to change any field: even with all spins aligned it rounds to 0 units`,
      where: `${block.id}.${coupling.id}`,
      hint: 'raise fractionBits or the gain',
    });
  }
  return { diagnostics, bounds, inert: inert.map(({ coupling }) => coupling.id) };
}

/** A coupling with its multiplier and Σ|w| per spin of both ends. */
interface Reach {
  readonly coupling: Coupling;
  readonly m: Multiplier;
  readonly sums: readonly [from: Float64Array, to: Float64Array];
}

function reachOf(
  coupling: Coupling,
  block: Block,
  tensors: ReadonlyMap<string, ProgramTensor>,
  diagnostics: CompilerDiagnostic[],
): Reach | null {
  const where = `${block.id}.${coupling.id}`;
  const view: CouplingView = couplingView(coupling, block, tensors);
  const sums = [view.absoluteSums('from'), view.absoluteSums('to')] as const;
  const largest = Math.max(largestOf(sums[0]), largestOf(sums[1]));
  if (largest > absoluteSumMax) {
    diagnostics.push({
      code: 'weight-sum-too-large',
      severity: 'error',
      message: `Σ|w| of one spin is ${largest} in ${coupling.id}; the fixed law holds at most 2^21 − 1`,
      where,
      needed: largest,
      available: absoluteSumMax,
      hint: 'use fewer weight bits',
    });
  }
  const scale = coupling.scale ?? 1;
  const fractionBits = block.fixed?.fractionBits ?? 0;
  const gain = gainOf(block, coupling.gain);
  const m = multiplier({ beta: referenceBeta(block.schedule), gain, scale, fractionBits });
  if ('M' in m) return { coupling, m, sums };
  const tooStrong = m.shiftOutOfRange < 0;
  // Each fraction bit takes one from the shift.
  const withinReach = m.shiftOutOfRange - 40 <= fractionBitsMax - fractionBits;
  const tooWeakHint = withinReach
    ? 'raise fractionBits, or raise the gain'
    : 'no fractionBits reaches that far down: leave the coupling out, or scale the network';
  diagnostics.push({
    code: 'multiplier-out-of-range',
    severity: 'error',
    message: `the step of ${coupling.id} (gain ${gain} · scale ${scale}) is too ${tooStrong ? 'large' : 'small'} for fields of 2^−${fractionBits}: it needs shift ${m.shiftOutOfRange}`,
    where,
    needed: m.shiftOutOfRange,
    available: tooStrong ? 0 : 40,
    hint: tooStrong ? 'lower fractionBits, or use more weight bits' : tooWeakHint,
  });
  return null;
}

function bankBounds(
  block: Block,
  bankId: string,
  reaches: readonly Reach[],
  tensors: ReadonlyMap<string, ProgramTensor>,
): FieldBounds {
  const bank = block.banks.find((candidate) => candidate.id === bankId);
  const count = bank === undefined ? 0 : spinCountOf(bank);
  const fractionBits = block.fixed?.fractionBits ?? 0;
  const beta = referenceBeta(block.schedule);
  const units = new Float64Array(count);
  const couplingFields = new Float64Array(count);
  let terms = 0;
  for (const { coupling, m, sums } of reaches) {
    const factor = beta * gainOf(block, coupling.gain) * (coupling.scale ?? 1);
    // A coupling inside one bank has one sum per spin over all partners.
    const sides =
      coupling.from === coupling.to
        ? [sums[1]]
        : [coupling.from === bankId ? sums[0] : null, coupling.to === bankId ? sums[1] : null];
    if (coupling.from !== bankId && coupling.to !== bankId) continue;
    terms++;
    for (const side of sides) {
      side?.forEach((sum, i) => {
        units[i] = (units[i] as number) + scaled(sum, m);
        couplingFields[i] = (couplingFields[i] as number) + factor * sum;
      });
    }
  }
  for (const bias of block.biases) {
    if (bias.bank !== bankId || bank === undefined) continue;
    terms++;
    const factors = { beta, gain: gainOf(block, bias.gain), fractionBits };
    biasValues(bias, bank, tensors).forEach((h, i) => {
      units[i] = (units[i] as number) + Math.abs(biasUnits(factors, h));
    });
  }
  return {
    bank: bankId,
    fieldMax: largestOf(units),
    fieldErrorMax: terms * 2 ** -(fractionBits + 1) + 2 ** -16 * largestOf(couplingFields),
  };
}

function gainOf(block: Block, id: string): number {
  return block.gains.find((gain) => gain.id === id)?.value ?? 1;
}

function largestOf(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0);
}
