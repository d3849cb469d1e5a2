/**
 * A small kernel memory that a test fills, hands to a kernel and to its witness, and compares byte by byte: a byte that one of them wrote
 * and the other did not is a difference, wherever it lies.
 */
import { Dice } from '@isinglass/sdk/testing';
import { kernelMemory } from '../src/load-kernels.ts';
import type { KernelMemory } from '../src/web-assembly.ts';

export class KernelArena {
  readonly memory: KernelMemory;
  readonly view: DataView;
  readonly bytes: Uint8Array;
  readonly dice: Dice;
  /** Address 0 means "not wanted". */
  #top = 256;

  /** Filled with random bytes: what a kernel leaves as it was is not zero by chance. */
  constructor(seed: number, pages = 1) {
    this.dice = new Dice(seed);
    this.memory = kernelMemory({ initial: pages, maximum: pages });
    this.view = new DataView(this.memory.buffer);
    this.bytes = new Uint8Array(this.memory.buffer);
    // A pattern of a prime length, random in every arena: drawing each byte would take longer than the kernels.
    const pattern = Uint8Array.from({ length: 251 }, () => this.dice.integer(0, 255));
    for (let at = 0; at < this.bytes.length; at += 251) this.bytes.set(pattern.subarray(0, this.bytes.length - at), at);
  }

  /** Room of `bytes` bytes at a boundary of 16, with a gap behind it. */
  allocate(bytes: number): number {
    const at = this.#top;
    this.#top += 16 * Math.ceil(bytes / 16) + 16;
    if (this.#top > this.bytes.length) throw new RangeError(`the arena has ${this.bytes.length} bytes`);
    return at;
  }

  /** Numbers of 8 bits, at a fresh address. */
  placeU8(values: ArrayLike<number>): number {
    const at = this.allocate(values.length);
    this.bytes.set(Uint8Array.from(values), at);
    return at;
  }

  placeI16(values: ArrayLike<number>): number {
    const at = this.allocate(2 * values.length);
    new Int16Array(this.memory.buffer, at, values.length).set(Int16Array.from(values));
    return at;
  }

  placeI32(values: ArrayLike<number>): number {
    const at = this.allocate(4 * values.length);
    new Int32Array(this.memory.buffer, at, values.length).set(Int32Array.from(values));
    return at;
  }

  /** `count` numbers, each by `draw`. */
  draw(count: number, draw: () => number): number[] {
    return Array.from({ length: count }, draw);
  }

  /** What the memory holds now, for the witness to change. */
  copy(): DataView {
    return new DataView(this.bytes.slice().buffer);
  }

  /** Address of the first byte that differs; −1 where none does. */
  firstDifference(expected: DataView): number {
    const other = new Uint8Array(expected.buffer);
    if (Buffer.compare(this.bytes, other) === 0) return -1;
    return this.bytes.findIndex((byte, n) => byte !== other[n]);
  }
}
