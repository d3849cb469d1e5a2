/**
 * What the module of `sparse-fields.as.ts` exports; every pointer is a byte address. `records`: those of `sparse-update.exports.ts`, `spins`
 * of them; giver: masks of the giving bank, one tile; fields, sums: i32 `[slot][16 rows]` in 32-bit row order, of the reached bank, one tile.
 */
export interface SparseFieldsKernels {
  /** fields += scaled(A) of spins whose |w| are all equal; any sh 0 … 40. */
  addEqualFields: AddSparseFields;
  /** fields += scaled(A) of spins with any weights, Σ|w| < 2²¹. */
  addWeightedFields: AddSparseFields;
  /** sums += A·2^shift of spins whose |w| are all equal. */
  addEqualSums: AddSparseSums;
  /** sums += A·2^shift of spins with any weights. */
  addWeightedSums: AddSparseSums;
}

export type AddSparseFields = (
  records: number,
  spins: number,
  giver: number,
  fields: number,
  multiplier: number,
  sh: number,
) => void;

export type AddSparseSums = (records: number, spins: number, giver: number, sums: number, shift: number) => void;
