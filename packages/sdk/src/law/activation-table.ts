/**
 * The activation of the fixed law (semantics 4.6):  T[j] = round(65536 / (1 + exp(−2j / 2^k))),  −8·2^k ≤ j ≤ 8·2^k.
 * No entry lies within 10⁻⁶ of a rounding boundary for k in 4 … 12, so any correct exp gives the same table.
 */
const tables = new Map<number, Int32Array<ArrayBuffer>>();

/** T for one `fractionBits`: entry `j + 8·2^k` is T[j], in 0 … 65536. Shared; never write to it. */
export function activationTable(fractionBits: number): Int32Array<ArrayBuffer> {
  const known = tables.get(fractionBits);
  if (known !== undefined) return known;
  const limit = activationLimit(fractionBits);
  const table = new Int32Array(2 * limit + 1);
  for (let j = -limit; j <= limit; j++) {
    table[j + limit] = Math.floor(65536 / (1 + Math.exp((-2 * j) / 2 ** fractionBits)) + 0.5);
  }
  tables.set(fractionBits, table);
  return table;
}

/** 8·2^k: fields are clamped to ± this before the table. */
export function activationLimit(fractionBits: number): number {
  return 8 * 2 ** fractionBits;
}

/** T[clamp(u)]: the number of 16-bit draws for which the update gives +1. */
export function activation(table: Int32Array, fractionBits: number, field: number): number {
  const limit = activationLimit(fractionBits);
  const j = Math.max(-limit, Math.min(field, limit));
  return table[j + limit] as number;
}

/** The mean that a visited spin lends to the feed-forward start: ⌊(T[clamp(u)] − 32768 + 128) / 256⌋ ≈ 128·tanh (semantics 4.8). */
export function feedForwardMean(table: Int32Array, fractionBits: number, field: number): number {
  return Math.floor((activation(table, fractionBits, field) - 32768 + 128) / 256);
}
