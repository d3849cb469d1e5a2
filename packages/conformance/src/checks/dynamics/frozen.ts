/** dyn.frozen: no spin is stuck. */

import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { spinSums } from '../../lab/spin-sums.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import { coinProbe } from '../../probes/graphs.ts';
import type { Check, Finding } from '../check.ts';
import { showsEverySweep } from '../distribution/consecutive-states.ts';

const samples = 64;
const rowsWanted = 2;
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
    how: '512 spins (or as many as the device has) with neither couplings nor fields, 64 updates of each in two rows, by sums and, where the device shows them, by states; on one load and again on another with other places.',
    kind: 'near-certain',
    statistic:
      'No spin of a row was up, or down, in all 64 updates; sums are not all the same, as those of means without samples would be.',
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
      const stride = lab.profile.readout.strideMin;
      const rows = Math.min(rowsWanted, loaded.rowsPerRun());
      const run = {
        images: rows,
        sweeps: samples * stride,
        stride,
        seed: random.bits64(),
        start: anyStart(loaded, rows),
      };
      const sums = await spinSums(loaded, run);
      findings.push(
        stuckFinding(`load ${load}, by sums of ${samples} samples`, { sums, samples, loaded }),
        spreadFinding(load, sums),
      );
      if (showsEverySweep(lab.profile)) {
        const states = await loaded.history({ ...run, seed: random.bits64() });
        const ups = new Int32Array(rows * spins);
        for (const { values } of states) for (const [n, value] of values.entries()) ups[n] = (ups[n] as number) + value;
        findings.push(
          stuckFinding(`load ${load}, by ${states.length} states`, { sums: ups, samples: states.length, loaded }),
        );
      }
      await lab.unload(loaded.loaded);
    }
    return findings;
  },
};

/** No spin of any row has a sum of ± the number of samples. */
function stuckFinding(
  name: string,
  {
    sums,
    samples: count,
    loaded,
  }: { readonly sums: Int32Array; readonly samples: number; readonly loaded: LoadedProbe },
): Finding {
  const { disguise, spins } = loaded;
  const stuck = new Set([...sums.keys()].filter((n) => Math.abs(sums[n] as number) === count).map((n) => n % spins));
  const places = [...stuck].slice(0, namedMax).map((spin) => disguise.place[spin]);
  return {
    name: `${name}: ${spins} spins`,
    ok: stuck.size === 0 && sums.length > 0 && sums.length % spins === 0,
    expected: 'no spin is stuck',
    actual: stuck.size === 0 ? 'none' : `${stuck.size} stuck, among them those at ${places.join(', ')} of their bank`,
  };
}

/** Sums of that many coins are not all the same. */
function spreadFinding(load: number, sums: Int32Array): Finding {
  const different = new Set(sums).size;
  return {
    name: `load ${load}: sums differ from spin to spin`,
    ok: different > 1 || sums.length < spinsWanted,
    expected: 'more than one value',
    actual: `${different} ${different === 1 ? 'value' : 'values'} in ${sums.length} sums`,
  };
}
