/**
 * Random valid programs over everything that the intermediate representation can say, small enough for the scalar
 * reference. They are for tests that compare two machines: fields are of the order of k_B·T, so draws matter, and a
 * few couplings are nearly inert or as strong as the arithmetic allows.
 */

import { spinCountOf } from '../program/block-layout.ts';
import { createProgram } from '../program/create-program.ts';
import type { Program, ProgramTensor } from '../program/program.ts';
import { programFeatures } from '../program/program-features.ts';
import type {
  Bank,
  BetaStep,
  Bias,
  Block,
  Coupling,
  CouplingForm,
  FreeBank,
  Gain,
  ProgramJson,
  Readout,
  Schedule,
  ValueSpec,
} from '../program/program-json.ts';
import { Dice } from './dice.ts';
import { type AddTensor, type BankSketch, randomCoupling } from './random-couplings.ts';

export interface RandomProgramOptions {
  /** The same options and seed give the same program, hash included. */
  readonly seed: number;
  /** Default: fixed. */
  readonly law?: 'fixed' | 'real';
  /** Free spins of each block, at most. Default 120. */
  readonly freeSpinsMax?: number;
  /** Pinned spins of each block, at most; 0: no pinned bank. Default 80. */
  readonly pinnedSpinsMax?: number;
  /** Default: all four. */
  readonly forms?: readonly CouplingForm['kind'][];
  /** Default 1. Later blocks may be fed by the signs of earlier ones. */
  readonly blocks?: number;
  /** Typical |β·f| from one coupling. Default 0.7. */
  readonly strength?: number;
  /** Default: about one program in four has a list of β. */
  readonly temperature?: 'constant' | 'schedule' | 'either';
}

type Settings = Required<Omit<RandomProgramOptions, 'seed'>> & { readonly dice: Dice; readonly add: AddTensor };

/** A verified random program. */
export function randomProgram(o: RandomProgramOptions): Program {
  const { json, tensors } = randomProgramParts(o);
  return createProgram(json, tensors);
}

/** The same before verification, for tests of the verifier. */
export function randomProgramParts(o: RandomProgramOptions): {
  json: ProgramJson;
  tensors: Map<string, ProgramTensor>;
} {
  const tensors = new Map<string, ProgramTensor>();
  const add: AddTensor = (name, dtype, shape, data) => {
    tensors.set(name, { dtype, shape, data });
    return { tensor: name };
  };
  const settings: Settings = {
    law: 'fixed',
    freeSpinsMax: 120,
    pinnedSpinsMax: 80,
    forms: ['conv', 'dense', 'sparse', 'diagonal'],
    blocks: 1,
    strength: 0.7,
    temperature: 'either',
    ...o,
    dice: new Dice(o.seed),
    add,
  };
  const { dice } = settings;
  const inputs: ValueSpec[] = [];
  const values: ValueSpec[] = [];
  const indices = dice.shuffled([0, 1, 2, 7, 100, 255, ...Array.from({ length: settings.blocks }, (_, n) => 10 + n)]);
  const stages: Block[] = [];
  for (let n = 0; n < settings.blocks; n++) {
    const block = randomBlock(settings, { id: `block${n}`, index: indices[n] ?? n, inputs, values });
    stages.push(block);
  }
  const json: Omit<ProgramJson, 'features'> = {
    irVersion: '1.0',
    name: `random ${settings.law} program ${o.seed}`,
    provenance: { generator: 'random-program', seed: o.seed },
    law: { kind: settings.law },
    inputs,
    outputs: values.slice(0, dice.integer(0, values.length)),
    stages,
  };
  return { json: { ...json, features: programFeatures(json) }, tensors };
}

/** Names and places that a block takes from, or adds to, the program around it. */
interface Surroundings {
  readonly id: string;
  readonly index: number;
  /** Program inputs so far; pinned banks add theirs. */
  readonly inputs: ValueSpec[];
  /** Spin values that readouts of earlier blocks define; this block adds its own. */
  readonly values: ValueSpec[];
}

function randomBlock(s: Settings, around: Surroundings): Block {
  const { dice } = s;
  const beta = dice.pick([1, 1, dice.integer(3, 20) / 10]);
  const fractionBits = dice.integer(4, 12);
  const free = randomFreeBanks(s, around);
  const pinned = randomPinnedBanks(
    s,
    around,
    free.map((entry) => entry.bank.shape),
  );
  const banks: Bank[] = dice.shuffled([...free.map((entry) => entry.bank), ...pinned]);
  const sketches: BankSketch[] = banks.map((bank) => ({
    id: bank.id,
    shape: bank.shape,
    spinCount: spinCountOf(bank),
    colors: free.find((entry) => entry.bank.id === bank.id)?.colors ?? null,
  }));
  const gains = randomGains(dice);
  const couplings = randomCouplings(s, around, { sketches, gains, fieldUnits: beta * 2 ** fractionBits });
  const colors = dice.shuffled([...new Set(free.flatMap((entry) => entry.colors))]);
  const block: Block = {
    kind: 'block',
    id: around.id,
    index: around.index,
    banks,
    gains,
    couplings,
    biases: banks.flatMap((bank) => randomBiases(s, around, bank, gains)),
    readouts: free.flatMap((entry, n) => randomReadouts(s, around, entry.bank, n === 0)),
    schedule: randomSchedule(s, colors, beta),
  };
  return s.law === 'fixed' ? { ...block, fixed: { fractionBits, beta } } : block;
}

/** Banks share colors now and then, so that one color spans several banks. */
function randomFreeBanks(s: Settings, around: Surroundings): { bank: FreeBank; colors: readonly number[] }[] {
  const { dice } = s;
  const count = dice.integer(1, Math.min(4, s.freeSpinsMax));
  const palette = dice.shuffled([0, 1, 2, 3, 40, 65535]);
  const shapes: (readonly number[])[] = [];
  return Array.from({ length: count }, (_, n) => {
    const again = shapes.length > 0 && dice.chance(0.25);
    const shape = again ? dice.pick(shapes) : randomShape(dice, Math.floor(s.freeSpinsMax / count));
    shapes.push(shape);
    const id = `s${n}`;
    if (dice.chance(0.35)) {
      const inMap = palette.slice(0, dice.integer(2, 4));
      const colors = Array.from({ length: spinCountOf({ shape }) }, () => dice.pick(inMap));
      const colorMap = s.add(`${around.id}.${id}.color`, 'U16', shape, Uint16Array.from(colors));
      return { bank: { id, role: 'free', shape, colorMap }, colors };
    }
    const color = dice.pick(palette.slice(0, 3));
    const colors = new Array<number>(spinCountOf({ shape })).fill(color);
    return { bank: { id, role: 'free', shape, color }, colors };
  });
}

/** `freeShapes`: some pinned banks take the shape of a free one, as a diagonal coupling needs. */
function randomPinnedBanks(s: Settings, around: Surroundings, freeShapes: readonly (readonly number[])[]): Bank[] {
  const { dice } = s;
  const count = s.pinnedSpinsMax === 0 ? 0 : dice.pick([0, 1, 1, 1, 2]);
  return Array.from({ length: count }, (_, n): Bank => {
    const source = dice.chance(0.5)
      ? around.values.find((value) => sizeOf(value) <= s.pinnedSpinsMax / count)
      : undefined;
    if (source !== undefined) {
      return { id: `x${n}`, role: 'pinned', shape: source.shape.slice(1) as number[], value: source.name };
    }
    const spinsMax = Math.floor(s.pinnedSpinsMax / count);
    const equal = freeShapes.filter((shape) => spinCountOf({ shape }) <= spinsMax);
    const shape = equal.length > 0 && dice.chance(0.35) ? dice.pick(equal) : randomShape(dice, spinsMax);
    const name = `${around.id}.x${n}`;
    around.inputs.push({ name, dtype: dice.chance(0.8) ? 'spin' : 'f32', shape: ['batch', ...shape] });
    return { id: `x${n}`, role: 'pinned', shape, value: name };
  });
}

function sizeOf(value: ValueSpec): number {
  return spinCountOf({ shape: value.shape.slice(1) as number[] });
}

/** A shape of rank 1 … 3 with at most `spinsMax` spins; sizes are often not multiples of 8 or 32. */
function randomShape(dice: Dice, spinsMax: number): number[] {
  const limit = Math.max(1, spinsMax);
  const rank = limit < 4 ? 1 : dice.pick([1, 2, 3, 3]);
  if (rank === 1) return [dice.integer(1, limit)];
  const side = Math.floor(rank === 2 ? limit / 2 : Math.sqrt(limit / 2));
  const spatial = Array.from({ length: rank - 1 }, () => dice.integer(1, Math.max(1, Math.min(side, 9))));
  const positions = spatial.reduce((product, size) => product * size, 1);
  return [dice.integer(1, Math.max(1, Math.min(6, Math.floor(limit / positions)))), ...spatial];
}

function randomGains(dice: Dice): Gain[] {
  const gains: Gain[] = [{ id: 'one', value: 1, runtime: false }];
  if (dice.chance(0.7)) gains.push({ id: 'delta', value: dice.integer(2, 10) / 10, runtime: dice.chance(0.8) });
  if (dice.chance(0.2)) gains.push({ id: 'third', value: 1 / 3, runtime: true });
  return gains;
}

/** Keeps the field bound of semantics 4.5 out of reach (see `couplingFieldMax`). */
const couplingsMax = 8;

function randomCouplings(
  s: Settings,
  around: Surroundings,
  o: { sketches: readonly BankSketch[]; gains: readonly Gain[]; fieldUnits: number },
): Coupling[] {
  const { dice } = s;
  const pairs = dice.shuffled(o.sketches.flatMap((from) => o.sketches.map((to) => ({ from, to }))));
  const wanted = Math.min(couplingsMax, o.sketches.length + dice.integer(0, 2));
  const couplings: Coupling[] = [];
  for (let n = 0; couplings.length < wanted && n < 3 * wanted; n++) {
    const pair = pairs[n % pairs.length];
    // Couplings between pinned spins are legal and inert: a few.
    const inert = pair?.from.colors === null && pair.to.colors === null;
    if (pair === undefined || (inert && !dice.chance(0.1))) continue;
    const gain = dice.pick(o.gains);
    const coupling = randomCoupling(dice, pair.from, pair.to, {
      id: `j${couplings.length}`,
      gain: gain.id,
      forms: s.forms,
      law: s.law,
      fieldUnitsPerScale: o.fieldUnits * gain.value,
      strength: s.strength,
      add: s.add,
      tensorPrefix: `${around.id}.j${couplings.length}`,
    });
    if (coupling !== null) couplings.push(coupling);
  }
  return couplings;
}

function randomBiases(s: Settings, around: Surroundings, bank: Bank, gains: readonly Gain[]): Bias[] {
  const { dice } = s;
  const count = dice.pick(bank.role === 'free' ? [0, 1, 1, 2] : [0, 0, 0, 1]);
  return Array.from({ length: count }, (_, n): Bias => {
    const common = { bank: bank.id, gain: dice.pick(gains).id };
    const name = `${around.id}.${bank.id}.bias${n}`;
    const [channels = 1, ...spatial] = bank.shape;
    const values = (shape: readonly number[]) =>
      s.add(
        name,
        'F32',
        shape,
        Float32Array.from({ length: spinCountOf({ shape }) }, () => dice.normal() * 0.5),
      );
    const form = spatial.length === 0 ? 'spin' : dice.pick(['spin', 'channel', 'border'] as const);
    if (form === 'spin') return { ...common, form, values: values(bank.shape) };
    if (form === 'channel') return { ...common, form, values: values([channels]) };
    const starts = spatial.map((size) => [
      0,
      ...Array.from({ length: size - 1 }, (_, i) => i + 1).filter(() => dice.chance(0.4)),
    ]);
    return { ...common, form, border: { starts }, values: values([channels, ...starts.map((list) => list.length)]) };
  });
}

function randomReadouts(s: Settings, around: Surroundings, bank: FreeBank, atLeastOne: boolean): Readout[] {
  const { dice } = s;
  const kinds = (['spin-sum', 'conditional-sum', 'state'] as const).filter(() => dice.chance(0.5));
  if (kinds.length === 0 && atLeastOne) kinds.push('spin-sum');
  return kinds.map((observable): Readout => {
    const common = { id: `${bank.id}.${observable}`, bank: bank.id, tie: dice.pick([1, -1] as const) };
    if (observable === 'state') return { ...common, observable };
    if (!dice.chance(0.7)) return { ...common, observable };
    const signs = `${around.id}.${common.id}`;
    around.values.push({ name: signs, dtype: 'spin', shape: ['batch', ...bank.shape] });
    return { ...common, observable, signs };
  });
}

function randomSchedule(s: Settings, colors: readonly number[], beta: number): Schedule {
  const { dice } = s;
  const sweeps = dice.integer(1, 12);
  const burnIn = dice.integer(0, sweeps - 1);
  return {
    sweeps,
    burnIn,
    stride: dice.integer(1, Math.min(3, sweeps - burnIn)),
    chains: dice.pick([1, 1, 1, 2]),
    colors,
    init: dice.pick(['random', 'random', 'feed-forward']),
    beta:
      s.temperature === 'schedule' || (s.temperature === 'either' && dice.chance(0.25)) ? betaSteps(dice, beta) : beta,
  };
}

/** Rises strictly in sweep from 1; one entry is the reference β, none is larger. */
function betaSteps(dice: Dice, beta: number): BetaStep[] {
  const sweeps = [1, ...[2, 3, 5, 8, 20].filter(() => dice.chance(0.5))];
  const full = dice.integer(0, sweeps.length - 1);
  return sweeps.map((sweep, n) => ({ sweep, beta: n === full ? beta : beta * dice.pick([0, 0.1, 0.5, 0.9, 1]) }));
}
