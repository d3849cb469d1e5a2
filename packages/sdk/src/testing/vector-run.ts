/** From a vector and its program to a run and the expected values as typed arrays. */
import type { DriverReadout, DriverRun, ReadoutRequest, Start } from '../contract/driver.ts';
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import type { Multiplier } from '../law/multiplier.ts';
import { scheduleTemperatures } from '../law/temperature.ts';
import { type BankLayout, blockLayout } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Block, Readout } from '../program/program-json.ts';
import { type PackedSpins, rowWithDirtyPadding, type Words, wordsPerRow } from '../spins/packed-spins.ts';
import type { Vector } from './vectors.ts';

/** A driver's run as plain data: what is asked, without the callbacks. */
export type RunData = Omit<DriverRun, 'signal' | 'onProgress' | 'trace' | 'timeline'>;

/** A vector made ready: `run` for a driver or the reference, `expected` in the shapes of the contract. */
export interface VectorRun {
  readonly block: Block;
  /** The readouts are the block's, in order, `as: 'both'`; `keep` is `nothing`. */
  readonly run: RunData;
  readonly expected: ExpectedRun;
}

export interface ExpectedRun {
  readonly retained: number;
  /** One b_t per sweep, also where the run says null. */
  readonly temperatures: Words;
  /** By coupling id. */
  readonly multipliers: ReadonlyMap<string, Multiplier>;
  /** By free bank: B per spin. */
  readonly biases: ReadonlyMap<string, Int32Array<ArrayBuffer>>;
  /** By free bank: H, `[images][spins]`. */
  readonly staticFields: ReadonlyMap<string, Int32Array<ArrayBuffer>>;
  /** Entry t: every bank after sweep t, one row per (image, chain). The first few sweeps only. */
  readonly states: readonly Readonly<Record<string, PackedSpins>>[];
  /** By sweep: the trace hash (semantics 1.9) of every row. */
  readonly traceHashes: ReadonlyMap<number, readonly string[]>;
  /** In the order of the run's readouts. */
  readonly readouts: readonly DriverReadout[];
}

/** Every runtime gain of a block at the program's value. */
export function runtimeGains(block: Block): Record<string, number> {
  return Object.fromEntries(block.gains.filter((gain) => gain.runtime).map((gain) => [gain.id, gain.value]));
}

/** A block's readouts as a run asks for them; a state readout has no signs. */
export function readoutRequests(block: Block): readonly ReadoutRequest[] {
  return block.readouts.map(({ bank, observable, tie }) => ({
    bank,
    observable,
    as: observable === 'state' ? 'sums' : 'both',
    tie,
  }));
}

/** The run that a vector asks for and what must come out. Throws InvalidRequestError where vector and program disagree. */
export function vectorRun(vector: Vector, program: Program): VectorRun {
  const block = blockOfIndex(program, vector.block);
  const { request } = vector;
  const layout = blockLayout(block);
  const rows = request.batch * request.chains;
  return {
    block,
    run: {
      block: vector.block,
      gains: gainsOf(block, request.gains),
      images: Uint32Array.from({ length: request.batch }, (_, n) => request.imageOffset + n),
      inputs: banksOf(layout, 'pinned', request.inputs, request.batch, 'request.inputs'),
      chains: request.chains,
      chainOffset: request.chainOffset,
      sweeps: request.sweeps,
      burnIn: request.burnIn,
      stride: request.stride,
      sweepOffset: 0,
      temperatures: temperaturesOf(vector, block),
      seed: BigInt(request.seed),
      start: startOf(vector, layout, rows),
      keep: 'nothing',
      readouts: readoutRequests(block),
    },
    expected: expectedRun(vector, block, layout),
  };
}

function blockOfIndex(program: Program, index: number): Block {
  for (const stage of program.json.stages) if (stage.kind === 'block' && stage.index === index) return stage;
  throw disagree('block', `the program has no block of index ${index}`);
}

function gainsOf(block: Block, set: Readonly<Record<string, number>> | null): Record<string, number> {
  const gains = runtimeGains(block);
  for (const [id, value] of Object.entries(set ?? {})) {
    if (!(id in gains)) throw disagree(`request.gains.${id}`, `block ${block.id} has no such runtime gain`);
    gains[id] = value;
  }
  return gains;
}

function temperaturesOf({ request }: Vector, block: Block): Words | null {
  if (request.temperatures === null) return scheduleTemperatures(block.schedule, request.sweeps);
  if (request.temperatures.length !== request.sweeps) {
    throw disagree('request.temperatures', `${request.temperatures.length} entries for ${request.sweeps} sweeps`);
  }
  return Uint32Array.from(request.temperatures);
}

function startOf({ request }: Vector, layout: readonly BankLayout[], rows: number): Start {
  if ((request.init === 'given') !== (request.initial !== null)) {
    throw disagree('request.initial', `must be present exactly with init "given", init is "${request.init}"`);
  }
  return request.init === 'given'
    ? { kind: 'given', states: banksOf(layout, 'free', request.initial ?? {}, rows, 'request.initial') }
    : { kind: request.init };
}

function banksOf(
  layout: readonly BankLayout[],
  role: 'free' | 'pinned',
  given: Readonly<Record<string, readonly (readonly string[])[]>>,
  rows: number,
  where: string,
): Readonly<Record<string, PackedSpins>> {
  const banks = layout.filter(({ bank }) => bank.role === role);
  sameKeys(
    given,
    banks.map(({ bank }) => bank.id),
    where,
  );
  return Object.fromEntries(
    banks.map(({ bank, spinCount }) => [
      bank.id,
      packedRows(given[bank.id] ?? [], rows, spinCount, `${where}.${bank.id}`),
    ]),
  );
}

function expectedRun({ request, expected }: Vector, block: Block, layout: readonly BankLayout[]): ExpectedRun {
  const rows = request.batch * request.chains;
  const free = layout.filter(({ bank }) => bank.role === 'free');
  const freeIds = free.map(({ bank }) => bank.id);
  const couplingIds = block.couplings.map((coupling) => coupling.id);
  sameKeys(expected.multipliers, couplingIds, 'expected.multipliers');
  sameKeys(expected.B, freeIds, 'expected.B');
  sameKeys(expected.H, freeIds, 'expected.H');
  const retained = Math.floor((request.sweeps - request.burnIn) / request.stride);
  if (retained !== expected.retained) throw disagree('expected.retained', `the request retains ${retained}`);
  return {
    retained,
    temperatures: runLengths(expected.temperatures, request.sweeps),
    multipliers: new Map(Object.entries(expected.multipliers)),
    biases: new Map(
      free.map(({ bank, spinCount }) => [
        bank.id,
        integers([expected.B[bank.id] ?? []], 1, spinCount, `expected.B.${bank.id}`),
      ]),
    ),
    staticFields: new Map(
      free.map(({ bank, spinCount }) => [
        bank.id,
        integers(expected.H[bank.id] ?? [], request.batch, spinCount, `expected.H.${bank.id}`),
      ]),
    ),
    states: expected.states.map((state, sweep) => splitBanks(state, rows, layout, `expected.states[${sweep}]`)),
    traceHashes: hashesBySweep(expected, rows),
    readouts: expectedReadouts(expected, block, { layout, images: request.batch, chains: request.chains, retained }),
  };
}

function expectedReadouts(
  expected: Vector['expected'],
  block: Block,
  size: { layout: readonly BankLayout[]; images: number; chains: number; retained: number },
): readonly DriverReadout[] {
  const summed = block.readouts.filter((readout) => readout.observable !== 'state').map((readout) => readout.id);
  const stored = block.readouts.filter((readout) => readout.observable === 'state').map((readout) => readout.id);
  sameKeys(expected.sums, summed, 'expected.sums');
  sameKeys(expected.signs, summed, 'expected.signs');
  sameKeys(expected.stateReadouts, stored, 'expected.stateReadouts');
  return block.readouts.map((readout: Readout): DriverReadout => {
    const spins = size.layout.find(({ bank }) => bank.id === readout.bank)?.spinCount ?? 0;
    if (readout.observable === 'state') {
      const where = `expected.stateReadouts.${readout.id}`;
      const rows = (expected.stateReadouts[readout.id] ?? []).flat(2);
      return { states: packedRows(rows, size.images * size.chains * size.retained, spins, where) };
    }
    return {
      sums: integers(expected.sums[readout.id] ?? [], size.images, spins, `expected.sums.${readout.id}`),
      signs: packedRows(expected.signs[readout.id] ?? [], size.images, spins, `expected.signs.${readout.id}`),
    };
  });
}

function hashesBySweep(expected: Vector['expected'], rows: number): ReadonlyMap<number, readonly string[]> {
  if (
    expected.traceHashes.length !== rows ||
    expected.traceHashes.some((row) => row.length !== expected.traceSweeps.length)
  ) {
    throw disagree('expected.traceHashes', `must be ${rows} rows of ${expected.traceSweeps.length} hashes`);
  }
  return new Map(
    expected.traceSweeps.map((sweep, column) => [sweep, expected.traceHashes.map((row) => row[column] ?? '')]),
  );
}

function splitBanks(
  state: readonly (readonly string[])[],
  rows: number,
  layout: readonly BankLayout[],
  where: string,
): Readonly<Record<string, PackedSpins>> {
  const last = layout.at(-1);
  const words = last === undefined ? 0 : last.offset / 32 + wordsPerRow(last.spinCount);
  if (state.some((row) => row.length !== words)) throw disagree(where, `every row must have ${words} words`);
  return Object.fromEntries(
    layout.map(({ bank, offset, spinCount }) => {
      const from = offset / 32;
      const part = state.map((row) => row.slice(from, from + wordsPerRow(spinCount)));
      return [bank.id, packedRows(part, rows, spinCount, `${where} (bank ${bank.id})`)];
    }),
  );
}

function packedRows(hex: readonly (readonly string[])[], rows: number, spinCount: number, where: string): PackedSpins {
  const stride = wordsPerRow(spinCount);
  if (hex.length !== rows || hex.some((row) => row.length !== stride)) {
    throw disagree(where, `must be ${rows} rows of ${stride} words, ${spinCount} spins`);
  }
  const words = Uint32Array.from(hex.flat(), (word) => Number.parseInt(word, 16));
  const packed = { words, rows, spinCount };
  const dirty = rowWithDirtyPadding(packed);
  if (dirty >= 0) throw disagree(where, `the padding bits of row ${dirty} are not zero`);
  return packed;
}

function integers(
  values: readonly (readonly number[])[],
  rows: number,
  columns: number,
  where: string,
): Int32Array<ArrayBuffer> {
  if (values.length !== rows || values.some((row) => row.length !== columns)) {
    throw disagree(where, `must be ${rows} rows of ${columns} integers`);
  }
  return Int32Array.from(values.flat());
}

function runLengths(runs: readonly (readonly [value: number, count: number])[], length: number): Words {
  const out = Uint32Array.from(runs.flatMap(([value, count]) => new Array<number>(count).fill(value)));
  if (out.length !== length) throw disagree('expected.temperatures', `${out.length} entries for ${length} sweeps`);
  return out;
}

function sameKeys(given: Readonly<Record<string, unknown>>, wanted: readonly string[], where: string): void {
  const keys = Object.keys(given);
  const missing = wanted.filter((id) => !keys.includes(id));
  const extra = keys.filter((id) => !wanted.includes(id));
  if (missing.length + extra.length > 0) {
    throw disagree(where, `must have exactly ${wanted.join(', ') || 'nothing'}; has ${keys.join(', ') || 'nothing'}`);
  }
}

function disagree(where: string, message: string): InvalidRequestError {
  return new InvalidRequestError(`${where}: ${message}`, { where });
}
