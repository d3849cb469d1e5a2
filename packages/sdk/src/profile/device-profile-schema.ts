/**
 * The device profile as a valibot schema: what `parseDeviceProfile` checks and what `device-profile.schema.json` is
 * generated from. `sameType` at the end makes a difference from the interface a compile error.
 */
import * as v from 'valibot';
import { features, observables } from '../program/program-json.ts';
import { type DeviceProfile, determinismLevels, evidenceGrades } from './device-profile.ts';

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const notNegative = v.pipe(v.number(), v.finite(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const countFromOne = v.pipe(v.number(), v.integer(), v.minValue(1));
const text = v.pipe(v.string(), v.minLength(1));

/** A number, `"unlimited"`, or null: not published. */
const limit = v.nullable(v.union([count, v.literal('unlimited')]));
const atLeastOne = v.nullable(v.union([countFromOne, v.literal('unlimited')]));
const range = v.strictObject({ min: v.nullable(finite), max: v.nullable(finite) });
const size = v.pipe(v.array(countFromOne), v.minLength(1));
const offset = v.pipe(v.number(), v.integer());

const dynamics = v.variant('kind', [
  v.strictObject({ kind: v.literal('chromatic-gibbs'), colorsMax: atLeastOne, betaRange: range }),
  v.strictObject({ kind: v.literal('asynchronous'), updateNs: positive, betaRange: range }),
  v.strictObject({ kind: v.picklist(['annealer', 'bifurcation', 'oscillator']) }),
]);

const topology = v.variant('kind', [
  v.strictObject({ kind: v.literal('any') }),
  v.strictObject({ kind: v.picklist(['king', 'grid', 'pegasus', 'zephyr', 'chimera']), size }),
  v.strictObject({ kind: v.literal('grid-rules'), size, rules: v.array(v.strictTuple([offset, offset])) }),
]);

const activation = v.variant('kind', [
  v.strictObject({ kind: v.literal('exact') }),
  v.strictObject({ kind: v.literal('table'), entries: countFromOne }),
  v.strictObject({ kind: v.literal('clip'), fieldMax: positive }),
]);

const pins = v.variant('kind', [
  v.strictObject({ kind: v.literal('native') }),
  v.strictObject({ kind: v.literal('strong-field'), flipProbabilityMax: v.pipe(notNegative, v.maxValue(1)) }),
  v.strictObject({ kind: v.literal('fold') }),
]);

export const deviceProfileSchema = v.strictObject({
  profileVersion: v.literal('1.0'),
  name: text,
  vendor: v.string(),
  description: v.string(),
  features: v.array(v.picklist(features)),
  law: v.pipe(v.array(v.picklist(['fixed', 'real'])), v.minLength(1)),
  dynamics,
  spins: v.strictObject({ max: atLeastOne, perTileMax: atLeastOne }),
  couplings: v.strictObject({
    forms: v.array(v.picklist(['conv', 'dense', 'sparse', 'diagonal'])),
    max: limit,
    degreeMax: v.strictObject({ limit, count: v.picklist(['free', 'all']) }),
    topology,
  }),
  weights: v.strictObject({
    bits: atLeastOne,
    levels: v.nullable(v.array(finite)),
    scalePer: v.picklist(['coupling', 'block', 'device']),
    range,
  }),
  bias: v.strictObject({ bits: limit, granularity: v.picklist(['spin', 'channel']), range }),
  field: v.strictObject({
    fractionBits: v.nullable(v.strictObject({ min: count, max: count })),
    accumulatorBits: atLeastOne,
  }),
  activation,
  pins,
  init: v.array(v.picklist(['random', 'feed-forward', 'given', 'resume'])),
  readout: v.strictObject({
    observables: v.array(v.picklist(observables)),
    signs: v.boolean(),
    trace: v.boolean(),
    counterBits: atLeastOne,
    strideMin: countFromOne,
  }),
  batch: v.strictObject({
    imagesMax: atLeastOne,
    chainsMax: atLeastOne,
    rowsMax: atLeastOne,
    inFlight: countFromOne,
  }),
  residency: v.strictObject({
    blocks: v.union([countFromOne, v.literal('all')]),
    reloadNs: v.nullable(notNegative),
  }),
  cancel: v.strictObject({ latencyMs: v.nullable(notNegative) }),
  determinism: v.picklist(determinismLevels),
  tolerances: v.strictObject({
    updateProbability: v.nullable(notNegative),
    betaRelative: v.nullable(notNegative),
    fieldAbsolute: v.nullable(notNegative),
  }),
  timing: v.strictObject({
    clockHz: v.nullable(positive),
    sweepNs: v.nullable(positive),
    updateNs: v.nullable(positive),
  }),
  io: v.strictObject({ linkBytesPerSecond: v.nullable(positive), latencyNs: v.nullable(notNegative) }),
  energy: v.strictObject({
    joulesPerUpdate: v.nullable(notNegative),
    joulesPerSynapticOperation: v.nullable(notNegative),
    joulesPerBitRead: v.nullable(notNegative),
    joulesPerBitWritten: v.nullable(notNegative),
    joulesPerMemoryBit: v.nullable(notNegative),
    staticWatts: v.nullable(notNegative),
  }),
  noise: v.strictObject({
    biasSigma: v.nullable(notNegative),
    couplingSigma: v.nullable(notNegative),
    betaSigmaRelative: v.nullable(notNegative),
  }),
  evidence: v.array(v.strictObject({ path: text, source: v.string(), grade: v.picklist(evidenceGrades) })),
});

type Exact<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
/** A compile error here: the schema and the interface say different things. */
true satisfies Exact<DeepReadonly<v.InferOutput<typeof deviceProfileSchema>>, DeepReadonly<DeviceProfile>>;
