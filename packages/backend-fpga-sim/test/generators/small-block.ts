/**
 * A block of two banks of six spins, every spin of one coupled to every spin of the other, small enough to know its law exactly: the law of a whole bank after
 * a sweep is that of a Markov chain over 64 states.
 */
import { activationLimit, activationTable } from '@isinglass/sdk';
import { scramble } from '../../src/generators/splitmix32.ts';

export const bankSize = 6;
export const stateCount = 2 ** bankSize;

/** One unit of field is 2^−9, the default of the fixed law. */
export const fractionBits = 9;

export interface SmallBlock {
  /** In units of field: `couplings[i * bankSize + j]` joins spin i of the first bank and spin j of the second. */
  readonly couplings: Int32Array;
  /** In units of field, of the spins of the first bank and of the second. */
  readonly biases: readonly [Int32Array, Int32Array];
}

/** A number of the standard normal law for each n, by Box and Muller from scrambled integers. */
function normal(n: number): number {
  const uniform = (index: number) => (scramble(Math.imul(index, 0x9e3779b9)) + 0.5) / 2 ** 32;
  return Math.sqrt(-2 * Math.log(uniform(2 * n + 1))) * Math.cos(2 * Math.PI * uniform(2 * n + 2));
}

/** Block `number`: couplings δ · normal · couplingScale, biases normal · biasScale, rounded to units of field. */
export function smallBlock(number: number, delta: number): SmallBlock {
  const couplingScale = 0.5;
  const biasScale = 0.25;
  const at = number * 1024;
  const unit = 2 ** fractionBits;
  const bias = (first: number) =>
    Int32Array.from({ length: bankSize }, (_, i) => Math.round(biasScale * normal(at + first + i) * unit));
  return {
    couplings: Int32Array.from({ length: bankSize ** 2 }, (_, n) =>
      Math.round(delta * couplingScale * normal(at + n) * unit),
    ),
    biases: [bias(bankSize ** 2), bias(bankSize ** 2 + bankSize)],
  };
}

/** Thresholds of the spins of one bank for each state of the other: entry `state * bankSize + spin`. Bit n of a state: spin n is +1. */
export function bankThresholds(block: SmallBlock, bank: 0 | 1): Int32Array {
  const table = activationTable(fractionBits);
  const limit = activationLimit(fractionBits);
  const thresholds = new Int32Array(stateCount * bankSize);
  for (let state = 0; state < stateCount; state++) {
    for (let spin = 0; spin < bankSize; spin++) {
      let field = block.biases[bank][spin] as number;
      for (let other = 0; other < bankSize; other++) {
        const at = bank === 0 ? spin * bankSize + other : other * bankSize + spin;
        field += ((state >>> other) & 1 ? 1 : -1) * (block.couplings[at] as number);
      }
      thresholds[state * bankSize + spin] = table[Math.max(-limit, Math.min(field, limit)) + limit] as number;
    }
  }
  return thresholds;
}
