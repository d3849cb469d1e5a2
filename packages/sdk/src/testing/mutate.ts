/**
 * Reproducible damage to bytes and to JSON, for fuzz tests of readers: what a broken disk, a wrong program or an
 * attacker would write. Mutation n of a seed is always the same, so a failing case is named by two numbers.
 */
import { Dice } from './dice.ts';

export interface Mutation {
  /** Number of the mutation: `mutation(sources, { seed, index })` makes it again. */
  readonly index: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What was done, in words. */
  readonly done: string;
}

/** Damage that knows the format: returns undefined when it has nothing to change in this source. */
export type StructuredMutator = (
  source: Uint8Array,
  dice: Dice,
) => { readonly bytes: Uint8Array<ArrayBuffer>; readonly done: string } | undefined;

export interface MutationOptions {
  readonly seed: number;
  /** Half of all mutations use it. Default: none. */
  readonly structured?: StructuredMutator;
}

/** Mutations `first … first + count − 1` of `sources`. */
export function* mutations(
  sources: readonly Uint8Array[],
  o: MutationOptions & { readonly first?: number; readonly count: number },
): Generator<Mutation, void, undefined> {
  const first = o.first ?? 0;
  for (let index = first; index < first + o.count; index++) yield mutation(sources, { ...o, index });
}

/** One mutation of one of `sources`, which are not written to. */
export function mutation(
  sources: readonly Uint8Array[],
  { seed, index, structured }: MutationOptions & { readonly index: number },
): Mutation {
  const dice = new Dice(seed, index);
  const number = dice.integer(0, sources.length - 1);
  const source = sources[number] ?? new Uint8Array();
  const formed = structured !== undefined && dice.chance(0.5) ? structured(source, dice) : undefined;
  // Now and then both: damage to bytes of a file that was first changed in its form.
  if (formed !== undefined && dice.chance(0.9)) {
    return { index, bytes: formed.bytes, done: `source ${number}: ${formed.done}` };
  }
  const { bytes, done } = mutateBytes(formed?.bytes ?? source, dice, sources);
  return { index, bytes, done: `source ${number}: ${[formed?.done, done].filter(Boolean).join(', ')}` };
}

/** Bytes that tend to matter: ends of ranges, signs, quotes and brackets. */
const tellingBytes = [0x00, 0x01, 0x20, 0x22, 0x2c, 0x30, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x7f, 0x80, 0xc0, 0xf0, 0xff];

/** One to four random changes of single bytes, lengths or passages; `others` lend passages. */
export function mutateBytes(
  source: Uint8Array,
  dice: Dice,
  others: readonly Uint8Array[] = [source],
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly done: string } {
  let bytes = new Uint8Array(source);
  const done: string[] = [];
  const changes = dice.pick([1, 1, 1, 2, 4]);
  for (let n = 0; n < changes; n++) {
    const change = dice.pick(byteChanges);
    bytes = change(bytes, dice, others);
    done.push(change.name);
  }
  return { bytes, done: done.join(', ') };
}

type Bytes = Uint8Array<ArrayBuffer>;
type ByteChange = (bytes: Bytes, dice: Dice, others: readonly Uint8Array[]) => Bytes;

const byteChanges: readonly ByteChange[] = [
  function flipBit(bytes, dice) {
    const at = place(bytes, dice);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.integer(0, 7));
    return bytes;
  },
  function setByte(bytes, dice) {
    bytes[place(bytes, dice)] = dice.chance(0.5) ? dice.pick(tellingBytes) : dice.integer(0, 255);
    return bytes;
  },
  function setWord(bytes, dice) {
    const value = dice.pick([0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, bytes.length, dice.word()]);
    const at = place(bytes, dice);
    for (let n = 0; n < 4; n++) bytes[at + n] = Math.floor(value / 2 ** (8 * n)) & 255;
    return bytes;
  },
  function truncate(bytes, dice) {
    return bytes.slice(0, dice.integer(0, bytes.length));
  },
  function insert(bytes, dice) {
    const passage = Uint8Array.from({ length: dice.integer(1, 16) }, () => dice.integer(0, 255));
    return splice(bytes, place(bytes, dice), 0, passage);
  },
  function remove(bytes, dice) {
    return splice(bytes, place(bytes, dice), dice.integer(1, 16), new Uint8Array());
  },
  function repeat(bytes, dice) {
    const at = place(bytes, dice);
    return splice(bytes, at, 0, bytes.slice(at, at + dice.integer(1, 64)));
  },
  function borrow(bytes, dice, others) {
    const other = dice.pick(others);
    const from = dice.integer(0, Math.max(0, other.length - 1));
    const passage = other.slice(from, from + dice.integer(1, 256));
    return splice(bytes, place(bytes, dice), dice.chance(0.5) ? passage.length : 0, passage);
  },
];

/** Any place; often one of the first 64 bytes, where lengths stand. */
function place(bytes: Uint8Array, dice: Dice): number {
  const last = Math.max(0, bytes.length - 1);
  return dice.integer(0, dice.chance(0.2) ? Math.min(63, last) : last);
}

function splice(bytes: Uint8Array, at: number, removed: number, inserted: Uint8Array): Bytes {
  const tail = bytes.subarray(Math.min(bytes.length, at + removed));
  const out = new Uint8Array(at + inserted.length + tail.length);
  out.set(bytes.subarray(0, at));
  out.set(inserted, at);
  out.set(tail, at + inserted.length);
  return out;
}

/** Values at the edges of what a number, a text or a list may be. */
const tellingValues: readonly unknown[] = [
  ...[
    0,
    -0,
    1,
    -1,
    2,
    0.5,
    255,
    256,
    2 ** 16,
    2 ** 31,
    2 ** 32 - 96,
    2 ** 32,
    2 ** 53,
    2 ** 53 + 2,
    1e300,
    5e-324,
    -1e-9,
  ],
  ...['', 'x', 'constructor', '__proto__', '\ud800', 'a'.repeat(65)],
  ...[true, false, null, [], {}, [[]], { tensor: 'x' }, [1, 2, 3]],
];

/** A value of its own: it may be changed further. */
function telling(dice: Dice): unknown {
  return structuredClone(dice.pick(tellingValues));
}

/** A copy of a JSON value with one to three changes anywhere in it. */
export function mutateJson(value: unknown, dice: Dice): { readonly value: unknown; readonly done: string } {
  let changed: unknown = structuredClone(value);
  const done: string[] = [];
  const changes = dice.pick([1, 1, 1, 2, 3]);
  for (let n = 0; n < changes; n++) {
    const places = [...placesOf(changed, '')];
    if (places.length === 0) return { value: telling(dice), done: 'replace everything' };
    const at = dice.pick(places);
    done.push(`${changeAt(at, dice, places)} ${at.path}`);
    if (at.depth === 0 && dice.chance(0.02)) changed = telling(dice);
  }
  return { value: changed, done: done.join(', ') };
}

interface Place {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string | number;
  readonly path: string;
  readonly depth: number;
}

function* placesOf(value: unknown, path: string, depth = 0): Generator<Place, void, undefined> {
  if (typeof value !== 'object' || value === null) return;
  const parent = value as Record<string, unknown> | unknown[];
  for (const [name, member] of Object.entries(parent)) {
    const inside = `${path}/${name}`;
    yield { parent, key: Array.isArray(parent) ? Number(name) : name, path: inside, depth };
    yield* placesOf(member, inside, depth + 1);
  }
}

function changeAt({ parent, key }: Place, dice: Dice, places: readonly Place[]): string {
  const old = read(parent, key);
  const kind = dice.pick([
    'value',
    'value',
    'nudge',
    'nudge',
    'remove',
    'borrow',
    'borrow',
    'repeat',
    'extra',
    'deepen',
  ] as const);
  switch (kind) {
    case 'value':
      write(parent, key, telling(dice));
      break;
    case 'nudge':
      if (typeof old === 'number') write(parent, key, dice.pick([old + 1, old - 1, -old, old * 2, old / 2, old + 0.5]));
      else if (typeof old === 'string') write(parent, key, dice.pick([`${old}x`, old.slice(1), old.toUpperCase()]));
      else write(parent, key, [old]);
      break;
    case 'remove':
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      break;
    case 'borrow': {
      const from = dice.pick(places);
      write(parent, key, structuredClone(read(from.parent, from.key)));
      break;
    }
    case 'repeat':
      if (Array.isArray(parent)) parent.splice(Number(key), 0, structuredClone(old));
      else write(parent, `${key}2`, structuredClone(old));
      break;
    case 'extra':
      if (Array.isArray(parent)) parent.push(telling(dice));
      else
        write(
          parent,
          dice.pick(['comment', 'value', 'colorMap', 'color', 'border', 'scale', '__proto__']),
          structuredClone(old),
        );
      break;
    case 'deepen': {
      let deep: unknown = old;
      for (let n = 0; n < dice.pick([1, 20, 200]); n++) deep = dice.chance(0.5) ? [deep] : { deep };
      write(parent, key, deep);
      break;
    }
    default:
      kind satisfies never;
  }
  return kind;
}

function read(parent: Place['parent'], key: string | number): unknown {
  return (parent as Record<string | number, unknown>)[key];
}

/** Also for the key `__proto__`, which becomes a member like any other. */
function write(parent: Place['parent'], key: string | number, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}
