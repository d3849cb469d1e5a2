/** A coupling as compressed rows: for devices and graph algorithms that need an explicit list. */
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import type { CouplingView } from './coupling-view.ts';

/** Row i has the entries `rowStart[i] … rowStart[i + 1] − 1`; columns rise in a row. Row starts may exceed 2³². */
export interface CsrMatrix {
  readonly rowStart: Float64Array<ArrayBuffer>;
  readonly column: Uint32Array<ArrayBuffer>;
  readonly value: Float64Array<ArrayBuffer>;
}

/** 50 million entries take 600 MB. */
export const csrEntriesMaxDefault = 50_000_000;

/** Rows are spins of `to`; stored zeros are kept. The size is known, and checked, before anything is allocated. */
export function csrOf(view: CouplingView, o: { readonly entriesMax?: number } = {}): CsrMatrix {
  const entriesMax = o.entriesMax ?? csrEntriesMaxDefault;
  const symmetric = view.coupling.from === view.coupling.to;
  const entries = view.nnz().actual * (symmetric ? 2 : 1);
  if (entries > entriesMax) {
    throw new InvalidRequestError(
      `Coupling "${view.coupling.id}" has ${entries} entries as compressed rows, more than the ${entriesMax} allowed; keep its form or raise entriesMax.`,
      { where: view.coupling.id },
    );
  }
  const rowStart = new Float64Array(view.toCount + 1);
  const column = new Uint32Array(entries);
  const value = new Float64Array(entries);
  let at = 0;
  for (let row = 0; row < view.toCount; row++) {
    for (const [spin, weight] of view.neighbours('to', row)) {
      column[at] = spin;
      value[at] = weight;
      at++;
    }
    rowStart[row + 1] = at;
  }
  return { rowStart, column, value };
}
