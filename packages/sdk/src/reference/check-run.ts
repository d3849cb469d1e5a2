/**
 * The door of the reference machines: everything that semantics demands of a run, checked before anything is allocated.
 */
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import { fullTemperature } from '../law/temperature.ts';
import { spinCountOf } from '../program/block-layout.ts';
import type { Bank, Block } from '../program/program-json.ts';
import { type PackedSpins, rowWithDirtyPadding, wordsPerRow } from '../spins/packed-spins.ts';
import { type ReferenceRun, retainedSweeps } from './reference-run.ts';

/** Throws InvalidRequestError naming the first argument that is wrong, its value and what is allowed. */
export function checkRun(block: Block, run: ReferenceRun): void {
  const { sweeps, chains, chainOffset, sweepOffset } = run;
  within('sweeps', sweeps, 1, 2 ** 32 - 1);
  within('burnIn', run.burnIn, 0, sweeps - 1);
  within('stride', run.stride, 1, sweeps - run.burnIn); // K ≥ 1 (semantics 1.7)
  within('sweepOffset', sweepOffset, 0, 2 ** 32 - 1 - sweeps); // semantics 5.1
  within('chains', chains, 1, 2 ** 24);
  within('chainOffset', chainOffset, 0, 2 ** 24 - chains);
  within('images.length', run.images.length, 1, Number.MAX_SAFE_INTEGER);
  if (run.seed < 0n || run.seed >= 2n ** 64n) throw wrong('seed', run.seed, '0 … 2^64 − 1');
  checkTemperatures(run);
  if (run.start.kind !== 'resume') {
    checkBanks('inputs', run.inputs, pinnedBanks(block), run.images.length);
  }
  if (run.start.kind === 'given') {
    checkBanks('start.states', run.start.states, freeBanks(block), run.images.length * chains);
  }
  checkReadouts(block, run);
}

/** One packed row per image for exactly these banks, with clean padding (P32). */
export function checkBanks(
  where: string,
  states: Readonly<Record<string, PackedSpins>>,
  banks: readonly Bank[],
  rows: number,
): void {
  const ids = banks.map((bank) => bank.id);
  const given = Object.keys(states);
  if (given.length !== ids.length || given.some((id) => !ids.includes(id))) {
    throw wrong(where, `banks [${given.join(', ')}]`, `exactly the banks [${ids.join(', ')}]`);
  }
  for (const bank of banks) {
    const spins = states[bank.id] as PackedSpins;
    const spinCount = spinCountOf(bank);
    const words = rows * wordsPerRow(spinCount);
    if (spins.rows !== rows || spins.spinCount !== spinCount || spins.words.length !== words) {
      const size = `${spins.rows} rows of ${spins.spinCount} spins in ${spins.words.length} words`;
      throw wrong(`${where}.${bank.id}`, size, `${rows} rows of ${spinCount} spins in ${words} words`);
    }
    const dirty = rowWithDirtyPadding(spins);
    if (dirty >= 0) throw wrong(`${where}.${bank.id}`, `padding bits set in row ${dirty}`, 'zero padding');
  }
}

export function pinnedBanks(block: Pick<Block, 'banks'>): readonly Bank[] {
  return block.banks.filter((bank) => bank.role === 'pinned');
}

export function freeBanks(block: Pick<Block, 'banks'>): readonly Bank[] {
  return block.banks.filter((bank) => bank.role === 'free');
}

function checkTemperatures({ temperatures, sweeps }: ReferenceRun): void {
  if (temperatures === null) return;
  if (temperatures.length !== sweeps) {
    throw wrong('temperatures', `${temperatures.length} entries`, `${sweeps}, one per sweep`);
  }
  const sweep = temperatures.findIndex((b) => b > fullTemperature);
  if (sweep >= 0) throw wrong(`temperatures[${sweep}]`, temperatures[sweep] ?? 0, `0 … ${fullTemperature}`);
}

/** Int32 must hold every sum (semantics 2.4). */
function checkReadouts(block: Block, run: ReferenceRun): void {
  const terms = retainedSweeps(run) * run.chains;
  const free = freeBanks(block).map((bank) => bank.id);
  run.readouts.forEach(({ bank, observable }, n) => {
    if (!free.includes(bank)) throw wrong(`readouts[${n}].bank`, bank, `a free bank [${free.join(', ')}]`);
    const termsMax = observable === 'conditional-sum' ? 32767 : 2 ** 31 - 1;
    if (observable !== 'state' && terms > termsMax) {
      throw wrong(`readouts[${n}]`, `${terms} retained sweeps · chains of ${observable}`, `at most ${termsMax}`);
    }
  });
}

function within(where: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) throw wrong(where, value, `${min} … ${max}`);
}

function wrong(where: string, value: string | number | bigint, allowed: string): InvalidRequestError {
  return new InvalidRequestError(`${where} is ${value}; allowed: ${allowed}.`, { where });
}
