/**
 * Random valid programs of all that a device declares: forms, geometry, maps of colors, gains, biases, several blocks. Fields are of the order of
 * k_B·T, so that draws matter. The suite's own generator: it shares nothing with those that backends are tested with.
 */
import {
  type Bank,
  type BetaStep,
  type Bias,
  type Block,
  type Coupling,
  checkFit,
  createProgram,
  type DeviceProfile,
  type Gain,
  isUnstated,
  type Program,
  type ProgramJson,
  type ProgramTensor,
  programFeatures,
  type Readout,
  type Schedule,
  type ValueSpec,
} from '@isinglass/sdk';
import { TooFewSamples } from '../checks/check.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { type DraftBank, type DraftBanks, randomBanks } from './draft-bank.ts';
import { type AddTensor, randomCoupling } from './random-coupling.ts';

export interface RandomProgramOptions {
  readonly profile: DeviceProfile;
  readonly law: 'fixed' | 'real';
  /** Spins of one block, at most. Default 72. */
  readonly spinsMax?: number;
  /** Default 3. */
  readonly blocksMax?: number;
}

/** Programs that are made before the profile is taken to allow none. */
const triesMax = 60;

/** A program within the profile. Throws TooFewSamples where none is found. */
export function randomProgram(random: RandomStream, o: RandomProgramOptions): Program {
  const limit = o.profile.spins.max;
  let spinsMax = Math.min(o.spinsMax ?? 72, typeof limit === 'number' ? limit : Number.POSITIVE_INFINITY);
  for (let n = 0; n < triesMax; n++) {
    const program = anyProgram(random.fork(`try ${n}`), { ...o, spinsMax });
    if (checkFit(program, o.profile).every(isUnstated)) return program;
    // Degrees and widths of sums follow the sizes.
    if (n % 4 === 3) spinsMax = Math.max(2, Math.floor(spinsMax * 0.8));
  }
  throw new TooFewSamples(`none of ${triesMax} random programs is within the profile`);
}

interface Setting {
  readonly random: RandomStream;
  readonly profile: DeviceProfile;
  readonly law: 'fixed' | 'real';
  readonly spinsMax: number;
  readonly add: AddTensor;
  readonly inputs: ValueSpec[];
}

function anyProgram(random: RandomStream, o: Required<Omit<RandomProgramOptions, 'blocksMax'>> & RandomProgramOptions) {
  const tensors = new Map<string, ProgramTensor>();
  const add: AddTensor = (name, dtype, shape, data) => {
    tensors.set(name, { dtype, shape, data });
    return { tensor: name };
  };
  const setting: Setting = { ...o, random, add, inputs: [] };
  const blocks = random.chance(0.7) ? 1 : random.integer(1, o.blocksMax ?? 3);
  const indices = random.shuffled([0, 1, 2, 3, 17, 128, 254, 255]);
  const stages = Array.from({ length: blocks }, (_, n) => randomBlock(setting, `b${n}`, indices[n] as number));
  const json: Omit<ProgramJson, 'features'> = {
    irVersion: '1.0',
    name: 'random',
    provenance: {},
    law: { kind: o.law },
    inputs: setting.inputs,
    outputs: [],
    stages,
  };
  return createProgram({ ...json, features: programFeatures(json) }, tensors);
}

function randomBlock(s: Setting, id: string, index: number): Block {
  const { random, profile, law } = s;
  const beta = randomBeta(s);
  const grid = profile.field.fractionBits ?? { min: 9, max: 9 };
  const fractionBits = random.integer(Math.max(4, grid.min), Math.min(12, grid.max));
  const drafts = randomBanks(random, profile, s.spinsMax);
  const order = random.shuffled([...drafts.banks.keys()]);
  const gains = randomGains(s);
  const free = drafts.banks.filter(({ colors }) => colors !== null);
  const colors = random.shuffled([...new Set(free.flatMap((bank) => bank.colors ?? []))]);
  const block: Block = {
    kind: 'block',
    id,
    index,
    banks: order.map((n) => bankOf(s, id, drafts.banks[n] as DraftBank)),
    gains,
    couplings: randomCouplings(s, { id, drafts, gains, fieldUnits: beta * 2 ** (law === 'fixed' ? fractionBits : 9) }),
    biases: drafts.banks.flatMap((bank) => randomBiases(s, { id, bank, gains, units: beta * 2 ** fractionBits })),
    readouts: free.flatMap((bank) => randomReadouts(s, bank)),
    schedule: randomSchedule(s, colors, beta),
  };
  return law === 'fixed' ? { ...block, fixed: { fractionBits, beta } } : block;
}

function randomBeta({ random, profile: { dynamics } }: Setting): number {
  const range = 'betaRange' in dynamics ? dynamics.betaRange : { min: null, max: null };
  const wanted = random.pick([1, 1, random.integer(3, 20) / 10]);
  return Math.min(range.max ?? Number.POSITIVE_INFINITY, Math.max(range.min ?? 0, wanted));
}

function bankOf({ add, inputs }: Setting, id: string, { id: bank, shape, colors, mapped }: DraftBank): Bank {
  if (colors === null) {
    const value = `${id}.${bank}`;
    inputs.push({ name: value, dtype: 'spin', shape: ['batch', ...shape] });
    return { id: bank, role: 'pinned', shape, value };
  }
  if (!mapped) return { id: bank, role: 'free', shape, color: colors[0] as number };
  return {
    id: bank,
    role: 'free',
    shape,
    colorMap: add(`${id}.${bank}.colors`, 'U16', shape, Uint16Array.from(colors)),
  };
}

function randomGains({ random, profile }: Setting): Gain[] {
  const runtime = (): boolean => profile.features.includes('runtime-gain') && random.chance(0.8);
  const gains: Gain[] = [{ id: 'one', value: 1, runtime: false }];
  if (random.chance(0.6)) gains.push({ id: 'delta', value: random.integer(2, 10) / 10, runtime: runtime() });
  if (random.chance(0.2)) gains.push({ id: 'third', value: 1 / 3, runtime: runtime() });
  return gains;
}

/** With this many the field bound of semantics 4.5 is kept. */
const couplingsMax = 8;

function randomCouplings(
  s: Setting,
  o: { id: string; drafts: DraftBanks; gains: readonly Gain[]; fieldUnits: number },
): Coupling[] {
  const { random, profile } = s;
  const { banks, links } = o.drafts;
  const shared = profile.weights.scalePer !== 'coupling';
  const pairs = [
    ...links.map((link) => ({ from: link.from, to: link.to, link })),
    ...random
      .shuffled(banks.flatMap((_, from) => banks.map((__, to) => ({ from, to, link: null }))))
      .slice(0, banks.length + random.integer(0, 3)),
  ];
  const couplings: Coupling[] = [];
  for (const { from, to, link } of pairs) {
    const pair = { from: banks[from] as DraftBank, to: banks[to] as DraftBank, link };
    // Couplings between pinned spins are legal and inert: a few.
    const inert = pair.from.colors === null && pair.to.colors === null;
    if (couplings.length === couplingsMax || (inert && !random.chance(0.15))) continue;
    const id = `j${couplings.length}`;
    const coupling = randomCoupling(
      {
        ...s,
        id,
        gain: shared ? (o.gains[0] as Gain) : random.pick(o.gains),
        fieldUnits: o.fieldUnits,
        scale: shared ? sharedScale(profile) : null,
        prefix: `${o.id}.${id}`,
      },
      pair,
    );
    if (coupling !== null) couplings.push(coupling);
  }
  return couplings;
}

/** One scale for all couplings: a spin with a dozen of them has a field of about k_B·T. */
function sharedScale({ weights: { bits, levels, range } }: DeviceProfile): number {
  const largest =
    levels === null ? 2 ** ((typeof bits === 'number' ? bits : 8) - 1) - 1 : Math.max(1, ...levels.map(Math.abs));
  return Math.min(0.5, range.max ?? 0.5, -(range.min ?? -0.5)) / largest;
}

function randomBiases(
  s: Setting,
  o: { id: string; bank: DraftBank; gains: readonly Gain[]; units: number },
): readonly Bias[] {
  const { random, profile, add } = s;
  const { bank } = o;
  const [channels = 1, ...spatial] = bank.shape;
  const forms = (['spin', 'channel', 'border'] as const).filter((form) => {
    if (form === 'spin') return profile.bias.granularity === 'spin';
    if (spatial.length === 0) return false;
    return form === 'channel' || (profile.bias.granularity === 'spin' && profile.features.includes('border'));
  });
  if (forms.length === 0) return [];
  const { bits, range } = profile.bias;
  const largest = Math.min(
    0.9,
    typeof bits === 'number' ? (2 ** (bits - 1) - 2) / o.units : 0.9,
    range.max ?? 0.9,
    -(range.min ?? -0.9),
  );
  return Array.from({ length: random.pick(bank.colors === null ? [0, 0, 0, 1] : [0, 1, 1, 2]) }, (_, n): Bias => {
    const common = { bank: bank.id, gain: random.pick(o.gains).id };
    const values = (shape: readonly number[]) => {
      const count = shape.reduce((product, size) => product * size, 1);
      const fields = Float32Array.from({ length: count }, () => (2 * random.uniform() - 1) * largest);
      return add(`${o.id}.${bank.id}.h${n}`, 'F32', shape, fields);
    };
    const form = random.pick(forms);
    if (form === 'spin') return { ...common, form, values: values(bank.shape) };
    if (form === 'channel') return { ...common, form, values: values([channels]) };
    const starts = spatial.map((size) => [
      0,
      ...Array.from({ length: size - 1 }, (__, i) => i + 1).filter(() => random.chance(0.4)),
    ]);
    return { ...common, form, border: { starts }, values: values([channels, ...starts.map((each) => each.length)]) };
  });
}

function randomReadouts({ random, profile }: Setting, bank: DraftBank): readonly Readout[] {
  const observable = random.pick(profile.readout.observables);
  return [{ id: `r-${bank.id}`, bank: bank.id, tie: random.pick([1, -1] as const), observable }];
}

function randomSchedule({ random, profile }: Setting, colors: readonly number[], beta: number): Schedule {
  const stride = Math.max(1, profile.readout.strideMin);
  const starts = profile.init.filter((start) => start === 'random' || start === 'feed-forward');
  const scheduled = profile.features.includes('temperature') && random.chance(0.25);
  return {
    sweeps: stride * random.integer(1, 4),
    burnIn: 0,
    stride,
    chains: 1,
    colors,
    init: starts.length === 0 ? 'random' : random.pick(starts),
    beta: scheduled ? betaSteps(random, profile, beta) : beta,
  };
}

/** Rises strictly in sweep from 1; the largest entry is the reference β. */
function betaSteps(random: RandomStream, { dynamics }: DeviceProfile, beta: number): readonly BetaStep[] {
  const low = 'betaRange' in dynamics ? (dynamics.betaRange.min ?? 0) : 0;
  const sweeps = [1, ...[2, 3, 5].filter(() => random.chance(0.5))];
  const full = random.integer(0, sweeps.length - 1);
  return sweeps.map((sweep, n) => ({
    sweep,
    beta: n === full ? beta : Math.max(low, beta * random.pick([0, 0.1, 0.5, 0.9])),
  }));
}
