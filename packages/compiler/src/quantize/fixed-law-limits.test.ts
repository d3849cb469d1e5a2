import {
  type Block,
  biasUnits,
  biasValues,
  couplingView,
  fixedBlock,
  type Multiplier,
  type Program,
  referenceBeta,
  scaled,
  spinCountOf,
} from '@isinglass/sdk';
import { randomProgram } from '@isinglass/sdk/testing';
import { describe, expect, it } from 'vitest';
import { numbers } from '../../test/support/random-numbers.ts';
import { fixedLawLimits } from './fixed-law-limits.ts';

function blockOf(program: Program): Block {
  const block = program.json.stages.find((stage): stage is Block => stage.kind === 'block');
  if (block === undefined) throw new Error('the program has a block');
  return block;
}

const gainOf = (block: Block, id: string) => block.gains.find((gain) => gain.id === id)?.value ?? Number.NaN;

/** β·f and u of every spin of a bank, in a random state of the whole block: both laws with the same weights. */
function fields(program: Program, block: Block, bankId: string, seed: number) {
  const random = numbers(seed);
  const states = new Map(block.banks.map((bank) => [bank.id, random.spins(spinCountOf(bank))]));
  const { multipliers, fractionBits } = fixedBlock(program, block, {});
  const bank = block.banks.find((candidate) => candidate.id === bankId) as Block['banks'][number];
  const beta = referenceBeta(block.schedule);
  const real = new Float64Array(spinCountOf(bank));
  const units = new Float64Array(spinCountOf(bank));
  const add = (out: Float64Array, values: ArrayLike<number>) => {
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + (values[i] as number);
  };
  for (const coupling of block.couplings) {
    const view = couplingView(coupling, block, program.tensors);
    const factor = beta * gainOf(block, coupling.gain) * (coupling.scale as number);
    const m = multipliers.get(coupling.id) as Multiplier;
    const sums: Float64Array[] = [];
    if (coupling.to === bankId) {
      const sum = new Float64Array(view.toCount);
      view.applyForward(states.get(coupling.from) as Float64Array, sum);
      sums.push(sum);
    }
    if (coupling.from === bankId && coupling.from !== coupling.to) {
      const sum = new Float64Array(view.fromCount);
      view.applyAdjoint(states.get(coupling.to) as Float64Array, sum);
      sums.push(sum);
    }
    for (const sum of sums) {
      add(
        real,
        sum.map((a) => factor * a),
      );
      add(
        units,
        sum.map((a) => scaled(a, m)),
      );
    }
  }
  for (const bias of block.biases.filter((candidate) => candidate.bank === bankId)) {
    const gain = gainOf(block, bias.gain);
    const h = biasValues(bias, bank, program.tensors);
    add(
      real,
      Float64Array.from(h, (value) => beta * gain * value),
    );
    add(
      units,
      Float64Array.from(h, (value) => biasUnits({ beta, gain, fractionBits }, value)),
    );
  }
  return { real, units, fractionBits };
}

describe('the bounds of the fixed law', () => {
  it('hold for every spin of random blocks in random states, and agree with the bound of the law itself', () => {
    let tightest = 0;
    for (let seed = 0; seed < 40; seed++) {
      const program = randomProgram({ seed, law: 'fixed' });
      const block = blockOf(program);
      const { bounds, diagnostics } = fixedLawLimits(block, program.tensors);
      expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
      expect(Math.max(0, ...bounds.map((b) => b.fieldMax))).toBe(fixedBlock(program, block, {}).fieldBound);
      for (const { bank, fieldMax, fieldErrorMax } of bounds) {
        const { real, units, fractionBits } = fields(program, block, bank, seed);
        for (let i = 0; i < units.length; i++) {
          const error = Math.abs((units[i] as number) * 2 ** -fractionBits - (real[i] as number));
          expect(Math.abs(units[i] as number)).toBeLessThanOrEqual(fieldMax);
          expect(error).toBeLessThanOrEqual(fieldErrorMax);
          if (fieldErrorMax > 0) tightest = Math.max(tightest, error / fieldErrorMax);
        }
      }
    }
    // The bound is not idle: some spin comes within a factor of two and a half.
    expect(tightest).toBeGreaterThan(0.4);
  });
});
