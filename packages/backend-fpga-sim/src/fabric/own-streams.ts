/**
 * The random numbers of a fabric: every circuit has a stream of its own, which goes one step in every pass, be it a sweep or the pass of a random start. Circuits
 * are walked one at a time, and have all drawn when the first of them is.
 */
import type { LaneGenerators, StreamKey } from '../generators/lane-generators.ts';

export interface OwnStreamsOptions {
  /** Streams for so many circuits. */
  readonly make: (circuits: number) => LaneGenerators;
  readonly circuits: number;
  /** Circuits that hold a spin: the others are switched off, and the words of their streams are 0. */
  readonly inUse: () => number;
}

export class OwnStreams implements LaneGenerators {
  readonly stateWords: number;
  readonly #o: OwnStreamsOptions;
  readonly #draws: Uint16Array;
  #streams: { readonly circuits: number; readonly generators: LaneGenerators };

  constructor(o: OwnStreamsOptions) {
    this.#o = o;
    this.stateWords = o.make(o.circuits).stateWords;
    this.#draws = new Uint16Array(o.circuits);
    this.#streams = { circuits: 0, generators: o.make(0) };
  }

  seed(key: StreamKey): void {
    this.#inUse().generators.seed(key);
  }

  draw(out: Uint16Array, spinIndices: Uint32Array, first: number, sweep: number): void {
    const { generators, circuits } = this.#inUse();
    // Without streams there is nothing to step.
    if (this.stateWords === 0) {
      generators.draw(out, spinIndices, first, sweep);
      return;
    }
    if (first === 0) generators.draw(this.#draws.subarray(0, circuits), spinIndices, 0, sweep);
    out[0] = this.#draws[first] as number;
  }

  save(): Uint32Array {
    const words = new Uint32Array(this.stateWords);
    words.set(this.#inUse().generators.save());
    return words;
  }

  restore(words: Uint32Array): void {
    const { generators } = this.#inUse();
    generators.restore(words.subarray(0, generators.stateWords));
  }

  /** Streams are made for the circuits of the block that the machine holds. */
  #inUse(): { readonly circuits: number; readonly generators: LaneGenerators } {
    const circuits = Math.min(this.#o.inUse(), this.#o.circuits);
    if (circuits !== this.#streams.circuits) this.#streams = { circuits, generators: this.#o.make(circuits) };
    return this.#streams;
  }
}
