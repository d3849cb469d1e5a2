/**
 * xoshiro128 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021): 128 bits of state, one cycle through all states but 0, which is
 * illegal. `++` and `+` differ in how the state becomes a word; the lowest bits of `+` are of low linear complexity.
 */

const rotateLeft = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** What xoshiro128++ gives in the state at words `at … at + 3`. */
export function xoshiro128pp(state: Uint32Array, at: number): number {
  const s0 = state[at] as number;
  return (rotateLeft((s0 + (state[at + 3] as number)) | 0, 7) + s0) >>> 0;
}

/** What xoshiro128+ gives in the state at words `at … at + 3`. */
export function xoshiro128p(state: Uint32Array, at: number): number {
  return ((state[at] as number) + (state[at + 3] as number)) >>> 0;
}

/** One step of the state at words `at … at + 3`. */
export function xoshiro128Step(state: Uint32Array, at: number): void {
  const s0 = state[at] as number;
  const s1 = state[at + 1] as number;
  const t2 = (state[at + 2] as number) ^ s0;
  const t3 = (state[at + 3] as number) ^ s1;
  state[at] = s0 ^ t3;
  state[at + 1] = s1 ^ t2;
  state[at + 2] = t2 ^ (s1 << 9);
  state[at + 3] = rotateLeft(t3, 11);
}
