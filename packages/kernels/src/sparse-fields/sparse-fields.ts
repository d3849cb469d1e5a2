/**
 * What `sparse-fields.as.ts` computes, one row at a time: the scalar witness.
 *
 *     fields += scaled(A)        sums += A·2^shift        A = Σ w_j s_j
 */
import { placeOfLane, rowsPerTile } from '../row-lanes.ts';
import { readEqual, readWeighted } from '../sparse-update/sparse-update.ts';

export interface SparseFieldsCall {
  readonly records: number;
  readonly spins: number;
  readonly giver: number;
  /** Address of fields or sums. */
  readonly out: number;
}

/** addEqualFields and addWeightedFields, by `kind`; scaled(A) is `use(A)`. The same for sums, A·2^shift. */
export function addSparse(
  memory: DataView,
  kind: 'equal' | 'weighted',
  call: SparseFieldsCall,
  use: (A: number) => number,
): void {
  let at = call.records;
  for (let k = 0; k < call.spins; k++) {
    const { slot, neighbours, next } = (kind === 'equal' ? readEqual : readWeighted)(memory, at);
    at = next;
    for (let lane = 0; lane < rowsPerTile; lane++) {
      const A = neighbours.reduce(
        (sum, [masks, w]) => sum + (memory.getUint8(call.giver + masks + lane) === 0xff ? w : -w),
        0,
      );
      const out = call.out + 4 * slot + 4 * (placeOfLane[lane] as number);
      memory.setInt32(out, memory.getInt32(out, true) + use(A), true);
    }
  }
}
