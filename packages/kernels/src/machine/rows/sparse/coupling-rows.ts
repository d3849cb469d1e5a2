/** The couplings of every spin at one end of a sparse or diagonal coupling (semantics 3.6), stored zeros left out. */
import { type Coupling, type Program, type Side, spinCountOf, type TensorRef } from '@isinglass/sdk';

/** Row i, a spin of the receiving bank, has the entries `start[i] … start[i + 1] − 1`: other ends rising, and weights. */
export interface CouplingRows {
  readonly start: Float64Array;
  readonly spin: Uint32Array;
  readonly weight: Int8Array;
}

/** Entries handled between two yields. */
const entriesPerSlice = 2 ** 16;

/** `side`: the end that receives. A coupling of a bank with itself reaches it from both ends at once, whichever side is asked. */
export function* couplingRows(
  program: Pick<Program, 'tensors'>,
  coupling: Coupling,
  side: Side,
  banks: { readonly from: { readonly shape: readonly number[] }; readonly to: { readonly shape: readonly number[] } },
): Generator<void, CouplingRows, void> {
  const counts = { from: spinCountOf(banks.from), to: spinCountOf(banks.to) };
  const entries = yield* entryList(program, coupling, counts.to);
  if (coupling.from !== coupling.to) {
    const [receiver, giver] = side === 'to' ? [entries.to, entries.from] : [entries.from, entries.to];
    return yield* sorted(counts[side], [{ receiver, giver, weight: entries.weight }]);
  }
  // Stored pairs have row < column: a spin's partners of lower index are those whose row it is in.
  return yield* sorted(counts.to, [
    { receiver: entries.from, giver: entries.to, weight: entries.weight },
    { receiver: entries.to, giver: entries.from, weight: entries.weight },
  ]);
}

/** Entries in stored order, rows rising: both ends and the weight. */
interface EntryList {
  readonly to: Uint32Array;
  readonly from: Uint32Array;
  readonly weight: Int8Array;
}

function* entryList(
  program: Pick<Program, 'tensors'>,
  { id, form }: Coupling,
  toCount: number,
): Generator<void, EntryList, void> {
  if (form.kind === 'diagonal') {
    const same = Uint32Array.from({ length: toCount }, (_, i) => i);
    return { to: same, from: same, weight: int8(program, form.value) };
  }
  if (form.kind !== 'sparse') throw new TypeError(`coupling ${id} is ${form.kind}`);
  const from = program.tensors.get(form.column.tensor)?.data as Uint32Array;
  const rowStart = program.tensors.get(form.rowStart.tensor)?.data as Uint32Array | BigUint64Array;
  const to = new Uint32Array(from.length);
  let work = 0;
  for (let row = 0; row < toCount; row++) {
    const begin = Number(rowStart[row]);
    const end = Number(rowStart[row + 1]);
    to.fill(row, begin, end);
    work += 1 + end - begin;
    if (work < entriesPerSlice) continue;
    work = 0;
    yield;
  }
  return { to, from, weight: int8(program, form.value) };
}

interface DirectedEntries {
  readonly receiver: Uint32Array;
  readonly giver: Uint32Array;
  readonly weight: Int8Array;
}

/** A counting sort by receiver; within a receiver the order of the lists, and of entries within a list, is kept. */
function* sorted(receivers: number, lists: readonly DirectedEntries[]): Generator<void, CouplingRows, void> {
  const start = new Float64Array(receivers + 1);
  for (const { receiver, weight } of lists) {
    for (let n = 0; n < receiver.length; n++) {
      if (weight[n] !== 0) bump(start, (receiver[n] as number) + 1);
      if (n % entriesPerSlice === 0) yield;
    }
  }
  for (let i = 0; i < receivers; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number);
  const total = start[receivers] as number;
  const rows = { start, spin: new Uint32Array(total), weight: new Int8Array(total) };
  const next = start.slice();
  for (const { receiver, giver, weight } of lists) {
    for (let n = 0; n < receiver.length; n++) {
      if (n % entriesPerSlice === 0) yield;
      if (weight[n] === 0) continue;
      const at = bump(next, receiver[n] as number);
      rows.spin[at] = giver[n] as number;
      rows.weight[at] = weight[n] as number;
    }
  }
  return rows;
}

/** Adds one; the value before. */
function bump(counts: Float64Array, i: number): number {
  const value = counts[i] as number;
  counts[i] = value + 1;
  return value;
}

function int8(program: Pick<Program, 'tensors'>, ref: TensorRef): Int8Array {
  const data = program.tensors.get(ref.tensor)?.data;
  if (data instanceof Int8Array) return data;
  throw new TypeError(`tensor ${ref.tensor} holds no int8 weights`);
}
