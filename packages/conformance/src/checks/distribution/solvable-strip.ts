/**
 * Strips of width 2: large programs whose equilibrium is known exactly, by transfer matrices. Some edges are left out, so that parts are trees. Couplings and
 * fields are multiples of the fixed law's field unit, so that nothing is rounded and the exact stationary law of a sweep is Boltzmann's, but for
 * the 2⁻¹⁷ of each probability.
 */
import type { DeviceProfile } from '@isinglass/sdk';
import type { Edge, Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';

/** Largest |J|, in units of k_B·T: with three neighbours, tanh sums stay below 1 (see `mixedSweeps`). */
const couplingMax = 0.32;
const fieldMax = 0.4;

export interface DyadicScale {
  /** A power of 1/2. */
  readonly scale: number;
  /** Positive stored weights of which the device has both signs, a multiple of the field unit each. */
  readonly weights: readonly number[];
  readonly fractionBits: number;
}

/** Weights and a scale with which the fixed law rounds nothing; |J| between half of 0.32 and 0.32 where the device has such weights. */
export function dyadicScale({ weights, field }: DeviceProfile): DyadicScale {
  const fractionBits = Math.min(field.fractionBits?.max ?? 12, Math.max(field.fractionBits?.min ?? 4, 9));
  const bits = typeof weights.bits === 'number' ? weights.bits : 8;
  const held = weights.levels ?? Array.from({ length: 2 ** bits - 1 }, (_, n) => n - 2 ** (bits - 1) + 1);
  const signed = held.filter((w) => w > 0 && held.includes(-w));
  const most = Math.max(...signed);
  const scale = 2 ** Math.floor(Math.log2(couplingMax / most));
  const unit = 2 ** -fractionBits;
  const exact = signed.filter((w) => Number.isInteger((w * scale) / unit));
  const large = exact.filter((w) => w >= Math.max(...exact) / 2);
  return { scale, weights: large, fractionBits };
}

/** 2 × length; spin 2n + r is in column n and row r. An eighth of the edges is left out. */
export function stripProbe(length: number, { scale, weights, fractionBits }: DyadicScale, random: RandomStream): Probe {
  const spins = Array.from({ length: 2 * length }, (_, n) => n);
  const edges: Edge[] = [];
  const add = (a: number, b: number): void => {
    if (!random.chance(1 / 8)) edges.push({ a, b, w: random.sign() * random.pick(weights) });
  };
  for (let column = 0; column < length; column++) {
    add(2 * column, 2 * column + 1);
    for (const row of [0, 1]) if (column + 1 < length) add(2 * column + row, 2 * column + 2 + row);
  }
  return {
    name: `strip 2 × ${length}`,
    colors: spins.map((n) => (((n >> 1) + n) % 2) as 0 | 1),
    edges,
    pinned: 0,
    pinnedEdges: [],
    scale,
    fields: spins.map(() => dyadicField(fractionBits, random)),
  };
}

/** A field of 0.1 to 0.4 of either sign, a multiple of the field unit. */
export function dyadicField(fractionBits: number, random: RandomStream): number {
  const unit = 2 ** -fractionBits;
  return random.sign() * Math.max(unit, Math.round((0.1 + (fieldMax - 0.1) * random.uniform()) / unit) * unit);
}

export interface StripMeans {
  /** ⟨s_i⟩. */
  readonly means: Float64Array;
  /** ⟨s_a s_b⟩ of every edge of the probe. */
  readonly products: Float64Array;
}

/** Exact means under Boltzmann's law of a strip, by forward and backward sums over columns. */
export function stripMeans({ colors, edges, scale, fields, beta = 1 }: Probe): StripMeans {
  const length = colors.length / 2;
  const coupling = new Map(edges.map(({ a, b, w }) => [`${Math.min(a, b)} ${Math.max(a, b)}`, beta * scale * w]));
  const J = (a: number, b: number): number => coupling.get(`${a} ${b}`) ?? 0;
  const value = (state: number, row: number): number => ((state >> row) & 1 ? 1 : -1);
  const column = (n: number, state: number): number => {
    const [up, low] = [value(state, 0), value(state, 1)];
    const fieldPart = up * (fields[2 * n] as number) + low * (fields[2 * n + 1] as number);
    return Math.exp(beta * fieldPart + J(2 * n, 2 * n + 1) * up * low);
  };
  const step = (n: number, from: number, to: number): number =>
    Math.exp([0, 1].reduce((sum, row) => sum + J(2 * n + row, 2 * n + 2 + row) * value(from, row) * value(to, row), 0));
  const states = [0, 1, 2, 3];
  const forward: number[][] = [states.map((state) => column(0, state))];
  for (let n = 1; n < length; n++) {
    const before = forward[n - 1] as number[];
    forward.push(
      normalised(
        states.map(
          (to) =>
            column(n, to) * states.reduce((sum, from) => sum + (before[from] as number) * step(n - 1, from, to), 0),
        ),
      ),
    );
  }
  const backward: number[][] = new Array<number[]>(length).fill([1, 1, 1, 1]);
  for (let n = length - 2; n >= 0; n--) {
    const after = backward[n + 1] as number[];
    backward[n] = normalised(
      states.map((from) =>
        states.reduce((sum, to) => sum + step(n, from, to) * column(n + 1, to) * (after[to] as number), 0),
      ),
    );
  }
  const single = (n: number): number[] =>
    normalised(
      states.map((state) => ((forward[n] as number[])[state] as number) * ((backward[n] as number[])[state] as number)),
    );
  const means = Float64Array.from(colors, (_, spin) =>
    single(spin >> 1).reduce((sum, p, state) => sum + p * value(state, spin & 1), 0),
  );
  const products = Float64Array.from(edges, ({ a, b }) => {
    const [n, m] = [Math.min(a, b) >> 1, Math.max(a, b) >> 1];
    if (n === m) return single(n).reduce((sum, p, state) => sum + p * value(state, 0) * value(state, 1), 0);
    const joint = states.flatMap((from) =>
      states.map((to) => ({
        sign: value(from, a & 1) * value(to, a & 1),
        p:
          ((forward[n] as number[])[from] as number) *
          step(n, from, to) *
          column(m, to) *
          ((backward[m] as number[])[to] as number),
      })),
    );
    const total = joint.reduce((sum, { p }) => sum + p, 0);
    return joint.reduce((sum, { sign, p }) => sum + sign * p, 0) / total;
  });
  return { means, products };
}

function normalised(values: readonly number[]): number[] {
  const sum = values.reduce((all, value) => all + value, 0);
  return values.map((value) => value / sum);
}

/**
 * Sweeps after which the law of n spins is within `distance` of the stationary one in total variation, by Dobrushin's bound: an update depends on a
 * neighbour by tanh |βJ| at most, so that each color shrinks what two coupled chains disagree on by α = max_i Σ_j tanh |βJ_ij|, and a
 * sweep of two colors by α². Random orders need as many updates again for each factor of e: twice the bound is taken for them.
 *
 * Throws RangeError where α ≥ 1.
 */
export function mixedSweeps({ colors, edges, scale, beta = 1 }: Probe, distance: number): number {
  const influence = new Float64Array(colors.length);
  for (const { a, b, w } of edges) {
    const each = Math.tanh(Math.abs(beta * scale * w));
    influence[a] = (influence[a] as number) + each;
    influence[b] = (influence[b] as number) + each;
  }
  const alpha = Math.max(...influence);
  if (!(alpha < 1)) throw new RangeError(`influences that sum to ${alpha}: no bound on mixing`);
  if (alpha === 0) return 1;
  return Math.ceil(Math.log(colors.length / distance) / (-2 * Math.log(alpha))) + 1;
}
