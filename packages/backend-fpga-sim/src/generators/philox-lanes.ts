/** Lanes that draw from Philox by spin (semantics 5): nothing is kept between draws, so that any machine of the law draws the same numbers. */
import { philox4x32, philoxKey, spinDraw } from '@isinglass/sdk';
import type { LaneGenerators, StreamKey } from './lane-generators.ts';

export class PhiloxLanes implements LaneGenerators {
  readonly stateWords = 0;
  readonly #words = new Uint32Array(4);
  #keyLow = 0;
  #keyHigh = 0;
  #image = 0;
  #blockAndChain = 0;

  /** The sweep offset has no part: `sweep` of a draw counts from the first sweep of all. */
  seed(key: StreamKey): void {
    [this.#keyLow, this.#keyHigh] = philoxKey(key.seed);
    this.#image = key.image;
    this.#blockAndChain = key.blockAndChain;
  }

  draw(out: Uint16Array, spinIndices: Uint32Array, first: number, sweep: number): void {
    // Eight neighbouring spins share a counter.
    let counter = -1;
    for (let lane = 0; lane < out.length; lane++) {
      const spinIndex = spinIndices[first + lane] as number;
      if (spinIndex >>> 3 !== counter) {
        counter = spinIndex >>> 3;
        philox4x32(counter, sweep, this.#image, this.#blockAndChain, this.#keyLow, this.#keyHigh, this.#words);
      }
      out[lane] = spinDraw(this.#words, spinIndex);
    }
  }

  save(): Uint32Array {
    return new Uint32Array(0);
  }

  restore(words: Uint32Array): void {
    if (words.length !== 0) throw new RangeError(`a state of ${words.length} words for generators that have none`);
  }
}
