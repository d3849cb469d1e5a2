/** What a run must satisfy (semantics 1.7, 2.4, 2.6, 4.5, 5.1), checked before anything is allocated. */
import { type DriverRun, InvalidRequestError, type PackedSpins, wordsPerRow } from '@isinglass/sdk';
import type { BankPlace, BlockStructure } from '../block-structure.ts';

/** Throws InvalidRequestError that names the first argument that is wrong. */
export function checkRun({ banks, block }: BlockStructure, run: DriverRun): void {
  const { sweeps, burnIn, stride, chains, images } = run;
  integer('sweeps', sweeps, 1, 2 ** 32 - 1);
  integer('burnIn', burnIn, 0, sweeps - 1);
  integer('stride', stride, 1, sweeps - burnIn);
  integer('sweepOffset', run.sweepOffset, 0, 2 ** 32 - 1 - sweeps);
  integer('chains', chains, 1, 2 ** 24);
  integer('chainOffset', run.chainOffset, 0, 2 ** 24 - chains);
  integer('images.length', images.length, 1, 2 ** 32 - 1);
  if (run.seed < 0n || run.seed >= 1n << 64n) throw wrong('seed', `${run.seed} is outside 0 … 2^64 − 1`);
  for (const [id, value] of Object.entries(run.gains)) {
    const known = block.gains.some((gain) => gain.runtime && gain.id === id);
    if (!known || !(value > 0 && Number.isFinite(value))) throw wrong(`gains.${id}`, `${value} is not a runtime gain`);
  }
  if (run.temperatures !== null) {
    if (run.temperatures.length !== sweeps)
      throw wrong('temperatures', `${run.temperatures.length} for ${sweeps} sweeps`);
    if (run.temperatures.some((b) => b > 65536)) throw wrong('temperatures', 'an entry is above 65536');
  }
  const pinned = banks.filter((bank) => !bank.free);
  if (run.start.kind !== 'resume' || Object.keys(run.inputs).length > 0) {
    checkBanks('inputs', run.inputs, pinned, images.length);
  }
  const free = banks.filter((bank) => bank.free);
  if (run.start.kind === 'given') checkBanks('start.states', run.start.states, free, images.length * chains);
  const terms = Math.floor((sweeps - burnIn) / stride) * chains;
  for (const [n, { bank, observable }] of run.readouts.entries()) {
    if (!free.some(({ id }) => id === bank)) throw wrong(`readouts[${n}].bank`, `${bank} is not a free bank`);
    const most = observable === 'conditional-sum' ? 32767 : 2 ** 31 - 1;
    if (observable !== 'state' && terms > most)
      throw wrong(`readouts[${n}]`, `${terms} terms: at most ${most} fit int32`);
  }
}

/** Exactly these banks, packed rows of the right size, padding bits zero. */
function checkBanks(
  where: string,
  given: Readonly<Record<string, PackedSpins>>,
  banks: readonly BankPlace[],
  rows: number,
): void {
  const wanted = banks.map(({ id }) => id).sort();
  if (JSON.stringify(Object.keys(given).sort()) !== JSON.stringify(wanted)) {
    throw wrong(where, `has banks ${Object.keys(given)}; wanted ${wanted}`);
  }
  for (const { id, spins } of banks) {
    const packed = given[id] as PackedSpins;
    const words = wordsPerRow(spins);
    if (packed.rows !== rows || packed.spinCount !== spins || packed.words.length !== rows * words) {
      throw wrong(`${where}.${id}`, `${packed.rows} rows of ${packed.spinCount} spins; wanted ${rows} of ${spins}`);
    }
    if (spins % 32 === 0) continue;
    for (let row = 0; row < rows; row++) {
      const last = packed.words[(row + 1) * words - 1] as number;
      if (last >>> (spins % 32) !== 0) throw wrong(`${where}.${id}`, `padding bits of row ${row} are set`);
    }
  }
}

function integer(where: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) throw wrong(where, `${value} is outside ${min} … ${max}`);
}

function wrong(where: string, message: string): InvalidRequestError {
  return new InvalidRequestError(`${where}: ${message}`, { where });
}
