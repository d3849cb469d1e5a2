import { expect, test } from 'vitest';
import { laneGenerators } from '../../src/generators/create-lane-generators.ts';
import { exactLaw, parity } from './exact-law.ts';
import { sampledMeans } from './sampled-law.ts';
import { bankSize, fractionBits, type SmallBlock, smallBlock, stateCount } from './small-block.ts';

/** Boltzmann means of parities of the first bank: the sum over the second bank is done spin by spin. */
function boltzmannMeans(block: SmallBlock): Float64Array {
  const weights = Float64Array.from({ length: stateCount }, (_, state) => {
    const spin = (i: number) => ((state >>> i) & 1 ? 1 : -1);
    let weight = 1;
    for (let j = 0; j < bankSize; j++) {
      let field = block.biases[1][j] as number;
      for (let i = 0; i < bankSize; i++) field += spin(i) * (block.couplings[i * bankSize + j] as number);
      weight *= Math.cosh(field / 2 ** fractionBits);
    }
    block.biases[0].forEach((bias, i) => {
      weight *= Math.exp((spin(i) * bias) / 2 ** fractionBits);
    });
    return weight;
  });
  const total = weights.reduce((sum, each) => sum + each, 0);
  return weights.map((_, mask) =>
    weights.reduce((sum, weight, state) => sum + (weight / total) * parity(state, mask), 0),
  );
}

test('the chain’s means are those of the Boltzmann law, to the resolution of 16-bit thresholds', () => {
  for (const delta of [1, 0.1]) {
    const block = smallBlock(2, delta);
    const expected = boltzmannMeans(block);
    exactLaw(block)[0].means.forEach((mean, mask) => {
      expect(Math.abs(mean - (expected[mask] as number))).toBeLessThan(1e-3);
    });
  }
});

test('without couplings, averages of a parity scatter as independent draws do: 1 − mean²', () => {
  const [law] = exactLaw({ ...smallBlock(0, 1), couplings: new Int32Array(bankSize ** 2) });
  law.variances.forEach((variance, mask) => {
    expect(variance).toBeCloseTo(1 - (law.means[mask] as number) ** 2, 9);
  });
});

/**
 * Null hypothesis: the variances are right. Statistic, of each spin: 200 squared differences over their variance, a chi-square of 200. By Laurent and Massart it lies
 * beyond 200 − 2√(200x) or 200 + 2√(200x) + 2x with probability exp(−x) each; x = 14: false alarms of six spins on both sides below 10⁻⁵.
 */
test('variances are those of averages: the spread of 200 chains of 2,000 sweeps agrees within its own error', () => {
  const block = smallBlock(1, 1);
  const [law] = exactLaw(block);
  const generators = laneGenerators('philox', bankSize);
  const chains = 200;
  const sweeps = 2000;
  const sums = new Float64Array(bankSize);
  for (let chain = 0; chain < chains; chain++) {
    generators.seed({ seed: 7n, image: 0, blockAndChain: chain, sweepOffset: 0 });
    const [means] = sampledMeans(block, generators, sweeps);
    for (let spin = 0; spin < bankSize; spin++) {
      const difference = (means[1 << spin] as number) - (law.means[1 << spin] as number);
      sums[spin] = (sums[spin] as number) + (difference ** 2 * sweeps) / (law.variances[1 << spin] as number);
    }
  }
  for (const sum of sums) {
    expect(sum).toBeGreaterThan(200 - 105.8);
    expect(sum).toBeLessThan(200 + 105.8 + 28);
  }
});
