/** States of the inputs of a term as the kernels read them: `[pixel][quad]`, a byte with 16 · nibble each; bit j of a nibble is set where input 4·quad + j is +1. */

export interface Inputs {
  /** Site of the first input's pixel 0. */
  readonly source: number;
  readonly inputs: number;
  readonly sitesPerInput: number;
}

export const nibbleBytes = ({ inputs, sitesPerInput }: Inputs): number => Math.ceil(inputs / 4) * sitesPerInput;

/** From ±1 by site to bytes from `at` on. Inputs that are none are −1: no weight is theirs. */
export function writeNibbles(
  states: Int8Array,
  { source, inputs, sitesPerInput }: Inputs,
  out: Uint8Array,
  at: number,
): void {
  const quads = Math.ceil(inputs / 4);
  const whole = Math.floor(inputs / 4);
  for (let quad = 0; quad < whole; quad++) {
    let a = source + 4 * quad * sitesPerInput;
    let b = a + sitesPerInput;
    let c = b + sitesPerInput;
    let d = c + sitesPerInput;
    const end = at + quad + quads * sitesPerInput;
    for (let to = at + quad; to < end; to += quads) {
      // 16 · Σ 2^j (s_j + 1) / 2
      const low = (states[a++] as number) + 2 * (states[b++] as number);
      out[to] = 120 + 8 * (low + 4 * (states[c++] as number) + 8 * (states[d++] as number));
    }
  }
  if (whole === quads) return;
  const first = source + 4 * whole * sitesPerInput;
  for (let pixel = 0; pixel < sitesPerInput; pixel++) {
    let nibble = 0;
    for (let j = 0; j < inputs - 4 * whole; j++) {
      if ((states[first + j * sitesPerInput + pixel] as number) > 0) nibble |= 1 << j;
    }
    out[at + whole + quads * pixel] = nibble << 4;
  }
}
