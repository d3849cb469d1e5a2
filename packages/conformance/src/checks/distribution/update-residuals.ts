/**
 * Residuals of single updates, summed up. Given the states before and after a sweep, every update was a Bernoulli trial with a known probability p: spins of the
 * first color saw their neighbours before the sweep, spins of the second color saw them after it. r = s − p (s = 1 for +1, else 0) has mean 0 and
 * variance v = p (1 − p) given everything before, so that every sum of g·r with g known beforehand has mean 0 and variance Σ g² v: on any program, in
 * one chain, with no burn-in.
 *
 * Weights that are functions of the spin and its neighbours need only the counts of each cell (see residual-families.ts); those that look at other draws are summed here:
 * the residual of the same spin some sweeps ago, of another spin in the same sweep, of the same spin in another row.
 */
import type { SpinRows } from '../../lab/probe-view.ts';
import type { UpdateTable } from './update-table.ts';

/** Largest lag in sweeps. */
export const lagsMax = 8;
/** Rows that are compared in pairs. */
export const rowsCompared = 16;
/** Above this many spins, pairs of spins are not compared. */
const spinsCompared = 96;

/** Σ g·r, Σ g²·v, Σ |g| (which bounds what a tolerant device may add), and the number of terms. */
export interface ResidualSums {
  readonly sum: Float64Array;
  readonly variance: Float64Array;
  readonly weight: Float64Array;
  readonly terms: Float64Array;
}

export class UpdateResiduals {
  readonly table: UpdateTable;
  /** Updates and ups by cell. */
  readonly trials: Float64Array;
  readonly ups: Float64Array;
  /** Entry l − 1: products of a spin's residuals l sweeps apart. */
  readonly lags = residualSums(lagsMax);
  /**
   * Entry i·spins + j, i < j, in the order of updates (see `order`): products of the residuals of two spins of a row in one sweep. Weight and terms
   * are the same for every j and stand in entry i·spins.
   */
  readonly pairs: ResidualSums;
  /** Entry a·rowsCompared + b, a < b: products of the residuals of the same spin in two rows, in one sweep. */
  readonly rowPairs = residualSums(rowsCompared ** 2);
  /** Spins in the order of their updates. */
  readonly order: readonly number[];
  readonly #colorEnd: Int32Array;
  readonly #draws: boolean;
  /** Residuals and variances of the last sweeps, [sweep mod][row·spins + n], spins in the order of their updates. */
  #past: { r: Float64Array; v: Float64Array }[] = [];

  /** `draws: false`: weights that look at other draws are left out; cells alone are counted, which is much faster. */
  constructor(table: UpdateTable, { draws = true }: { readonly draws?: boolean } = {}) {
    this.table = table;
    this.#draws = draws;
    this.trials = new Float64Array(table.cells);
    this.ups = new Float64Array(table.cells);
    this.order = table.colors.flat();
    const ends = table.colors.flatMap((color, n) => {
      const end = table.colors.slice(0, n + 1).flat().length;
      return color.map(() => end);
    });
    this.#colorEnd = Int32Array.from(ends);
    this.pairs = residualSums(draws && table.spins <= spinsCompared ? table.spins ** 2 : 0);
  }

  get updates(): number {
    return this.trials.reduce((sum, n) => sum + n, 0);
  }

  /** States of the same rows before sweep 1, after it, after sweep 2, …: one history; histories are independent. */
  addHistory(states: readonly SpinRows[]): void {
    this.#past = [];
    for (let t = 1; t < states.length; t++) this.#addSweep(states[t - 1] as SpinRows, states[t] as SpinRows);
  }

  /**
   * Single states: of these spins, all of one color, the residuals given the neighbours that the state shows. Spins of the last color had those neighbours
   * when they were updated; for others the residuals have mean 0 at equilibrium only.
   */
  addStates(states: SpinRows, of: readonly number[]): void {
    const { trials, ups, table } = this;
    for (let row = 0; row < states.rows; row++) {
      const offset = row * states.spins;
      for (const spin of of) {
        const cell = table.cellOf(spin, states.values, offset);
        trials[cell] = (trials[cell] as number) + 1;
        if ((states.values[offset + spin] as number) > 0) ups[cell] = (ups[cell] as number) + 1;
      }
    }
  }

  #addSweep(before: SpinRows, after: SpinRows): void {
    const { table, order, trials, ups } = this;
    const { rows, spins } = after;
    const r = new Float64Array(this.#draws ? rows * spins : 0);
    const v = new Float64Array(r.length);
    const firstColor = table.colors[0]?.length ?? 0;
    for (let row = 0; row < rows; row++) {
      const offset = row * spins;
      for (let n = 0; n < spins; n++) {
        const spin = order[n] as number;
        const cell = table.cellOf(spin, n < firstColor ? before.values : after.values, offset);
        const up = (after.values[offset + spin] as number) > 0 ? 1 : 0;
        trials[cell] = (trials[cell] as number) + 1;
        ups[cell] = (ups[cell] as number) + up;
        if (!this.#draws) continue;
        const p = table.p[cell] as number;
        r[offset + n] = up - p;
        v[offset + n] = p * (1 - p);
      }
      if (this.pairs.sum.length > 0) this.#addPairs(r, v, offset);
    }
    if (!this.#draws) return;
    this.#addRowPairs(r, v, rows);
    this.#addLags(r, v);
    this.#past.unshift({ r, v });
    this.#past.length = Math.min(this.#past.length, lagsMax);
  }

  /** The later draw is the trial, the earlier one the weight. Draws of one color are independent given the past, so that either variance may be taken. */
  #addPairs(r: Float64Array, v: Float64Array, offset: number): void {
    const { sum, variance, weight, terms } = this.pairs;
    const { spins } = this.table;
    for (let a = 0; a < spins; a++) {
      const ra = r[offset + a] as number;
      const va = v[offset + a] as number;
      const end = this.#colorEnd[a] as number;
      const first = a * spins;
      weight[first] = (weight[first] as number) + Math.abs(ra);
      terms[first] = (terms[first] as number) + 1;
      for (let b = a + 1; b < end; b++) {
        sum[first + b] = (sum[first + b] as number) + ra * (r[offset + b] as number);
        variance[first + b] = (variance[first + b] as number) + va * (v[offset + b] as number);
      }
      const squared = ra * ra;
      for (let b = end; b < spins; b++) {
        sum[first + b] = (sum[first + b] as number) + ra * (r[offset + b] as number);
        variance[first + b] = (variance[first + b] as number) + squared * (v[offset + b] as number);
      }
    }
  }

  #addRowPairs(r: Float64Array, v: Float64Array, rows: number): void {
    const { sum, variance, weight, terms } = this.rowPairs;
    const { spins } = this.table;
    const compared = Math.min(rows, rowsCompared);
    for (let a = 0; a < compared; a++) {
      for (let b = a + 1; b < compared; b++) {
        let [s, q, w] = [0, 0, 0];
        for (let n = 0; n < spins; n++) {
          const ra = r[a * spins + n] as number;
          s += ra * (r[b * spins + n] as number);
          q += (v[a * spins + n] as number) * (v[b * spins + n] as number);
          w += Math.abs(ra);
        }
        const at = a * rowsCompared + b;
        sum[at] = (sum[at] as number) + s;
        variance[at] = (variance[at] as number) + q;
        weight[at] = (weight[at] as number) + w;
        terms[at] = (terms[at] as number) + spins;
      }
    }
  }

  #addLags(r: Float64Array, v: Float64Array): void {
    const { sum, variance, weight, terms } = this.lags;
    for (const [n, past] of this.#past.entries()) {
      let [s, q, w] = [0, 0, 0];
      for (let k = 0; k < r.length; k++) {
        const earlier = past.r[k] as number;
        s += earlier * (r[k] as number);
        q += earlier * earlier * (v[k] as number);
        w += Math.abs(earlier);
      }
      sum[n] = (sum[n] as number) + s;
      variance[n] = (variance[n] as number) + q;
      weight[n] = (weight[n] as number) + w;
      terms[n] = (terms[n] as number) + r.length;
    }
  }
}

function residualSums(length: number): ResidualSums {
  return {
    sum: new Float64Array(length),
    variance: new Float64Array(length),
    weight: new Float64Array(length),
    terms: new Float64Array(length),
  };
}
