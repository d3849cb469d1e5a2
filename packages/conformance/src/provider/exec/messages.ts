/**
 * `isinglass-driver/1`: the Driver contract as messages over standard input and output of a process. A message is one line of JSON; where it
 * has `parts`, the bytes of each part follow its newline, in order, without anything between. A member that stands for a part is its index in
 * `parts`. Spins are packed as in semantics 1.1 (u32, little-endian), sums are i32, image numbers, rows and temperatures u32, programs `.isg` files.
 *
 * The host sends requests with rising ids; the device answers with `to`. Validators here; `isinglass-driver-1.schema.json` is generated from them.
 */
import * as v from 'valibot';

export const protocolName = 'isinglass-driver/1';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const countFromOne = v.pipe(v.number(), v.integer(), v.minValue(1));
const finite = v.pipe(v.number(), v.finite());
const id = v.pipe(v.number(), v.integer(), v.minValue(1), v.description('Of a request; rises from 1.'));
const to = v.pipe(v.number(), v.integer(), v.minValue(1), v.description('The id of the request.'));
const part = v.pipe(count, v.description('Index of a part.'));
const partsByBank = v.record(v.string(), part);
const parts = v.pipe(v.array(count), v.description('Byte lengths of the parts that follow the line.'));
const observable = v.picklist(['spin-sum', 'conditional-sum', 'state']);

const start = v.variant('kind', [
  v.strictObject({ kind: v.literal('random') }),
  v.strictObject({ kind: v.literal('feed-forward') }),
  v.strictObject({ kind: v.literal('given'), states: partsByBank }),
  v.strictObject({ kind: v.literal('resume'), handle: v.pipe(id, v.description('The run that kept it.')), rows: part }),
]);

/** What the host sends. */
export const hostMessages = {
  /** First of all. `plan`: the process is only asked for plans and must not take hold of the machine. */
  hello: v.strictObject({
    type: v.literal('hello'),
    id,
    protocol: v.literal(protocolName),
    contract: v.string(),
    purpose: v.picklist(['device', 'plan']),
  }),
  /** The program: part 0. */
  plan: v.strictObject({ type: v.literal('plan'), id, parts }),
  /** The program: part 0. It is named by the id of this request from now on. */
  load: v.strictObject({ type: v.literal('load'), id, parts }),
  effective: v.strictObject({ type: v.literal('effective'), id, program: id }),
  /** DriverRun of the contract. `trace`: a trace message for sweep 0 … sweeps, each awaiting `traced`. */
  run: v.strictObject({
    type: v.literal('run'),
    id,
    program: id,
    block: count,
    gains: v.record(v.string(), finite),
    images: part,
    inputs: partsByBank,
    chains: countFromOne,
    chainOffset: count,
    sweeps: countFromOne,
    burnIn: count,
    stride: countFromOne,
    sweepOffset: count,
    temperatures: v.nullable(part),
    seed: v.pipe(v.string(), v.regex(/^\d{1,20}$/), v.description('64 bits, decimal.')),
    start,
    keep: v.picklist(['nothing', 'host', 'device']),
    readouts: v.array(
      v.strictObject({
        bank: v.string(),
        observable,
        as: v.picklist(['sums', 'signs', 'both']),
        tie: v.picklist([1, -1]),
      }),
    ),
    progress: v.boolean(),
    trace: v.boolean(),
    parts,
  }),
  /** The traced sweep has been taken; the next may come. */
  traced: v.strictObject({ type: v.literal('traced'), to, sweep: count }),
  /** The answer to the request is wanted no more: it ends soon, with an error or with its answer. */
  cancel: v.strictObject({ type: v.literal('cancel'), to }),
  /** Forgets a kept state; no answer. `handle`: the run that kept it. */
  release: v.strictObject({ type: v.literal('release'), handle: id }),
  unload: v.strictObject({ type: v.literal('unload'), id, program: id }),
  /** The process ends after its answer. The end of standard input means the same. */
  close: v.strictObject({ type: v.literal('close'), id }),
} as const;

const errorCode = v.picklist([
  'invalid-model',
  'invalid-program',
  'does-not-fit',
  'unsupported',
  'invalid-request',
  'device-busy',
  'device-closed',
  'device-lost',
  'deadline-exceeded',
  'host-stage',
  'backend',
  'aborted',
  'unavailable',
]);

const misfit = v.strictObject({
  limit: v.string(),
  needed: finite,
  available: v.nullable(finite),
  where: v.string(),
  remedies: v.array(v.string()),
});

const blockPlan = v.strictObject({ bytesPerRow: finite, rowsMax: countFromOne, rowsPreferred: countFromOne });

/** What the device sends. */
export const deviceMessages = {
  /** Answers hello. `plan`: `ask` (the host asks a process of its own for plans) or `profile` (what the profile allows fits). */
  welcome: v.strictObject({
    type: v.literal('welcome'),
    to,
    protocol: v.string(),
    profile: v.pipe(v.looseObject({}), v.description('A device profile.')),
    plan: v.picklist(['profile', 'ask']),
  }),
  /** Answers plan: a plan, or all misfits. */
  planned: v.strictObject({
    type: v.literal('planned'),
    to,
    plan: v.union([v.strictObject({ bytes: finite, blocks: v.array(blockPlan) }), v.array(misfit)]),
  }),
  /** Answers load. `effective`: the device answers `effective`, too. */
  loaded: v.strictObject({ type: v.literal('loaded'), to, effective: v.boolean() }),
  /** Answers effective: part 0. */
  program: v.strictObject({ type: v.literal('program'), to, parts }),
  /** Sweeps done of a run. */
  progress: v.strictObject({ type: v.literal('progress'), to, sweeps: count }),
  /** A sign of life from a device that has nothing else to say for long. */
  alive: v.strictObject({ type: v.literal('alive') }),
  /** All banks after a sweep. */
  trace: v.strictObject({ type: v.literal('trace'), to, sweep: count, banks: partsByBank, parts }),
  /** Answers run. Readouts in request order. `last`: with `keep: 'host'`. */
  result: v.strictObject({
    type: v.literal('result'),
    to,
    readouts: v.array(v.strictObject({ sums: v.optional(part), signs: v.optional(part), states: v.optional(part) })),
    last: v.optional(partsByBank),
    counters: v.strictObject({
      flips: v.optional(finite),
      deviceNs: v.optional(finite),
      cycles: v.optional(v.record(v.string(), finite)),
      bytesIn: v.optional(finite),
      bytesOut: v.optional(finite),
      saturations: v.optional(finite),
      memoryBits: v.optional(finite),
      synapticOperationsMax: v.optional(finite),
    }),
    parts,
  }),
  /** Answers unload and close. */
  done: v.strictObject({ type: v.literal('done'), to }),
  /** Answers any request that failed. `aborted`: after a cancel. `unavailable`: only to hello, the machine is not here. */
  error: v.strictObject({
    type: v.literal('error'),
    to,
    code: errorCode,
    name: v.optional(v.string()),
    message: v.string(),
    where: v.optional(v.string()),
    feature: v.optional(v.string()),
    diagnostics: v.optional(
      v.array(
        v.strictObject({
          code: v.string(),
          severity: v.picklist(['error', 'warning', 'info']),
          message: v.string(),
          where: v.optional(v.string()),
        }),
      ),
    ),
  }),
  /** The machine died; every request in flight fails. */
  lost: v.strictObject({ type: v.literal('lost'), message: v.string() }),
} as const;

export const hostMessageSchema = v.variant('type', [
  hostMessages.hello,
  hostMessages.plan,
  hostMessages.load,
  hostMessages.effective,
  hostMessages.run,
  hostMessages.traced,
  hostMessages.cancel,
  hostMessages.release,
  hostMessages.unload,
  hostMessages.close,
]);
export const deviceMessageSchema = v.variant('type', [
  deviceMessages.welcome,
  deviceMessages.planned,
  deviceMessages.loaded,
  deviceMessages.program,
  deviceMessages.progress,
  deviceMessages.alive,
  deviceMessages.trace,
  deviceMessages.result,
  deviceMessages.done,
  deviceMessages.error,
  deviceMessages.lost,
]);

export type HostMessage = v.InferOutput<typeof hostMessageSchema>;
export type DeviceMessage = v.InferOutput<typeof deviceMessageSchema>;
export type DeviceMessageOf<T extends DeviceMessage['type']> = Extract<DeviceMessage, { type: T }>;
export type HostMessageOf<T extends HostMessage['type']> = Extract<HostMessage, { type: T }>;
