/**
 * The laws that analog machines sample. Draws are last states of independent chains, 40 sweeps after a random start; by the exact operator of a sweep the law is then
 * within 10⁻⁶ of the one that chains tend to.
 */
import { type Program, unpackSpins } from '@isinglass/sdk';
import { enumerateBlock, sweepKernel, totalVariation } from '@isinglass/sdk/reference';
import { Dice } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import type { Envelope } from '../../src/envelopes/envelope.ts';
import { analogDriver, analogEnvelope, chiSquare, lastStates, pairProgram } from './analog-cases.ts';

const sweeps = 40;
const size = 3;

function randomPair(seed: number, beta: number): Program {
  const dice = new Dice(seed);
  const number = (): number => dice.uniform() - 0.5;
  return pairProgram({
    size,
    beta,
    couplings: Array.from({ length: size * size }, () => 1.6 * number()),
    biases: Array.from({ length: 2 * size }, () => 0.8 * number()),
  });
}

async function effective(envelope: Envelope, program: Program): Promise<Program> {
  const loaded = await analogDriver(envelope).load(program, {});
  return (await loaded.effective?.()) ?? program;
}

/** x of the bound: false alarms of one comparison have probability exp(−21) < 10⁻⁹. */
const x = 21;

test('after 40 sweeps chains of these programs are at their law', () => {
  for (let seed = 1; seed <= 3; seed++) {
    const program = randomPair(seed, 1.3);
    const kernel = sweepKernel(program, 0);
    const after = kernel.power(kernel.uniform(), sweeps);
    // Thresholds are 16 bits wide: the law that a sweep leaves alone is 10⁻⁵ away from Boltzmann's.
    expect(totalVariation(after, kernel.stationaryLaw().probabilities)).toBeLessThan(1e-6);
    expect(totalVariation(after, enumerateBlock(program, 0).probabilities)).toBeLessThan(1e-4);
  }
});

/** Null hypothesis: Boltzmann's law of the program. Statistic: χ² over up to 64 states, N = 20,000. */
test('a machine that errs in nothing samples the exact law of small blocks, at any β', async () => {
  for (const [seed, beta] of [
    [1, 1.3],
    [2, 0.4],
    [3, 1.3],
  ] as const) {
    const program = randomPair(seed, beta);
    const draws = await lastStates(analogDriver(analogEnvelope()), program, { chains: 20_000, sweeps, seed: 11n });
    const { statistic, bound } = chiSquare(draws, enumerateBlock(program, 0).probabilities, x);
    expect(statistic).toBeLessThan(bound);
  }
});

/** Null hypothesis: Boltzmann's law of the program as it is held. Statistic and N as above; the law of the program as it was given is rejected by the same. */
test('a machine with errors samples the law of what it holds, and not of what it was given', async () => {
  const envelope = analogEnvelope({
    couplingSigma: 0.15,
    biasSigma: 0.1,
    offsetSigma: 0.1,
    couplingRange: [-0.6, 0.6],
  });
  const program = randomPair(1, 1.3);
  const held = await effective(envelope, program);
  const draws = await lastStates(analogDriver(envelope), program, { chains: 20_000, sweeps, seed: 12n });
  const ofHeld = chiSquare(draws, enumerateBlock(held, 0).probabilities, x);
  expect(ofHeld.statistic).toBeLessThan(ofHeld.bound);
  const ofGiven = chiSquare(draws, enumerateBlock(program, 0).probabilities, x);
  expect(ofGiven.statistic).toBeGreaterThan(10 * ofGiven.bound);
});

/** 32 spins with biases and no couplings: each is a coin of its own. */
const coins = (bias: number): Program =>
  pairProgram({ size: 16, beta: 1, couplings: Array(256).fill(0), biases: Array(32).fill(bias) });

/** How often each spin is +1. */
async function ones(envelope: Envelope, program: Program, chains: number): Promise<readonly number[]> {
  const states = await lastStates(analogDriver(envelope), program, { chains, sweeps: 1, seed: 13n });
  return Array.from({ length: 32 }, (_, spin) => states.reduce((sum, state) => sum + ((state >>> spin) & 1), 0));
}

/**
 * Null hypothesis: spin i is +1 with probability σ(2·gain_i·h), gains of mean 1 and standard deviation 0.3. Statistic: for 32 spins, the log odds of N = 10,000 draws
 * over 2h is a gain with an error of at most 0.04 (p ≤ 0.95); Σ (gain − 1)²/(0.3² + 0.04²) is a χ² of 32 degrees or less.
 */
test('gains of sigmoids have the spread of the model; without spread they are 1', async () => {
  const chains = 10_000;
  const gains = async (gainSigma: number): Promise<readonly number[]> =>
    (await ones(analogEnvelope({ gainSigma }), coins(0.5), chains)).map((count) => Math.log(count / (chains - count)));
  const squares = (values: readonly number[]): number => values.reduce((sum, gain) => sum + (gain - 1) ** 2, 0);
  const upper = 32 + 2 * Math.sqrt(32 * x) + 2 * x;
  const spread = squares(await gains(0.3));
  expect(spread).toBeLessThan(upper * (0.3 ** 2 + 0.04 ** 2));
  // The lower side, Laurent and Massart: k − 2√(kx) is below 0 for x = 21; x = 7 is a false alarm in 1,000, and these seeds are fixed.
  expect(spread).toBeGreaterThan((32 - 2 * Math.sqrt(32 * 7)) * 0.3 ** 2);
  expect(squares(await gains(0))).toBeLessThan(upper * 0.04 ** 2);
});

/** Null hypothesis: each reading of spins that are +1 is wrong with probability 0.01. Statistic: wrong ones of N = 32 · 5,000, normal, eight sigma: 10⁻¹⁵. */
test('states are read wrongly as often as the model says, and the chain does not see it', async () => {
  const chains = 5000;
  const n = 32 * chains;
  const wrong = n - (await ones(analogEnvelope({ readoutFlip: 0.01 }), coins(20), chains)).reduce((a, b) => a + b);
  expect(Math.abs(wrong - 0.01 * n)).toBeLessThan(8 * Math.sqrt(n * 0.01 * 0.99));
  expect((await ones(analogEnvelope(), coins(20), 100)).every((count) => count === 100)).toBe(true);

  // Couplings of 20 hold all spins together: one that was misread, if the chain saw it, would turn others.
  const held = pairProgram({ size: 3, beta: 1, couplings: Array(9).fill(20), biases: Array(6).fill(0) });
  const driver = analogDriver(analogEnvelope({ readoutFlip: 0.25 }));
  const loaded = await driver.load(held, {});
  const flips: number[] = [];
  for (const count of [5, 50]) {
    const { counters } = await loaded.run({ ...oneChain, sweeps: count, burnIn: count - 1 });
    flips.push(counters.flips ?? Number.NaN);
  }
  expect(flips[1]).toBe(flips[0]);
});

const oneChain = {
  block: 0,
  gains: {},
  images: Uint32Array.of(0),
  inputs: {},
  chains: 1,
  chainOffset: 0,
  burnIn: 0,
  stride: 1,
  sweepOffset: 0,
  temperatures: null,
  seed: 21n,
  start: { kind: 'random' },
  keep: 'host',
  readouts: [],
  signal: new AbortController().signal,
} as const;

/** Z1's 100 ns, at sweeps of 20 ns. */
const z1 = analogEnvelope({ correlationNs: 100 }, { time: { kind: 'sweeps', cyclesPerSweep: 1, frameReadNs: 25_000 } });
const at50MHz: Envelope = { ...z1, profile: { ...z1.profile, timing: { ...z1.profile.timing, clockHz: 50e6 } } };

/**
 * Null hypothesis: free coins whose states n sweeps apart have the correlation ρⁿ, ρ = exp(−20/100). Statistic: the mean of N = 32 · 4,000 products; their own
 * correlation raises its variance by at most (1 + ρ)/(1 − ρ) ≈ 10. Eight sigma.
 */
test('random numbers of neighbouring sweeps are correlated as the source is, and only where it is', async () => {
  const lagged = async (envelope: Envelope, lag: number): Promise<number> => {
    const loaded = await analogDriver(envelope).load(coins(0), {});
    const count = 4000;
    const { readouts } = await loaded.run({
      ...oneChain,
      sweeps: count,
      readouts: (['a', 'b'] as const).map((bank) => ({ bank, observable: 'state', as: 'sums', tie: 1 })),
    });
    let sum = 0;
    for (const { states } of readouts) {
      if (states === undefined) throw new TypeError('no states');
      const spins = unpackSpins(states);
      for (let n = 0; n + 16 * lag < spins.length; n++) sum += (spins[n] as number) * (spins[n + 16 * lag] as number);
    }
    return sum / (2 * 16 * (count - lag));
  };
  const sigma = Math.sqrt(10 / (32 * 4000));
  const rho = Math.exp(-20 / 100);
  expect(Math.abs((await lagged(at50MHz, 1)) - rho)).toBeLessThan(8 * sigma);
  expect(Math.abs((await lagged(at50MHz, 3)) - rho ** 3)).toBeLessThan(8 * sigma);
  expect(Math.abs(await lagged(analogEnvelope(), 1))).toBeLessThan(8 * sigma);
  // How far apart updates are is not published: nothing is assumed.
  expect(Math.abs(await lagged(analogEnvelope({ correlationNs: 100 }), 1))).toBeLessThan(8 * sigma);
});

test('time is that of the published sweeps and readings, and unknown where it is not published', async () => {
  const run = { ...oneChain, sweeps: 100, keep: 'nothing' } as const;
  const counters = async (envelope: Envelope, o: object = {}) =>
    (await (await analogDriver(envelope).load(coins(0), {})).run({ ...run, ...o })).counters;
  expect(await counters(at50MHz)).toMatchObject({ deviceNs: 2000, bytesOut: 0 });
  expect(await counters(at50MHz, { keep: 'host', chains: 3 })).toMatchObject({ deviceNs: 3 * 27_000, bytesOut: 12 });
  expect(await counters(analogEnvelope())).not.toHaveProperty('deviceNs');
});

test('a run in two halves is the run in one, whatever was misread and however numbers are correlated', async () => {
  const envelope: Envelope = { ...at50MHz, noise: { ...at50MHz.noise, readoutFlip: 0.1 } };
  const loaded = await analogDriver(envelope).load(randomPair(1, 1), {});
  const whole = await loaded.run({ ...oneChain, chains: 4, sweeps: 30 });
  const half = await loaded.run({ ...oneChain, chains: 4, sweeps: 13, keep: 'device' });
  if (half.handle === undefined) throw new TypeError('no handle');
  const rest = await loaded.run({
    ...oneChain,
    chains: 4,
    sweeps: 17,
    sweepOffset: 13,
    start: { kind: 'resume', handle: half.handle, rows: Uint32Array.of(0, 1, 2, 3) },
  });
  expect(rest.last).toEqual(whole.last);
});
