/** Lanes that draw from streams: one stream each, or one for all. */
import type { LaneGenerators, StreamKey } from './lane-generators.ts';
import { goldenStep, laneSeedWord, rowSeedWord } from './splitmix32.ts';
import type { Stream } from './streams.ts';

/** The first state of a stream, written to `state[at …]`: a word for each of `row`, which all lanes have in common. */
export type SeedStream = (state: Uint32Array, at: number, row: readonly number[], lane: number) => void;

/** Every word from splitmix32 by its place; what would be all 0 begins at `goldenStep`. */
export const scrambledSeed: SeedStream = (state, at, row, lane) => {
  let any = 0;
  for (let index = 0; index < row.length; index++) {
    const word = laneSeedWord(row[index] as number, lane);
    state[at + index] = word;
    any |= word;
  }
  if (any === 0) state[at] = goldenStep;
};

/** Lanes at consecutive integers, after a random multiple of 4096: what a design does that counts its seeds up. For streams of one word. */
export const consecutiveSeed: SeedStream = (state, at, [row = 0], lane) => {
  const base = laneSeedWord(row, 0) & ~4095;
  state[at] = (base + lane + 1) >>> 0 || goldenStep;
};

const zeroKey: StreamKey = { seed: 0n, image: 0, blockAndChain: 0, sweepOffset: 0 };

/** The state of `count` streams, stream after stream. Begins seeded with zeros, since no state may be all 0. */
class StreamStates {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly #stream: Stream;
  readonly #seedStream: SeedStream;
  readonly #count: number;

  constructor(stream: Stream, count: number, seedStream: SeedStream) {
    this.#stream = stream;
    this.#seedStream = seedStream;
    this.#count = count;
    this.words = new Uint32Array(stream.words * count);
    this.seed(zeroKey);
  }

  seed(key: StreamKey): void {
    const { words } = this.#stream;
    const row = Array.from({ length: words }, (_, index) => rowSeedWord(key, index));
    for (let lane = 0; lane < this.#count; lane++) this.#seedStream(this.words, lane * words, row, lane);
  }

  restore(words: Uint32Array): void {
    if (words.length !== this.words.length) {
      throw new RangeError(`a state of ${words.length} words for generators of ${this.words.length}`);
    }
    const size = this.#stream.words;
    for (let at = 0; at < words.length; at += size) {
      if (words.subarray(at, at + size).every((word) => word === 0)) {
        throw new RangeError(`the state of generator ${at / size} is all 0, which it never leaves`);
      }
    }
    this.words.set(words);
  }
}

/** Which 16 bits of a word are drawn. */
export type TakeBits = (word: number) => number;

/** The upper half. */
export const upperHalf: TakeBits = (word) => word >>> 16;

/** The lowest four bits, as the middle of their sixteenth of all numbers. */
export const lowestFour: TakeBits = (word) => ((word & 15) << 12) | 0x800;

/** One stream for each lane. */
export class StreamLanes implements LaneGenerators {
  readonly stateWords: number;
  readonly #stream: Stream;
  readonly #take: TakeBits;
  readonly #states: StreamStates;

  constructor(stream: Stream, lanes: number, take: TakeBits, seedStream: SeedStream) {
    this.#stream = stream;
    this.#take = take;
    this.#states = new StreamStates(stream, lanes, seedStream);
    this.stateWords = this.#states.words.length;
  }

  seed(key: StreamKey): void {
    this.#states.seed(key);
  }

  draw(out: Uint16Array): void {
    const { words } = this.#states;
    const size = this.#stream.words;
    for (let lane = 0; lane < out.length; lane++) out[lane] = this.#take(this.#stream.next(words, lane * size));
  }

  save(): Uint32Array {
    return this.#states.words.slice();
  }

  restore(words: Uint32Array): void {
    this.#states.restore(words);
  }
}

/** One stream, one step for each draw of all lanes. Lane n takes its word turned left by n · `turn` bits, of that the upper half. */
export class SharedStreamLanes implements LaneGenerators {
  readonly stateWords: number;
  readonly #stream: Stream;
  readonly #turn: number;
  readonly #states: StreamStates;

  constructor(stream: Stream, turn: number) {
    this.#stream = stream;
    this.#turn = turn;
    this.#states = new StreamStates(stream, 1, scrambledSeed);
    this.stateWords = this.#states.words.length;
  }

  seed(key: StreamKey): void {
    this.#states.seed(key);
  }

  draw(out: Uint16Array): void {
    const word = this.#stream.next(this.#states.words, 0);
    for (let lane = 0; lane < out.length; lane++) {
      const turned = (lane * this.#turn) & 31;
      // A shift by 32 is a shift by 0: then both halves are the word itself.
      out[lane] = ((word << turned) | (word >>> (32 - turned))) >>> 16;
    }
  }

  save(): Uint32Array {
    return this.#states.words.slice();
  }

  restore(words: Uint32Array): void {
    this.#states.restore(words);
  }
}
