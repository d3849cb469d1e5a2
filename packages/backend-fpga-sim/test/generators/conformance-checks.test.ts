/**
 * Each biased generator beside the checks of the conformance suite that find it, and sound ones beside the same checks. docs/devices.md section 8 has whole runs of the suite.
 *
 * Fresh seeds where power is 1. Bits of a register of n bits have a linear complexity of at most n + 1 (`rng.complexity` wants 984). Spins that are updated together from
 * one word have the same bits for ever (`chain.distinct`). Numbers of 4 bits are at least 1/32, so that a spin whose p is below is never up: at the field −1.87 some 760 ups of
 * 32,768 updates are missing (`pin.transfer`). Elsewhere power depends on the couplings that are drawn and is not proved: one seed, fixed beforehand. A sound generator fails a
 * check of fresh seed with 10⁻⁶.
 */
import { type CaseRecord, randomSeed, runSuite } from '@isinglass/conformance';
import { silentLogger } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { type GeneratorKind, generatorEntry, generatorKinds } from '../../src/generators/catalogue.ts';
import fpgaSim from '../../src/index.ts';
import { smallMachine } from './small-machines.ts';

const fixedSeed = 0x20261124n;

interface Killer {
  readonly check: string;
  readonly seed: 'fresh' | 'fixed';
}

const complexity: Killer = { check: 'rng.complexity', seed: 'fresh' };
const equalTimes: Killer = { check: 'dyn.equal-time', seed: 'fixed' };

const killers: Readonly<Partial<Record<GeneratorKind, readonly Killer[]>>> = {
  'lfsr32-leap1': [equalTimes, complexity],
  'lfsr32-leap2': [equalTimes, complexity],
  'lfsr32-seeds': [equalTimes, complexity],
  'lfsr32-rotations': [equalTimes, complexity],
  'xoshiro128p-low': [{ check: 'pin.transfer', seed: 'fresh' }],
  'shared-word': [{ check: 'chain.distinct', seed: 'fresh' }],
  // Sound enough to sample with, and a short register all the same.
  xorshift32: [complexity],
  lfsr32: [complexity],
};

const checks = [...new Set(Object.values(killers).flatMap((each) => each.map(({ check }) => check)))];

async function verdicts(generator: GeneratorKind, only: string, seed: bigint): Promise<readonly CaseRecord[]> {
  const device = smallMachine('lane', generator);
  const provider = {
    create: ({ signal }: { readonly signal: AbortSignal }) => fpgaSim.open(device, { logger: silentLogger, signal }),
  };
  return (await runSuite({ provider, level: 'quick', seed, only })).cases;
}

test('every biased generator is found by a check', () => {
  const biased = generatorKinds.filter((kind) => generatorEntry(kind).verdict === 'biased');
  expect(biased.filter((kind) => killers[kind] === undefined)).toEqual([]);
});

describe.each(Object.entries(killers) as [GeneratorKind, readonly Killer[]][])('%s', (generator, found) => {
  test.each(found)('fails $check, seed $seed', async ({ check, seed: kind }) => {
    const seed = kind === 'fixed' ? fixedSeed : randomSeed();
    const [record] = await verdicts(generator, check, seed);
    expect({ seed, verdict: record?.verdict, errors: record?.errors }).toEqual({ seed, verdict: 'fail', errors: [] });
  });
});

// With philox the lane engine passes them among all checks: conformance.test.ts.
test.each(['xoshiro128pp', 'xoshiro128p', 'xorshift32', 'lfsr32'] as const)(
  '%s passes those that it is not said to fail',
  async (generator) => {
    const seed = randomSeed();
    const others = checks.filter((check) => !killers[generator]?.some((killer) => killer.check === check));
    expect(generatorEntry(generator).verdict).toBe('sound');
    const against = (await verdicts(generator, others.join(), seed)).filter(({ verdict }) => verdict !== 'pass');
    expect({ seed, against }).toEqual({ seed, against: [] });
  },
);
