/**
 * The random numbers of a fabric: every circuit has a stream of its own, which goes one step in every pass, be it a sweep or the pass of a random start. Circuits
 * are walked one at a time, and have all drawn when the first of them is.
 */
import type { LaneGenerators, StreamKey } from '../generators/lane-generators.ts';

export class OwnStreams implements LaneGenerators {
  readonly #inner: LaneGenerators;
  readonly #circuitsInUse: () => number;
  readonly #draws: Uint16Array;

  /** `inner` has a stream for each of `circuits`; those of circuits that hold no spin stand still. */
  constructor(inner: LaneGenerators, o: { readonly circuits: number; readonly inUse: () => number }) {
    this.#inner = inner;
    this.#circuitsInUse = o.inUse;
    this.#draws = new Uint16Array(o.circuits);
  }

  get stateWords(): number {
    return this.#inner.stateWords;
  }

  seed(key: StreamKey): void {
    this.#inner.seed(key);
  }

  draw(out: Uint16Array, spinIndices: Uint32Array, first: number, sweep: number): void {
    // Without streams there is nothing to step.
    if (this.#inner.stateWords === 0) {
      this.#inner.draw(out, spinIndices, first, sweep);
      return;
    }
    if (first === 0) this.#inner.draw(this.#draws.subarray(0, this.#circuitsInUse()), spinIndices, 0, sweep);
    out[0] = this.#draws[first] as number;
  }

  save(): Uint32Array {
    return this.#inner.save();
  }

  restore(words: Uint32Array): void {
    this.#inner.restore(words);
  }
}
