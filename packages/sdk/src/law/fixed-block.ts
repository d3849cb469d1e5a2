/**
 * The constants of one block under the fixed law, for the gains of one run (semantics 4.3, 4.4), and the proof that no
 * field leaves its range (4.5, P132):
 *
 *   Σ_biases |B_i|  +  Σ_couplings scaled(Σ_j |w_ij|)  <  2²⁶          for every free spin i
 *
 * Gains come with each run, so M, sh, B and the proof do too.
 */
import { biasValues } from '../couplings/bias-values.ts';
import { couplingView, type Side } from '../couplings/coupling-view.ts';
import { InvalidProgramError, InvalidRequestError } from '../errors/isinglass-error.ts';
import { spinCountOf } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Block, FixedPoint } from '../program/program-json.ts';
import { biasUnits } from './bias-units.ts';
import { type Multiplier, multiplier, scaled } from './multiplier.ts';

/** Fields are below this in magnitude, so that every intermediate of semantics 4.3 fits int32. */
export const fieldLimit = 2 ** 26;

export interface FixedBlock {
  readonly fractionBits: number;
  /** By coupling id; one (M, sh) serves both directions. */
  readonly multipliers: ReadonlyMap<string, Multiplier>;
  /** B of every spin, by id of the free bank. Pinned banks have none: their biases are inert (semantics 1.8). */
  readonly biases: ReadonlyMap<string, Int32Array<ArrayBuffer>>;
  /** The largest value of the left-hand side above: |u| of every free spin is at most this. */
  readonly fieldBound: number;
}

/** A violation of P132. `place` is a path within the block: `couplings[0].scale`, `biases[2].values`. */
export interface FixedBlockFault {
  readonly place: string;
  readonly message: string;
}

/**
 * The value of every gain of a block in a run: the run's where it sets one, else the program's. Throws
 * InvalidRequestError for a gain that is no runtime gain of the block, or not finite and above 0 (P133): passed over, it
 * would be a run with other gains than the caller believes.
 */
export function gainsOfRun(
  block: Pick<Block, 'id' | 'gains'>,
  gains: Readonly<Record<string, number>>,
): ReadonlyMap<string, number> {
  for (const [id, value] of Object.entries(gains)) {
    const where = `gains.${id}`;
    if (!block.gains.some((gain) => gain.runtime && gain.id === id)) {
      throw new InvalidRequestError(`${where} is not a runtime gain of block "${block.id}".`, { where });
    }
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
      throw new InvalidRequestError(`${where} is ${value}; allowed: finite numbers above 0.`, { where });
    }
  }
  return new Map(block.gains.map((gain) => [gain.id, gains[gain.id] ?? gain.value]));
}

/** Throws InvalidRequestError, with every fault as a diagnostic, when the block cannot run with these gains. */
export function fixedBlock(
  program: Pick<Program, 'tensors'>,
  block: Block,
  gains: Readonly<Record<string, number>>,
): FixedBlock {
  const { faults, ...constants } = prepare(program, block, gains);
  const [first] = faults;
  if (first !== undefined) {
    throw new InvalidRequestError(`Block "${block.id}" cannot run with these gains: ${first.message}`, {
      where: `${block.id}.${first.place}`,
      diagnostics: faults.map(({ place, message }) => ({ code: 'P132', severity: 'error', message, where: place })),
    });
  }
  const biases = new Map([...constants.biases].map(([bank, B]) => [bank, Int32Array.from(B)]));
  return { ...constants, biases };
}

/** Every violation of P132 with these gains (none: `fixedBlock` succeeds). */
export function fixedBlockFaults(
  program: Pick<Program, 'tensors'>,
  block: Block,
  gains: Readonly<Record<string, number>>,
): readonly FixedBlockFault[] {
  return prepare(program, block, gains).faults;
}

/** As FixedBlock, before it is known that B fits int32. */
interface Prepared {
  readonly fractionBits: number;
  readonly multipliers: ReadonlyMap<string, Multiplier>;
  readonly biases: ReadonlyMap<string, Float64Array>;
  readonly fieldBound: number;
  readonly faults: readonly FixedBlockFault[];
}

function prepare(program: Pick<Program, 'tensors'>, block: Block, gains: Readonly<Record<string, number>>): Prepared {
  const fixed = fixedPointOf(block);
  const gainValues = gainsOfRun(block, gains);
  const { multipliers, faults } = blockMultipliers(block, fixed, gainValues);
  const { terms, biases } = biasTerms(program, block, fixed, gainValues);
  terms.push(...couplingTerms(program, block, multipliers));
  let fieldBound = 0;
  for (const bank of block.banks) {
    if (bank.role === 'pinned') continue;
    const ofBank = terms.filter((term) => term.bank === bank.id);
    const bound = new Float64Array(spinCountOf(bank));
    for (const { values } of ofBank) for (let i = 0; i < bound.length; i++) bound[i] = at(bound, i) + at(values, i);
    const spin = bound.reduce((worst, value, i) => (value > at(bound, worst) || Number.isNaN(value) ? i : worst), 0);
    fieldBound = Math.max(fieldBound, at(bound, spin));
    if (!(at(bound, spin) < fieldLimit)) {
      const largest = ofBank.reduce((a, b) => (at(b.values, spin) > at(a.values, spin) ? b : a));
      const sum = at(bound, spin);
      const message = `the field of spin ${spin} of bank "${bank.id}" may reach ${sum}, not below 2^26 = ${fieldLimit}`;
      faults.push({ place: largest.place, message: `${message}; most of it is ${at(largest.values, spin)} from here` });
    }
  }
  return { fractionBits: fixed.fractionBits, multipliers, biases, fieldBound, faults };
}

function fixedPointOf(block: Block): FixedPoint {
  if (block.fixed !== undefined) return block.fixed;
  throw new InvalidProgramError(`Block "${block.id}" has no \`fixed\`: it is not a fixed-law block.`, {
    where: block.id,
  });
}

function blockMultipliers(block: Block, fixed: FixedPoint, gains: ReadonlyMap<string, number>) {
  const multipliers = new Map<string, Multiplier>();
  const faults: FixedBlockFault[] = [];
  block.couplings.forEach((coupling, n) => {
    const gain = gains.get(coupling.gain) ?? Number.NaN;
    const m = multiplier({ ...fixed, gain, scale: coupling.scale ?? Number.NaN });
    if ('M' in m) {
      multipliers.set(coupling.id, m);
      return;
    }
    const factor = `beta ${fixed.beta}, gain ${gain}, scale ${coupling.scale}, fractionBits ${fixed.fractionBits}`;
    faults.push({
      place: `couplings[${n}].scale`,
      message: `coupling "${coupling.id}" (${factor}) needs the shift ${m.shiftOutOfRange}, outside 0 … 40`,
    });
  });
  return { multipliers, faults };
}

/** One summand of the bound of every spin of one free bank, and where it comes from. */
interface FieldTerm {
  readonly bank: string;
  readonly place: string;
  readonly values: Float64Array;
}

function biasTerms(
  program: Pick<Program, 'tensors'>,
  block: Block,
  fixed: FixedPoint,
  gains: ReadonlyMap<string, number>,
): { terms: FieldTerm[]; biases: Map<string, Float64Array> } {
  const free = block.banks.filter((bank) => bank.role === 'free');
  const biases = new Map(free.map((bank) => [bank.id, new Float64Array(spinCountOf(bank))]));
  const terms: FieldTerm[] = [];
  block.biases.forEach((bias, n) => {
    const bank = free.find((candidate) => candidate.id === bias.bank);
    const B = biases.get(bias.bank);
    if (bank === undefined || B === undefined) return;
    const gain = gains.get(bias.gain) ?? Number.NaN;
    // Every bias is rounded on its own (P15).
    const units = Float64Array.from(biasValues(bias, bank, program.tensors), (h) => biasUnits({ ...fixed, gain }, h));
    for (let i = 0; i < B.length; i++) B[i] = at(B, i) + at(units, i);
    terms.push({ bank: bank.id, place: `biases[${n}].values`, values: units.map(Math.abs) });
  });
  return { terms, biases };
}

function couplingTerms(
  program: Pick<Program, 'tensors'>,
  block: Block,
  multipliers: ReadonlyMap<string, Multiplier>,
): FieldTerm[] {
  const terms: FieldTerm[] = [];
  block.couplings.forEach((coupling, n) => {
    const m = multipliers.get(coupling.id);
    if (m === undefined) return;
    const view = couplingView(coupling, block, program.tensors);
    // With from = to one side already sums over all partners.
    const sides: readonly Side[] = coupling.from === coupling.to ? ['to'] : ['from', 'to'];
    for (const side of sides) {
      const values = view.absoluteSums(side).map((sum) => scaled(sum, m));
      terms.push({ bank: coupling[side], place: `couplings[${n}].scale`, values });
    }
  });
  return terms;
}

function at(values: Float64Array, i: number): number {
  return values[i] as number;
}
