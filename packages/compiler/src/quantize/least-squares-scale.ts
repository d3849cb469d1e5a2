/**
 * The scale that loses least:   S* = argmin_S Σ_i (v_i − S·q_i)²,   q_i = the integer in ±qMax nearest to v_i / S.
 *
 * For fixed integers the best scale is S = Σ v q / Σ q², with the error Σ v² − (Σ v q)² / Σ q². As S falls from where
 * everything rounds to little, q_i grows by one wherever S passes |v_i| / (q_i + ½): the global optimum is the best of the
 * finitely many assignments met on the way. For tensors too large for that walk the error is smooth in S (an average over
 * many values), and a fine grid refined to a fixed point finds it. Either way the result depends on the values alone.
 *
 * Only |v| matters; no scale above 2·max|v| / (qMax + ½) is needed, because half of it is a finer grid that clips nothing.
 */
export interface LeastSquaresScale {
  readonly scale: number;
  /** Σ (v − S·q)² */
  readonly squaredError: number;
}

/** How far to look. */
export interface ScaleSearch {
  /** Largest integer: 2^(bits − 1) − 1. */
  readonly qMax: number;
  /** Assignments that the exact walk may visit; above, the grid is used. */
  readonly stepsMax?: number;
}

/** A walk of four million assignments takes about half a second. */
const defaultStepsMax = 2 ** 22;

/** The best scale for these values; 1 if all of them are zero. */
export function leastSquaresScale(values: Float64Array, o: ScaleSearch): LeastSquaresScale {
  const magnitudes = values.map(Math.abs).sort();
  const largest = magnitudes.at(-1) ?? 0;
  if (largest === 0) return { scale: 1, squaredError: 0 };
  const first = magnitudes.findIndex((value) => value > 0);
  const sorted = magnitudes.subarray(first);
  const exact = sorted.length * o.qMax <= (o.stepsMax ?? defaultStepsMax);
  const scale = exact ? scaleByWalk(sorted, o.qMax) : scaleByGrid(sorted, o.qMax);
  return { scale, squaredError: squaredError(values, scale, o.qMax) };
}

/** Σ (v − S·q)², by the rounding that the compiler uses. */
export function squaredError(values: Float64Array, scale: number, qMax: number): number {
  let sum = 0;
  for (const value of values) sum += (Math.abs(value) - scale * nearest(Math.abs(value), scale, qMax)) ** 2;
  return sum;
}

/** The integer in 0 … qMax nearest to v / S, halves up; v ≥ 0. */
export function nearest(value: number, scale: number, qMax: number): number {
  return Math.min(qMax, Math.floor(value / scale + 0.5));
}

/** Every assignment in falling order of S: for each level n a cursor runs down the sorted values, a heap picks the next. */
function scaleByWalk(sorted: Float64Array, qMax: number): number {
  const n = sorted.length;
  // Cursor of level q: the value that next rises from q to q + 1, at S = v / (q + ½).
  const cursor = new Int32Array(qMax).fill(n - 1);
  const next = (level: number) => (sorted[cursor[level] as number] as number) / (level + 0.5);
  const heap = new LevelHeap(qMax, next);
  let products = 0;
  let squares = 0;
  let best = -1;
  let bestScale = (sorted[n - 1] as number) / qMax;
  for (;;) {
    const level = heap.top();
    if (level === undefined) return bestScale;
    products += sorted[cursor[level] as number] as number;
    squares += 2 * level + 1;
    const gain = (products * products) / squares;
    // Strictly better by more than rounding noise: of equal scales the largest wins.
    if (gain > best * (1 + 1e-14)) {
      best = gain;
      bestScale = products / squares;
    }
    cursor[level] = (cursor[level] as number) - 1;
    if ((cursor[level] as number) < 0) heap.removeTop();
    else heap.lowerTop();
  }
}

/** A max-heap of levels by their next breakpoint. */
class LevelHeap {
  readonly #levels: Int32Array;
  readonly #keys: Float64Array;
  readonly #key: (level: number) => number;
  #size: number;

  constructor(levels: number, key: (level: number) => number) {
    // Breakpoints fall with the level, so rising levels are a heap already.
    this.#levels = Int32Array.from({ length: levels }, (_, level) => level);
    this.#keys = Float64Array.from(this.#levels, key);
    this.#key = key;
    this.#size = levels;
  }

  top(): number | undefined {
    return this.#size === 0 ? undefined : this.#levels[0];
  }

  /** After the top's breakpoint has fallen. */
  lowerTop(): void {
    const level = this.#levels[0] as number;
    this.#sink(level, this.#key(level));
  }

  removeTop(): void {
    this.#size--;
    if (this.#size > 0) this.#sink(this.#levels[this.#size] as number, this.#keys[this.#size] as number);
  }

  #sink(level: number, key: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && (this.#keys[child + 1] as number) > (this.#keys[child] as number)) child++;
      if ((this.#keys[child] as number) <= key) break;
      this.#levels[at] = this.#levels[child] as number;
      this.#keys[at] = this.#keys[child] as number;
      at = child;
    }
    this.#levels[at] = level;
    this.#keys[at] = key;
  }
}

/** The local minima of 1024 scales, each refined until S = Σ v q / Σ q² stands still. */
function scaleByGrid(sorted: Float64Array, qMax: number): number {
  const sums = new PrefixSums(sorted);
  const largest = sorted[sorted.length - 1] as number;
  const upper = (2 * largest) / (qMax + 0.5);
  let lower = upper / 4;
  // What is clipped at S is lost at every smaller S: below this bound nothing can be better.
  const bound = sums.error(largest / qMax, qMax);
  while (sums.clipped(lower * qMax) < bound) lower /= 2;
  const points = 1024;
  const grid = Array.from({ length: points }, (_, i) => upper * (lower / upper) ** (i / (points - 1)));
  const errors = grid.map((scale) => sums.error(scale, qMax));
  let bestScale = largest / qMax;
  let best = bound;
  grid.forEach((start, i) => {
    const error = errors[i] as number;
    if (error > (errors[i - 1] ?? Number.POSITIVE_INFINITY) || error > (errors[i + 1] ?? Number.POSITIVE_INFINITY))
      return;
    const refined = sums.refine(start, qMax);
    const refinedError = sums.error(refined, qMax);
    if (refinedError < best) {
      best = refinedError;
      bestScale = refined;
    }
  });
  return bestScale;
}

/** Sums over ranges of sorted values: an error or a refinement costs O(qMax · log n), whatever the tensor's size. */
class PrefixSums {
  readonly #sorted: Float64Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;

  constructor(sorted: Float64Array) {
    this.#sorted = sorted;
    this.#first = new Float64Array(sorted.length + 1);
    this.#second = new Float64Array(sorted.length + 1);
    sorted.forEach((value, i) => {
      this.#first[i + 1] = (this.#first[i] as number) + value;
      this.#second[i + 1] = (this.#second[i] as number) + value * value;
    });
  }

  /** Σ (v − S·q)² */
  error(scale: number, qMax: number): number {
    const { products, squares } = this.#assignment(scale, qMax);
    return (this.#second.at(-1) as number) - 2 * scale * products + scale * scale * squares;
  }

  /** S = Σ v q / Σ q² until it stands still; the error never rises on the way. */
  refine(start: number, qMax: number): number {
    let scale = start;
    for (let round = 0; round < 100; round++) {
      const { products, squares } = this.#assignment(scale, qMax);
      if (squares === 0) return scale;
      const next = products / squares;
      if (Math.abs(next - scale) <= 1e-12 * scale) return next;
      scale = next;
    }
    return scale;
  }

  /** Σ (v − limit)² over the values above the limit. */
  clipped(limit: number): number {
    const from = this.#position(limit);
    const count = this.#sorted.length - from;
    const first = (this.#first.at(-1) as number) - (this.#first[from] as number);
    const second = (this.#second.at(-1) as number) - (this.#second[from] as number);
    return second - 2 * limit * first + count * limit * limit;
  }

  #assignment(scale: number, qMax: number): { readonly products: number; readonly squares: number } {
    let products = 0;
    let squares = 0;
    // Σ q v = Σ over levels of what lies above the level's breakpoint; Σ q² likewise with 2q + 1.
    for (let level = 0; level < qMax; level++) {
      const from = this.#position((level + 0.5) * scale);
      if (from === this.#sorted.length) break;
      products += (this.#first.at(-1) as number) - (this.#first[from] as number);
      squares += (2 * level + 1) * (this.#sorted.length - from);
    }
    return { products, squares };
  }

  /** The index of the first value ≥ limit. */
  #position(limit: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] as number) < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
