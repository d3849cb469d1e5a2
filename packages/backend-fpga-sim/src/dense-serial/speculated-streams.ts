/**
 * The random numbers of speculate-and-select (pc-COP): k spins are worked out in a cycle, the n-th of them for each of the 2ⁿ outcomes of those before it, each with a
 * generator of its own. All 2^k − 1 generators go one step for each group of k spins; the number that counts is that of the path which was taken.
 *
 *   generator of spin n of a group = 2ⁿ − 1 + Σ_m<n (s_m = +1) · 2^m
 */
import type { LaneGenerators, StreamKey } from '../generators/lane-generators.ts';

/** Generators of k paths. */
export const pathCount = (parallelPaths: number): number => 2 ** parallelPaths - 1;

export class SpeculatedStreams implements LaneGenerators {
  readonly #inner: LaneGenerators;
  readonly #parallelPaths: number;
  readonly #states: Int8Array;
  readonly #draws: Uint16Array;

  /** `states` has the outcomes, ±1, in the order of the updates. */
  constructor(inner: LaneGenerators, o: { readonly parallelPaths: number; readonly states: Int8Array }) {
    this.#inner = inner;
    this.#parallelPaths = o.parallelPaths;
    this.#states = o.states;
    this.#draws = new Uint16Array(pathCount(o.parallelPaths));
  }

  get stateWords(): number {
    return this.#inner.stateWords;
  }

  seed(key: StreamKey): void {
    this.#inner.seed(key);
  }

  draw(out: Uint16Array, spinIndices: Uint32Array, first: number, sweep: number): void {
    // Numbers that depend on their spin alone are the same on every path.
    if (this.#inner.stateWords === 0) {
      this.#inner.draw(out, spinIndices, first, sweep);
      return;
    }
    const position = first % this.#parallelPaths;
    if (position === 0) this.#inner.draw(this.#draws, spinIndices, first, sweep);
    let path = 2 ** position - 1;
    for (let n = 0; n < position; n++) if (this.#states[first - position + n] === 1) path += 2 ** n;
    out[0] = this.#draws[path] as number;
  }

  save(): Uint32Array {
    return this.#inner.save();
  }

  restore(words: Uint32Array): void {
    this.#inner.restore(words);
  }
}
