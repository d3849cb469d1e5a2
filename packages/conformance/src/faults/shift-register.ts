/** Linear feedback shift registers (Galois form, maximal period) and their jumps ahead: what cheap hardware uses for random numbers. */

/** Feedback of x^16 + x^14 + x^13 + x^11 + 1 and of x^32 + x^22 + x^2 + x + 1. */
const feedback = { 16: 0xb400, 32: 0x80200003 } as const;

/** Steps that one draw of 16 bits takes. */
const stepsPerDraw = 16;

/** The register one draw later. Never 0 unless it was. */
export function nextRegister(state: number, bits: 16 | 32): number {
  const mask = feedback[bits];
  let register = state;
  for (let step = 0; step < stepsPerDraw; step++) register = (register >>> 1) ^ (-(register & 1) & mask);
  return register >>> 0;
}

/** A linear map of 32-bit registers: the images of the single bits. */
export type RegisterJump = Uint32Array;

/** Of so many draws at once, 32 bits. */
export function registerJump(draws: number): RegisterJump {
  let power = Uint32Array.from({ length: 32 }, (_, bit) => nextRegister(2 ** bit, 32));
  let result = Uint32Array.from({ length: 32 }, (_, bit) => 2 ** bit);
  for (let rest = draws; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result.map((image) => jumped(image, power));
    power = power.map((image) => jumped(image, power));
  }
  return result;
}

/** The register after the jump. */
export function jumped(state: number, jump: RegisterJump): number {
  let out = 0;
  for (let bit = 0; bit < 32; bit++) if ((state >>> bit) & 1) out ^= jump[bit] as number;
  return out >>> 0;
}
