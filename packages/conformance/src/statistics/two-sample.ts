/** Two samples of which neither law is known: permutation tests. Exact level for exchangeable rows, little power: never the only evidence. */
import type { RandomStream } from '../random/random-stream.ts';

/** Rows of `width` numbers, row-major. */
export interface Sample {
  readonly values: ArrayLike<number>;
  readonly width: number;
}

/**
 * Energy-distance permutation test (Székely & Rizzo 2004): E = 2·mean|a − b| − mean|a − a'| − mean|b − b'| over Euclidean distances of rows, against
 * `draws` random splits of all rows. p = (1 + exceedances) / (1 + draws): exact level where rows are independent and both samples have one law. Scale the
 * columns first. Work: (rows of both)² · (width + draws / 4).
 */
export function energyTestP(
  a: Sample,
  b: Sample,
  random: RandomStream,
  draws = 9999,
): { p: number; statistic: number } {
  if (a.width !== b.width) throw new RangeError(`rows of ${a.width} and of ${b.width} numbers`);
  const [na, nb] = [a.values.length / a.width, b.values.length / b.width];
  if (!(Number.isInteger(na) && Number.isInteger(nb) && na > 0 && nb > 0))
    throw new RangeError('whole rows, one at least');
  const n = na + nb;
  const distances = distancesOf(a, b, n);
  const totals = Float64Array.from({ length: n }, (_, i) =>
    distances.subarray(i * n, (i + 1) * n).reduce((sum, each) => sum + each, 0),
  );
  const total = totals.reduce((sum, each) => sum + each, 0);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const energy = (): number => {
    let [within, touching] = [0, 0];
    for (let i = 0; i < na; i++) {
      const row = (order[i] as number) * n;
      touching += totals[order[i] as number] as number;
      for (let j = 0; j < i; j++) within += distances[row + (order[j] as number)] as number;
    }
    within *= 2;
    const between = touching - within;
    const others = total - within - 2 * between;
    return (2 * between) / (na * nb) - within / na ** 2 - others / nb ** 2;
  };
  const statistic = energy();
  // Splits whose energy is equal but for rounding count as exceedances.
  const least = statistic - 1e-12 * Math.abs(total);
  let exceedances = 0;
  for (let draw = 0; draw < draws; draw++) {
    // The first na of a random order, by the first na steps of Fisher and Yates.
    for (let i = 0; i < na; i++) {
      const other = random.integer(i, n - 1);
      const kept = order[i] as number;
      order[i] = order[other] as number;
      order[other] = kept;
    }
    if (energy() >= least) exceedances++;
  }
  return { p: (1 + exceedances) / (1 + draws), statistic };
}

function distancesOf(a: Sample, b: Sample, n: number): Float64Array {
  const { width } = a;
  const at = (row: number, column: number): number => {
    const place = row * width + column;
    return (place < a.values.length ? a.values[place] : b.values[place - a.values.length]) as number;
  };
  const distances = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let square = 0;
      for (let c = 0; c < width; c++) square += (at(i, c) - at(j, c)) ** 2;
      distances[i * n + j] = Math.sqrt(square);
      distances[j * n + i] = Math.sqrt(square);
    }
  }
  return distances;
}
