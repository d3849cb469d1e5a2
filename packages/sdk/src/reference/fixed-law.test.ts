import { expect, test } from 'vitest';
import { type LawBlock, lawBlocks } from '../../test/law-blocks.ts';
import { blockLayout } from '../program/block-layout.ts';
import { Dice } from '../testing/dice.ts';
import { pinnedRow } from './feed-forward.ts';
import { fixedLaw } from './fixed-law.ts';
import { blockBeta, couplingStrengths, realLaw } from './real-law.ts';
import { type FreeSpin, spinGraph, termSum } from './spin-graph.ts';

/** A random state of the block with its pinned spins in place. */
function randomState(b: LawBlock, dice: Dice, length: number): Int8Array {
  const state = Int8Array.from({ length }, () => dice.pick([1, -1]));
  const pinned = pinnedRow(b.input, 0);
  for (const { bank, offset } of blockLayout(b.block)) state.set(pinned.get(bank.id) ?? [], offset);
  return state;
}

/**
 * Semantics 4.7, in β·f: (couplings + biases)·2^−(k+1) + 2⁻¹⁶·Σ_c |β f_c|, with temperature a further 2^−(k+1) +
 * 2⁻¹⁷·|β f|. The probability follows with a slope of at most ½, and is off by another 2⁻¹⁷ from T (and as much from
 * the real law's own 16-bit count).
 */
test('every update probability of the fixed law is as near to the real one as semantics 4.7 says, at any temperature', () => {
  for (const b of lawBlocks('fixed', 24)) {
    const graph = spinGraph(b.program, b.block);
    const fixed = fixedLaw(b.program, b.block, b.gains);
    const real = realLaw(b.program, b.block, b.gains);
    const strength = couplingStrengths(b.block, b.gains);
    const beta = blockBeta(b.block);
    const lsb = 2 ** -((b.block.fixed?.fractionBits ?? 0) + 1);
    const dice = new Dice(b.seed, 3);
    const errorOf = (spin: FreeSpin, state: Int8Array, b_t: number): number => {
      const couplings = [...spin.pinnedTerms, ...spin.freeTerms];
      const biases = b.block.biases.filter((bias) => bias.bank === spin.bank).length;
      const contributions = couplings.map((term) => Math.abs(beta * strength(term.coupling) * termSum(term, state)));
      const sum = contributions.reduce((total, value) => total + value, 0);
      const f = Math.abs(beta * real.field(spin, real.staticField(spin, state), state));
      const tempered = b_t === 65536 ? 0 : lsb + 2 ** -17 * f;
      return (couplings.length + biases) * lsb + 2 ** -16 * sum + tempered;
    };
    for (let n = 0; n < 100; n++) {
      const state = randomState(b, dice, graph.stateLength);
      const b_t = dice.pick([65536, 0, dice.integer(1, 65535)]);
      for (const spin of graph.freeSpins) {
        const p = fixed.plusDraws(fixed.field(spin, fixed.staticField(spin, state), state), b_t) / 65536;
        const q = real.plusDraws(real.field(spin, real.staticField(spin, state), state), b_t) / 65536;
        const bound = errorOf(spin, state, b_t) / 2 + 2 * 2 ** -17;
        if (Math.abs(p - q) > bound) expect({ seed: b.seed, p, q, b_t }).toEqual({ within: bound });
      }
    }
  }
});

test('a spin’s partners are those of every coupling of its bank, zeros left out', () => {
  for (const b of lawBlocks('fixed', 8)) {
    for (const { pinnedTerms, freeTerms, spinIndex } of spinGraph(b.program, b.block).freeSpins) {
      for (const { weights, spins } of [...pinnedTerms, ...freeTerms]) {
        expect(weights.includes(0)).toBe(false);
        expect(spins.includes(spinIndex)).toBe(false);
      }
    }
  }
});
