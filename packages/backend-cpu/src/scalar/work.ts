/**
 * Work in slices: kernels are synchronous generators that yield often, and the driver decides at each yield whether the
 * event loop gets a turn. A kernel knows nothing of promises, clocks or cancellation.
 */
export type Work = Generator<void, void, void>;

/** Multiply-adds between two yields, about: 0.1–0.5 ms. */
export const productsPerSlice = 2 ** 18;

/** Spins (times rows) handled between two yields by everything that is not a coupling: about 0.2 ms. */
export const updatesPerSlice = 2 ** 14;

/** Calls `action` on consecutive parts of a list of spins, yielding between them. */
export function* inParts(spins: Uint32Array, rows: number, action: (part: Uint32Array) => void): Work {
  const length = Math.max(1, Math.floor(updatesPerSlice / rows));
  for (let begin = 0; begin < spins.length; begin += length) {
    action(spins.subarray(begin, begin + length));
    yield;
  }
}
