/** dyn.frozen: no spin is stuck. */
import { coinProbe } from '../../probes/graphs.ts';
import type { Check, Finding } from '../check.ts';
import { countUps } from '../distribution/single-spins.ts';

const sweeps = 64;
const spinsWanted = 512;
/** Spins that a finding names. */
const namedMax = 8;

export const frozen: Check = {
  plan: {
    id: 'dyn.frozen',
    version: 1,
    row: 33,
    chapter: 'dynamics',
    title: 'Every free spin takes both values in zero field.',
    how: '512 spins (or as many as the device has) with neither couplings nor fields, 64 updates of each, on one load and again on another with other places.',
    kind: 'near-certain',
    statistic: 'No spin was up, or down, in all 64 updates.',
    samples:
      '2 · 512 spins: all 64 alike with probability 1024 · 2^−63 = 1.1e-16; for a probability of 0.5 ± 0.05, 1e-14.',
    resolution: {
      quick: 'any spin of the 512 that is stuck at one value',
      standard: 'the same',
      certify: 'the same',
    },
    level: 'quick',
    clauses: ['1.3', '1.5'],
    needs: ['single-spin', 'snapshots'],
    kills: ['M09'],
    blindTo: ['M01', 'M04', 'M05', 'M10', 'M21'],
    since: '0.1.0',
  },
  async run(c) {
    const lab = await c.open();
    const { max } = lab.profile.spins;
    const spins = typeof max === 'number' ? Math.min(spinsWanted, max) : spinsWanted;
    const findings: Finding[] = [];
    for (const load of [1, 2]) {
      const random = c.random(`load ${load}`);
      const loaded = await lab.loadProbe(coinProbe(spins), random);
      const { updates, ups } = await countUps(loaded, { updates: sweeps, random: random.fork('runs') });
      await lab.unload(loaded.loaded);
      const stuck = [...ups.keys()].filter((spin) => ups[spin] === 0 || ups[spin] === updates);
      const places = stuck.slice(0, namedMax).map((spin) => loaded.disguise.place[spin]);
      findings.push({
        name: `load ${load}: ${spins} spins, ${updates} updates each`,
        ok: stuck.length === 0,
        expected: 'no spin is stuck',
        actual:
          stuck.length === 0 ? 'none' : `${stuck.length} stuck, among them those at ${places.join(', ')} of their bank`,
      });
    }
    return findings;
  },
};
