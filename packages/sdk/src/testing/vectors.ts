/**
 * Test vectors: one program, one request and everything that the fixed law makes of them, as JSON. A vendor compares
 * bits with these before anything else. The format is `isg-vector/1` (a folder has `NAME.isg` and `NAME.json` per case);
 * this file holds its types and the strict reader, `vector-run.ts` turns a vector into a run.
 */
import * as v from 'valibot';
import { InvalidRequestError } from '../errors/isinglass-error.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const uint32 = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(0xffffffff));
const int32 = v.pipe(v.number(), v.safeInteger(), v.minValue(-(2 ** 31)), v.maxValue(2 ** 31 - 1));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, '64 hex digits'));
const seed = v.pipe(v.string(), v.regex(/^0x[0-9a-f]{16}$/, '"0x" and 16 hex digits'));
const temperature = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65536));
/** Packed spins: one 32-bit word as 8 hex digits. */
const word = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/, '8 hex digits'));
const packedRow = v.array(word);
const perId = <const S extends v.GenericSchema>(entry: S) => v.record(v.string(), entry);

const vectorRequest = v.strictObject({
  seed,
  /** Number of images; their global numbers are `imageOffset`, `imageOffset` + 1, … */
  batch: positive,
  imageOffset: uint32,
  chains: positive,
  chainOffset: count,
  sweeps: positive,
  burnIn: count,
  stride: positive,
  init: v.picklist(['random', 'feed-forward', 'given']),
  /** b_t per sweep; null: the program's schedule. */
  temperatures: v.nullable(v.array(temperature)),
  /** Runtime gains that differ from the program's. */
  gains: v.nullable(perId(v.pipe(v.number(), v.finite(), v.gtValue(0)))),
  /** Per pinned bank, one row per image. */
  inputs: perId(v.array(packedRow)),
  /** Per free bank, one row per image and chain; exactly with `init: 'given'`. */
  initial: v.nullable(perId(v.array(packedRow))),
});

const vectorExpected = v.strictObject({
  programHash: sha256,
  /** Of the program file: advisory. */
  fileSha256: sha256,
  counts: v.strictObject({ nominal: count, actual: count, free: count }),
  offsets: perId(count),
  fieldBound: count,
  multipliers: perId(v.strictObject({ M: count, sh: count })),
  /** Per free bank: B of every spin. */
  B: perId(v.array(int32)),
  /** Per free bank: H of every image and spin. */
  H: perId(v.array(v.array(int32))),
  /** Of the activation table as u32 little-endian. */
  tableSha256: sha256,
  /** Run lengths: [b_t, how many sweeps]. */
  temperatures: v.array(v.tuple([temperature, positive])),
  retained: positive,
  /** `states[t][row]` for the first sweeps: all banks in declared order, each padded to 32 bits. */
  states: v.array(v.array(packedRow)),
  traceSweeps: v.array(count),
  /** `traceHashes[row]` for the sweeps in `traceSweeps`. */
  traceHashes: v.array(v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, '16 hex digits')))),
  /** `[image][spin]` per readout that has sums. */
  sums: perId(v.array(v.array(int32))),
  signs: perId(v.array(packedRow)),
  /** `[image][chain][k]` per state readout. */
  stateReadouts: perId(v.array(v.array(v.array(packedRow)))),
});

const vectorSchema = v.strictObject({
  vector: v.literal('isg-vector/1'),
  text: v.string(),
  /** File name of the program, beside the vector. */
  program: v.string(),
  /** Block.index */
  block: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255)),
  request: vectorRequest,
  expected: vectorExpected,
});

/** A vector as it stands in its file; spins are hex words. */
export type Vector = v.InferOutput<typeof vectorSchema>;

const column = <const N extends readonly v.GenericSchema[]>(entries: readonly [...N]) => v.array(v.tuple([...entries]));
const integer = v.pipe(v.number(), v.safeInteger());
const finite = v.pipe(v.number(), v.finite());

const arithmeticSchema = v.strictObject({
  vector: v.literal('isg-arithmetic/1'),
  philox: v.array(v.strictObject({ counter: packedRow, key: packedRow, out: packedRow })),
  lanes: v.array(
    v.strictObject({
      seed,
      block: count,
      image: uint32,
      chain: count,
      sweep: uint32,
      spins: v.literal('0...31'),
      r: v.array(count),
    }),
  ),
  multipliers: v.array(
    v.union([
      v.strictObject({ beta: finite, gain: finite, scale: finite, k: count, M: count, sh: count }),
      v.strictObject({ beta: finite, gain: finite, scale: finite, k: count, rejected: v.literal(true) }),
    ]),
  ),
  scaledColumns: v.array(v.string()),
  scaled: column([integer, count, count, integer]),
  tables: v.array(
    v.strictObject({
      k: count,
      entries: count,
      sha256,
      ends: v.tuple([count, count]),
      at: column([integer, count]),
    }),
  ),
  temperColumns: v.array(v.string()),
  temper: column([integer, count, integer]),
  temperatures: v.array(v.strictObject({ beta: finite, at: finite, b_t: count })),
  bias: v.array(v.strictObject({ beta: finite, gain: finite, h: finite, k: count, B: integer })),
  sampleColumns: v.array(v.string()),
  sample: column([count, integer, count, v.picklist([-1, 1])]),
  meanColumns: v.array(v.string()),
  mean: column([count, integer, integer]),
  fnv1a: v.array(v.strictObject({ text: v.string(), hash: v.string() })),
  numbers: v.array(v.strictObject({ python: v.string(), text: v.string() })),
  canonical: v.array(v.strictObject({ json: v.record(v.string(), v.unknown()), text: v.string() })),
});

/** Known answers of the small functions of the law. */
export type ArithmeticVectors = v.InferOutput<typeof arithmeticSchema>;

const rejectSchema = v.array(
  v.strictObject({
    file: v.string(),
    code: v.pipe(v.string(), v.regex(/^P\d+$/)),
    where: v.string(),
    text: v.string(),
    /** The accepted file that this one is one change away from. */
    control: v.string(),
  }),
);

/** The list of a folder of files that a reader must refuse, each with its code (semantics section 9). */
export type RejectList = v.InferOutput<typeof rejectSchema>;

/** One case. `where` names the source in errors, for example the file name. */
export function parseVector(json: unknown, where = 'vector'): Vector {
  return parse(vectorSchema, json, where);
}

/** `arithmetic.json`. */
export function parseArithmeticVectors(json: unknown, where = 'arithmetic'): ArithmeticVectors {
  return parse(arithmeticSchema, json, where);
}

/** `reject.json`. */
export function parseRejectList(json: unknown, where = 'reject'): RejectList {
  return parse(rejectSchema, json, where);
}

function parse<const S extends v.GenericSchema>(schema: S, json: unknown, where: string): v.InferOutput<S> {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const diagnostics = result.issues.map((issue) => ({
    code: 'vector',
    severity: 'error' as const,
    message: issue.message,
    where: `${where}.${v.getDotPath(issue) ?? ''}`.replace(/\.$/, ''),
  }));
  const first = diagnostics[0];
  throw new InvalidRequestError(`${first?.where}: ${first?.message} (${diagnostics.length} in all)`, {
    where: first?.where ?? where,
    diagnostics,
  });
}
