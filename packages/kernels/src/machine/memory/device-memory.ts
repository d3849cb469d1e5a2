/**
 * The memory of one device: one shared WebAssembly memory that all kernels and threads see, cut into regions by this
 * thread alone. It is created with the first region and grows with demand; pages that were never written cost nothing.
 * It does not shrink while the device is open: freed regions are used again.
 */

import { DoesNotFitError } from '@isinglass/sdk';
import { bytesPerPage, kernelMemory } from '../../load-kernels.ts';
import type { KernelMemory } from '../../web-assembly.ts';
import { FreeList } from './free-list.ts';
import { noUri, type UriWithMemory } from './uri-with-memory.ts';

/** A stretch of device memory, owned by whoever allocated it. Its bytes are arbitrary unless it was asked for zeroed. */
export interface Region {
  /** Of its first byte; a multiple of 128, never 0. */
  readonly address: number;
  /** As asked for. */
  readonly bytes: number;
  /** Gives it back. Throws TypeError the second time. */
  free(): void;
}

/** Two cache lines: neighbouring regions written by different threads share none, prefetch included. */
const alignment = 128;
/** Address 0 stays unused: it means "none" in kernels. */
const firstAddress = alignment;
/** The memory grows in steps, for growth is told to every thread. */
const growthBytes = 16 * 2 ** 20;

/** What 32-bit addresses reach, less the last MiB, so that the end of a region is an address too. */
export const deviceMemoryMiBMax = 4095;

const mebibyte = 2 ** 20;

export class DeviceMemory {
  /** Bytes that regions may take together. Never above 4095 MiB, which is what WebAssembly addresses. */
  readonly bytesMax: number;
  readonly #create: typeof kernelMemory;
  readonly #uriWithMemory: UriWithMemory;
  readonly #free: FreeList;
  /** One past the last address of any region. */
  readonly #end: number;
  #memory: KernelMemory | undefined;
  #bytesUsed = 0;
  /** Everything from here on is as it was created: zero. */
  #untouched = firstAddress;

  /** `uriWithMemory`: what remedies name, by default nothing. `create` makes the underlying memory; tests give one that refuses to grow. */
  constructor(o: {
    readonly bytesMax: number;
    readonly uriWithMemory?: UriWithMemory | undefined;
    readonly create?: typeof kernelMemory;
  }) {
    this.bytesMax = Math.min(o.bytesMax, deviceMemoryMiBMax * mebibyte);
    this.#create = o.create ?? kernelMemory;
    this.#uriWithMemory = o.uriWithMemory ?? noUri;
    this.#end = firstAddress + roundedDown(this.bytesMax, alignment);
    this.#free = new FreeList(firstAddress, this.#end);
  }

  /** What the kernels import as `env.memory`. Throws DoesNotFitError when the system has not even the address space. */
  get memory(): KernelMemory {
    this.#memory ??= this.#created();
    return this.#memory;
  }

  /** Bytes in regions, rounding to 128 included. */
  get bytesUsed(): number {
    return this.#bytesUsed;
  }

  /**
   * A region of `bytes` ≥ 0 bytes; `what` says in an error what it was for. Throws DoesNotFitError when there is no such
   * stretch, or the system does not grant the memory; nothing is taken then.
   */
  allocate(bytes: number, what: string): Region {
    const size = Math.max(alignment, roundedUp(bytes, alignment));
    const address = this.#free.take(size);
    if (address === undefined) throw this.#exhausted(size, what);
    try {
      this.#growTo(address + size, what);
    } catch (e) {
      this.#free.give(address, size);
      throw e;
    }
    this.#bytesUsed += size;
    let held = true;
    const free = (): void => {
      if (!held) throw new TypeError(`the region of ${what} at ${address} is freed twice`);
      held = false;
      this.#bytesUsed -= size;
      this.#untouched = Math.max(this.#untouched, address + size);
      this.#free.give(address, size);
    };
    return { address, bytes, free };
  }

  /** As `allocate`, every byte 0. */
  allocateZeroed(bytes: number, what: string): Region {
    const region = this.allocate(bytes, what);
    // Memory above every region that was ever freed is zero still.
    const end = Math.min(region.address + bytes, this.#untouched);
    if (end > region.address) new Uint8Array(this.memory.buffer, region.address, end - region.address).fill(0);
    return region;
  }

  /** Views of a region. The region's bytes must be a multiple of the element's. */
  u8({ address, bytes }: Region): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.memory.buffer, address, bytes);
  }
  i8({ address, bytes }: Region): Int8Array<SharedArrayBuffer> {
    return new Int8Array(this.memory.buffer, address, bytes);
  }
  u16({ address, bytes }: Region): Uint16Array<SharedArrayBuffer> {
    return new Uint16Array(this.memory.buffer, address, bytes / 2);
  }
  i16({ address, bytes }: Region): Int16Array<SharedArrayBuffer> {
    return new Int16Array(this.memory.buffer, address, bytes / 2);
  }
  u32({ address, bytes }: Region): Uint32Array<SharedArrayBuffer> {
    return new Uint32Array(this.memory.buffer, address, bytes / 4);
  }
  i32({ address, bytes }: Region): Int32Array<SharedArrayBuffer> {
    return new Int32Array(this.memory.buffer, address, bytes / 4);
  }

  #created(): KernelMemory {
    try {
      return this.#create({ initial: 1, maximum: pagesOf(this.#end) });
    } catch (e) {
      if (!(e instanceof RangeError)) throw e;
      throw this.#refused({ what: 'the address space of the device', needed: this.#end, granted: 0 }, e);
    }
  }

  #growTo(end: number, what: string): void {
    const { memory } = this;
    const present = memory.buffer.byteLength;
    if (end <= present) return;
    const needed = pagesOf(end - present);
    try {
      memory.grow(Math.max(needed, Math.min(pagesOf(growthBytes), pagesOf(this.#end - present))));
    } catch (e) {
      if (!(e instanceof RangeError)) throw e;
      throw this.#refused({ what, needed: end, granted: present }, e);
    }
  }

  #exhausted(bytes: number, what: string): DoesNotFitError {
    const total = this.bytesMax - this.#bytesUsed;
    const pieces = this.#free.longest < total ? `, ${mib(this.#free.longest)} of it in one piece` : '';
    const needed = Math.ceil((this.#bytesUsed + bytes) / mebibyte);
    const uri = this.#uriWithMemory(needed);
    const remedy =
      needed <= deviceMemoryMiBMax
        ? `open the device with more memory${uri === null ? '' : `: ${uri}`}`
        : `${deviceMemoryMiBMax} MiB is the most that kernels can address: fewer rows in one run${uri === null ? '' : `, or ${uri}`}`;
    const fact = `${what} needs ${mib(bytes)}, available ${mib(total)} of ${mib(this.bytesMax)}${pieces}`;
    return misfit(fact, remedy);
  }

  /** The system has less than the device may take. */
  #refused(
    o: { readonly what: string; readonly needed: number; readonly granted: number },
    cause: unknown,
  ): DoesNotFitError {
    const fact = `${o.what}: needed ${mib(o.needed)} in all, available ${mib(o.granted)} so far, the system refuses more`;
    const uri = this.#uriWithMemory(Math.max(1, Math.floor(o.needed / mebibyte / 2)));
    const remedy = `open the device with less memory, so that runs are planned smaller${uri === null ? '' : `: ${uri}`}`;
    return misfit(fact, remedy, cause);
  }
}

function misfit(fact: string, remedy: string, cause?: unknown): DoesNotFitError {
  const message = `${fact}; ${remedy}`;
  return new DoesNotFitError(message, {
    where: 'memoryMiB',
    diagnostics: [{ code: 'memoryMiB', severity: 'error', message }],
    ...(cause === undefined ? {} : { cause }),
  });
}

const roundedUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;
const roundedDown = (value: number, multiple: number): number => Math.floor(value / multiple) * multiple;
const pagesOf = (bytes: number): number => Math.ceil(bytes / bytesPerPage);
const mib = (bytes: number): string => `${(Math.ceil((bytes / mebibyte) * 10) / 10).toFixed(1)} MiB`;
