/** Devices of the real law may draw with more bits than the 16 of semantics 5: an analog comparator has no bits at all. */
import { expect, test } from 'vitest';
import { realConstants } from '../../oracle/block-constants.ts';
import { MachineDriver } from '../../oracle/machine/machine-driver.ts';
import { machineProfile } from '../../oracle/machine/machine-profile.ts';
import type { PrepareBlock } from '../../oracle/machine/sampler.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { caseVerdict } from '../case-verdict.ts';
import { lawExtremes } from './law-extremes.ts';

const { features } = machineProfile();
const profile = machineProfile({
  law: ['real'],
  determinism: 'statistical',
  features: features.filter((feature) => feature !== 'fixed'),
});

/** Spins without couplings, drawn with 53 bits; `steepness` 1 is right. */
const continuous = (steepness: number): PrepareBlock => {
  let opened = 0;
  return (_, structure) => (run, rows) => {
    const { beta, h } = realConstants(structure, run.gains);
    const random = new RandomStream(run.seed, `comparator ${opened++}`);
    const free = structure.colors.flat();
    const draw = (row: number, up: (spin: number) => number): number => {
      let flips = 0;
      for (const spin of free) {
        const at = row * structure.spins + spin;
        const next = random.uniform() < up(spin) ? 1 : -1;
        if (rows.states[at] !== next) flips++;
        rows.states[at] = next;
      }
      return flips;
    };
    return {
      begin: () => {
        for (let row = 0; row < rows.count; row++) draw(row, () => 0.5);
      },
      rowsAtOnce: 1,
      sweepRows: (first) => draw(first, (spin) => 1 / (1 + Math.exp(-2 * steepness * beta * (h[spin] as number)))),
    };
  };
};

// The healthy device fails with probability below 10⁻⁵; β half as large makes |βf| = 6.5 a field of 3.25, 1,500 times as often crossed.
test.each([
  ['the right β', 1, 'pass'],
  ['half of β', 0.5, 'fail'],
] as const)('a comparator of 53 bits under %s', { timeout: 60_000 }, async (_, steepness, verdict) => {
  const create = () => new MachineDriver({ profile, prepare: continuous(steepness) });
  const record = await caseVerdict(lawExtremes, create, { seed: 5n });
  expect(record.verdict, record.reason).toBe(verdict);
});
