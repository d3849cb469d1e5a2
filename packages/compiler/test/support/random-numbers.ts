/** Reproducible random numbers for tests: SplitMix32, and normals by Box and Muller. */
export interface RandomNumbers {
  /** Uniform in (0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(count: number): Float64Array<ArrayBuffer>;
  /** ±1, equally likely. */
  spins(count: number): Float64Array<ArrayBuffer>;
  /** Uniform in 0 … below − 1. */
  integer(below: number): number;
}

export function numbers(seed: number): RandomNumbers {
  let state = seed | 0;
  const uniform = () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (((z ^ (z >>> 15)) >>> 0) + 0.5) / 2 ** 32;
  };
  const one = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    normal: (count) => Float64Array.from({ length: count }, one),
    spins: (count) => Float64Array.from({ length: count }, () => (uniform() < 0.5 ? -1 : 1)),
    integer: (below) => Math.floor(uniform() * below),
  };
}
