/** The numbers of PhiloxLanes by a kernel, which makes those of a stretch of neighbouring spins at once. */
import {
  instantiateKernels,
  type KernelModules,
  type Kernels,
  kernelMemory,
  keyBytes,
  rowDrawBytes,
  rowPreparedBytes,
} from '@isinglass/kernels';
import type { LaneGenerators, StreamKey } from './lane-generators.ts';

/** Of eight spins each: a stretch of 128 spins. */
const blocksAtOnce = 16;
const spinsAtOnce = 8 * blocksAtOnce;

/** Where what is in memory. */
const keys = 0;
const prepared = Math.ceil(keyBytes / 16) * 16;
const numbers = prepared + Math.ceil(rowPreparedBytes / 16) * 16;
if (numbers + rowDrawBytes(blocksAtOnce) > 65_536)
  throw new RangeError('one page does not hold the numbers of a stretch');

export class KernelPhiloxLanes implements LaneGenerators {
  readonly stateWords = 0;
  readonly #kernels: Kernels;
  /** r − 32768 of the stretch. */
  readonly #numbers: Int16Array;
  #image = 0;
  #blockAndChain = 0;
  /** Of the stretch in memory. */
  #sweep = -1;
  #first = 0;
  #end = 0;

  constructor(modules: KernelModules) {
    const memory = kernelMemory({ initial: 1, maximum: 1 });
    this.#kernels = instantiateKernels(modules, memory);
    this.#numbers = new Int16Array(memory.buffer, numbers, spinsAtOnce);
    this.seed({ seed: 0n, image: 0, blockAndChain: 0, sweepOffset: 0 });
  }

  seed({ seed, image, blockAndChain }: StreamKey): void {
    this.#kernels.prepareKeys(keys, Number(seed & 0xffff_ffffn), Number(seed >> 32n));
    this.#image = image;
    this.#blockAndChain = blockAndChain;
    this.#sweep = -1;
    this.#end = 0;
  }

  draw(out: Uint16Array, spinIndices: Uint32Array, first: number, sweep: number): void {
    if (sweep !== this.#sweep) {
      this.#sweep = sweep;
      this.#kernels.prepareRowDraws(prepared, keys, sweep, this.#image, this.#blockAndChain);
      this.#end = 0;
    }
    const stretch = this.#numbers;
    for (let lane = 0; lane < out.length; lane++) {
      const spin = spinIndices[first + lane] as number;
      if (spin < this.#first || spin >= this.#end) this.#bring(spin);
      out[lane] = (stretch[spin - this.#first] as number) + 32768;
    }
  }

  save(): Uint32Array {
    return new Uint32Array(0);
  }

  restore(words: Uint32Array): void {
    if (words.length !== 0) throw new RangeError(`a state of ${words.length} words for generators that have none`);
  }

  /** The stretch that begins with the eight spins of this one. */
  #bring(spin: number): void {
    this.#first = spin - (spin & 7);
    this.#end = this.#first + spinsAtOnce;
    this.#kernels.drawRow(numbers, keys, prepared, this.#first / 8, blocksAtOnce);
  }
}
