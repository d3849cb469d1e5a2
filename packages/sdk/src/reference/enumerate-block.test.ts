import { expect, test } from 'vitest';
import { lawBlocks } from '../../test/law-blocks.ts';
import { glass } from '../../test/small-programs.ts';
import { biasValues } from '../couplings/bias-values.ts';
import { couplingView } from '../couplings/coupling-view.ts';
import { gainsOfRun } from '../law/fixed-block.ts';
import { blockLayout } from '../program/block-layout.ts';
import { unpackSpins } from '../spins/packed-spins.ts';
import { enumerateBlock } from './enumerate-block.ts';

test('two coupled spins have the correlation tanh β J', () => {
  const { probabilities: p, means } = enumerateBlock(glass({ h: [0, 0], pairs: [[0, 1, 0.75]] }), 7, { beta: 1.5 });
  const correlation = (p[0] as number) + (p[3] as number) - (p[1] as number) - (p[2] as number);
  expect(correlation).toBeCloseTo(Math.tanh(1.5 * 0.75), 14);
  expect(means[0]).toBeCloseTo(0, 14);
});

test('uncoupled spins have the means tanh β h, up to 20 of them', () => {
  const h = Array.from({ length: 20 }, (_, n) => (n - 7) / 8);
  const { means, probabilities } = enumerateBlock(glass({ h }), 7, { beta: 0.5 });
  expect(probabilities).toHaveLength(2 ** 20);
  h.forEach((value, n) => {
    expect(means[n]).toBeCloseTo(Math.tanh(0.5 * value), 12);
  });
});

test('twenty-one spins are refused', () => {
  expect(() => enumerateBlock(glass({ h: new Array<number>(21).fill(0) }), 7)).toThrow(/21 free spins; at most 20/);
});

test('a gain multiplies what names it', () => {
  const program = glass({ h: [0.5, 0], pairs: [[0, 1, 1]] });
  const { means } = enumerateBlock(program, 7, { gains: { g: 0.25 } });
  expect(means[0]).toBeCloseTo(Math.tanh(0.5), 14);
  expect(means[1]).toBeCloseTo(Math.tanh(0.5) * Math.tanh(0.25), 14);
});

/**
 * E(s) = −Σ J s s − Σ h s over all banks, from whole-matrix views: no field, no spin graph. Energies of pinned spins
 * alone are constants and drop out.
 */
test('the law of random blocks is the Boltzmann law of their energy, term by term', () => {
  for (const b of lawBlocks('real', 12)) {
    const { probabilities, spins } = enumerateBlock(b.program, b.block.index, { gains: b.gains, input: b.input });
    const gains = gainsOfRun(b.block, b.gains);
    const energyOf = (state: number): number => {
      const values = new Map(
        blockLayout(b.block).map(({ bank, spinCount }) => {
          const pinned = b.input[bank.id];
          return [bank.id, pinned === undefined ? new Int8Array(spinCount) : unpackSpins(pinned)];
        }),
      );
      spins.forEach(({ bank, index }, n) => {
        (values.get(bank) as Int8Array)[index] = (state >>> n) & 1 ? 1 : -1;
      });
      let energy = 0;
      for (const coupling of b.block.couplings) {
        const { rowStart, column, value } = couplingView(coupling, b.block, b.program.tensors).toCsr();
        const from = values.get(coupling.from) as Int8Array;
        const to = values.get(coupling.to) as Int8Array;
        // With from = to the rows hold every pair twice.
        const strength = (gains.get(coupling.gain) as number) / (coupling.from === coupling.to ? 2 : 1);
        for (let i = 0; i < to.length; i++) {
          for (let n = rowStart[i] as number; n < (rowStart[i + 1] as number); n++) {
            energy -= strength * (value[n] as number) * (to[i] as number) * (from[column[n] as number] as number);
          }
        }
      }
      for (const bias of b.block.biases) {
        const bank = b.block.banks.find(({ id }) => id === bias.bank);
        if (bank === undefined) throw new Error(`no bank ${bias.bank}`);
        biasValues(bias, bank, b.program.tensors).forEach((h, i) => {
          energy -= (gains.get(bias.gain) as number) * h * (values.get(bias.bank)?.[i] as number);
        });
      }
      return energy;
    };
    const beta = b.block.schedule.beta as number;
    const energies = Float64Array.from({ length: probabilities.length }, (_, state) => energyOf(state));
    const lowest = Math.min(...energies);
    const weights = energies.map((energy) => Math.exp(-beta * (energy - lowest)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let worst = 0;
    weights.forEach((weight, state) => {
      worst = Math.max(worst, Math.abs(weight / total - (probabilities[state] as number)));
    });
    expect(worst, `seed ${b.seed}`).toBeLessThan(1e-12);
  }
});
