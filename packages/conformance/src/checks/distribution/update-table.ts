/**
 * What a probe's law says of every single update, looked up instead of computed: an update of spin i depends on the values of its neighbours alone, so there is
 * one cell for each spin and pattern of its neighbours (bit n of the pattern: neighbour n is up), with the exact probability of +1 and the local field.
 */
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import type { ProbeLaw } from '../../lab/probe-law.ts';

/** Above this, a spin has too many patterns to tabulate. */
const degreeMax = 12;

export class UpdateTable implements ProbeLaw {
  readonly spins: number;
  readonly colors: readonly (readonly number[])[];
  /** Free neighbours of every spin. */
  readonly neighbours: readonly (readonly number[])[];
  /** First cell of every spin; one more entry: the number of cells. */
  readonly first: Int32Array;
  /** P(s_i = +1) by cell. */
  readonly p: Float64Array;
  /** β f by cell, in units of k_B·T: the ideal field of the probe, before any rounding of the fixed law. */
  readonly field: Float64Array;
  readonly #law: ProbeLaw;
  /** Neighbours of all spins in a row; those of spin i begin at `#start[i]`. */
  readonly #start: Int32Array;
  readonly #list: Int32Array;

  /** `b`: temperature of semantics 4.5, default 65536; `pinned`: ±1, default all −1. Throws RangeError for degrees above 12. */
  constructor(loaded: LoadedProbe, { b = 65536, pinned }: { readonly b?: number; readonly pinned?: Int8Array } = {}) {
    const { probe, spins } = loaded;
    this.#law = loaded.law(pinned);
    this.spins = spins;
    this.colors = this.#law.colors;
    const links = Array.from({ length: spins }, (): { readonly to: number; readonly J: number }[] => []);
    for (const { a, b: other, w } of probe.edges) {
      links[a]?.push({ to: other, J: w * probe.scale });
      links[other]?.push({ to: a, J: w * probe.scale });
    }
    this.neighbours = links.map((list) => list.map(({ to }) => to));
    const degree = Math.max(0, ...links.map((list) => list.length));
    if (degree > degreeMax) throw new RangeError(`a spin with ${degree} neighbours: ${degreeMax} can be tabulated`);
    this.#start = prefixSums(links.map((list) => list.length));
    this.#list = Int32Array.from(this.neighbours.flat());
    this.first = prefixSums(links.map((list) => 2 ** list.length));
    this.p = new Float64Array(this.first[spins] as number);
    this.field = new Float64Array(this.p.length);
    const beta = ((probe.beta ?? 1) * b) / 65536;
    const states = new Int8Array(spins).fill(-1);
    for (const [spin, list] of links.entries()) {
      const fixed = probe.pinnedEdges
        .filter(({ free }) => free === spin)
        .reduce((sum, { pinned: n, w }) => sum + w * probe.scale * (pinned?.[n] ?? -1), probe.fields[spin] as number);
      for (let pattern = 0; pattern < 2 ** list.length; pattern++) {
        let f = fixed;
        for (const [n, { to, J }] of list.entries()) {
          const value = (pattern >>> n) & 1 ? 1 : -1;
          states[to] = value;
          f += J * value;
        }
        const cell = (this.first[spin] as number) + pattern;
        this.field[cell] = beta * f;
        this.p[cell] = this.#law.up(spin, states, 0, b);
      }
      for (const { to } of list) states[to] = -1;
    }
  }

  get cells(): number {
    return this.p.length;
  }

  /** The cell of an update of `spin` from the state (±1) that begins at `offset`. */
  cellOf(spin: number, states: Int8Array, offset: number): number {
    let pattern = 0;
    const start = this.#start[spin] as number;
    const end = this.#start[spin + 1] as number;
    for (let n = start; n < end; n++) {
      if ((states[offset + (this.#list[n] as number)] as number) > 0) pattern |= 1 << (n - start);
    }
    return (this.first[spin] as number) + pattern;
  }

  up(spin: number, states: ArrayLike<number>, offset?: number, b?: number): number {
    return this.#law.up(spin, states, offset, b);
  }
}

/** 0, x0, x0 + x1, … */
function prefixSums(values: readonly number[]): Int32Array {
  const sums = new Int32Array(values.length + 1);
  for (const [n, value] of values.entries()) sums[n + 1] = (sums[n] as number) + value;
  return sums;
}
