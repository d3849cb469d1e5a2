import type { DriverResult } from '@isinglass/sdk';
import { unpackSpins } from '@isinglass/sdk';
import { anyStart } from '../../lab/uniform-start.ts';
import { gridWithin } from '../../probes/affordable.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import { sameNumbers } from '../findings.ts';
import { randomWindow, windowRun, within } from './windows.ts';

/** Signs are those of the sums beside them. */
export const outSign: LogicalCheck = {
  plan: {
    id: 'out.sign',
    version: 1,
    row: 42,
    chapter: 'readout',
    title: 'Signs are the signs of the sums of the same run, and a sum of zero has the sign of the tie.',
    how: 'A grid of 4×4 spins in weak fields, random windows of up to 4 samples so that zeros are common, both ties, sums and signs in one run, for every observable that has signs.',
    kind: 'logical',
    statistic: 'sign = +1 where sum > 0, −1 where sum < 0, tie where sum = 0',
    samples: '24 runs (96 from standard on) of up to 3 images and 2 chains',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['1.1', '2.2', '2.6'],
    needs: ['sweeps', 'single-spin', 'signs'],
    kills: ['M41'],
    blindTo: ['M40', 'M42'],
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('grid');
    const lab = await c.open();
    const { rows, columns } = gridWithin(c.profile, { rows: 4, columns: 4 });
    const probe = gridProbe(rows, columns, random);
    const loaded = await lab.loadProbe({ ...probe, fields: probe.fields.map((h) => h / 4) }, random);
    const summed = c.profile.readout.observables.filter((each) => each !== 'state');
    if (summed.length === 0) return [{ name: 'the device has no sums, so no signs', ok: true }];
    const findings: Finding[] = [];
    for (let n = 1; n <= c.byLevel({ quick: 24, standard: 96, certify: 96 }); n++) {
      const window = randomWindow(c.profile, random, 4);
      const { images, chains } = within(c.profile, { images: random.integer(1, 3), chains: random.integer(1, 2) });
      const start = anyStart(loaded, images * chains);
      const tie = random.sign();
      for (const observable of summed) {
        const run = { ...windowRun(window), images, chains, seed: random.bits64(), start, tie, observable };
        const result = await loaded.run({ ...run, as: 'both' });
        findings.push(...signsOfSums(`run ${n}, ${observable}, tie ${tie}`, result, tie));
      }
    }
    return findings;
  },
};

/** In the device's own order and signs: the tie is theirs. */
function signsOfSums(name: string, { readouts }: DriverResult, tie: 1 | -1): readonly Finding[] {
  return readouts.map(({ sums, signs }, n) => {
    const expected = Array.from(sums ?? [], (sum) => (sum === 0 ? tie : Math.sign(sum)));
    return sameNumbers(`${name}, readout ${n}`, expected, signs === undefined ? [] : unpackSpins(signs));
  });
}
