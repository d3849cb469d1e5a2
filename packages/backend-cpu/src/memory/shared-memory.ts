/** WebAssembly memory that threads share: what this package needs of it, typed without the library of a browser. */

/** A shared `WebAssembly.Memory`: it grows, never shrinks, and older views of it stay valid when it grows. */
export interface SharedMemory {
  /** All of it as of now: a longer one after growth, in this thread or another. */
  readonly buffer: SharedArrayBuffer;
  /** Adds pages; the number there were before. Throws RangeError when the system or the maximum says no. */
  grow(pages: number): number;
}

/** Bytes of one page. */
export const pageBytes = 65536;

/** What 32-bit addresses reach, less the last MiB, so that the end of an array is an address too. */
export const sharedMemoryMiBMax = 4095;

interface Engine {
  readonly WebAssembly?: {
    readonly Memory: new (o: { initial: number; maximum: number; shared: true }) => SharedMemory;
  };
}

/** `pages` pages at first, `pagesMax` at most, for which address space is reserved now. Throws RangeError when there is none. */
export function createSharedMemory(o: { readonly pages: number; readonly pagesMax: number }): SharedMemory {
  const { WebAssembly } = globalThis as Engine;
  if (WebAssembly === undefined) throw new TypeError('this engine has no WebAssembly');
  return new WebAssembly.Memory({ initial: o.pages, maximum: o.pagesMax, shared: true });
}
