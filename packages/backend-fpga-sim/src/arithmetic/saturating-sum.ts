/** Sums of a register of n bits that stop at its ends, and how often they did. */
export class SaturatingSum {
  readonly min: number;
  readonly max: number;
  /** Additions whose sum left the register. */
  saturations = 0;

  /** `bits`: of the register, with the sign, 2 … 32. */
  constructor(bits: number) {
    if (!(Number.isInteger(bits) && bits >= 2 && bits <= 32)) {
      throw new RangeError(`an accumulator of ${bits} bits: 2 to 32 are possible`);
    }
    this.max = 2 ** (bits - 1) - 1;
    this.min = -(2 ** (bits - 1));
  }

  /** `sum + term`, or the end of the register that it passes. Both are integers below 2⁵² in size. */
  add(sum: number, term: number): number {
    const next = sum + term;
    if (next > this.max) {
      this.saturations++;
      return this.max;
    }
    if (next < this.min) {
      this.saturations++;
      return this.min;
    }
    return next;
  }
}
