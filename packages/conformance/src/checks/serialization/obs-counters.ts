import { type Counters, canonicalJson } from '@isinglass/sdk';
import { anyStart } from '../../lab/uniform-start.ts';
import { gridWithin, heldSpins } from '../../probes/affordable.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { must } from '../findings.ts';
import { randomWindow, windowRun, within } from '../readout/windows.ts';
import { againstField, heldProbe, randomSigns, strongField } from '../strong-fields.ts';

/** What a run reports beside its results. */
export const obsCounters: LogicalCheck = {
  plan: {
    id: 'obs.counters',
    version: 1,
    row: 65,
    chapter: 'serialization',
    title: 'Counters and progress are sane, and the device stays the one that it was.',
    how: 'A grid of 4×4 spins, random windows, images and chains; a run in which strong fields turn every spin once, and one in which they turn none, from given states. The profile is read before and after.',
    kind: 'logical',
    statistic:
      'flips an integer from 0 to the number of updates, and exact where strong fields make it certain; times, cycles and bytes finite and not negative; progress rises, up to the number of sweeps; equal profiles',
    samples: '12 runs (48 from standard on)',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['contract: Counters', 'contract: DriverRun.onProgress', 'contract: Driver.profile'],
    needs: ['sweeps', 'single-spin'],
    kills: ['M50', 'flips-doubled'],
    blindTo: ['M01', 'M40'],
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('grid');
    const lab = await c.open();
    const { rows, columns } = gridWithin(c.profile, { rows: 4, columns: 4 });
    const before = canonicalJson(lab.driver.profile);
    const loaded = await lab.loadProbe(gridProbe(rows, columns, random), random);
    const findings: Finding[] = [];
    for (let n = 1; n <= c.byLevel({ quick: 12, standard: 48, certify: 48 }); n++) {
      const window = randomWindow(c.profile, random, 9);
      const { images, chains } = within(c.profile, { images: random.integer(1, 3), chains: random.integer(1, 3) });
      const start = anyStart(loaded, images * chains);
      const progress: number[] = [];
      const run = { ...windowRun(window), images, chains, start, seed: random.bits64() };
      const { counters } = await loaded.run({ ...run, onProgress: (done) => void progress.push(done) });
      const updates = loaded.spins * run.sweeps * images * chains;
      findings.push(...saneCounters(`run ${n}`, counters, updates), saneProgress(`run ${n}`, progress, run.sweeps));
    }
    findings.push(...(await certainFlips(c)));
    const after = canonicalJson(lab.driver.profile);
    return [...findings, must('profile after all runs', after === before, 'the same', 'another')];
  },
};

function saneCounters(name: string, counters: Counters, updates: number): readonly Finding[] {
  const { flips, saturations, bytesIn, bytesOut, deviceNs, cycles } = counters;
  const count = (what: string, value: number | undefined, most: number): readonly Finding[] => {
    if (value === undefined) return [];
    const ok = Number.isInteger(value) && value >= 0 && value <= most;
    return [must(`${name}: ${what}`, ok, `an integer from 0 to ${most}`, String(value))];
  };
  const amount = (what: string, value: number | undefined): readonly Finding[] =>
    value === undefined ? [] : [must(`${name}: ${what}`, Number.isFinite(value) && value >= 0, '≥ 0', String(value))];
  return [
    ...count('flips', flips, updates),
    ...count('saturations', saturations, Number.MAX_SAFE_INTEGER),
    ...count('bytesIn', bytesIn, Number.MAX_SAFE_INTEGER),
    ...count('bytesOut', bytesOut, Number.MAX_SAFE_INTEGER),
    ...amount('deviceNs', deviceNs),
    ...Object.entries(cycles ?? {}).flatMap(([what, value]) => amount(`cycles.${what}`, value)),
  ];
}

function saneProgress(name: string, progress: readonly number[], sweeps: number): Finding {
  const ok = progress.every(
    (done, n) => Number.isInteger(done) && done >= (progress[n - 1] ?? 0) && done >= 0 && done <= sweeps,
  );
  return must(`${name}: progress`, ok, `rises up to ${sweeps}`, progress.slice(0, 12).join(', '));
}

/** A start against strong fields turns every spin in the first sweep; a start along them turns none. */
async function certainFlips(c: CheckContext): Promise<readonly Finding[]> {
  const field = strongField(c.profile);
  if (!c.profile.init.includes('given') || againstField(field, c) > 1e-9) return [];
  const random = c.random('flips');
  const lab = await c.open();
  const spins = heldSpins(c.profile, 40);
  const signs = randomSigns(spins, random);
  const loaded = await lab.loadProbe(heldProbe(signs, field, random), random);
  const stride = c.profile.readout.strideMin;
  const findings: Finding[] = [];
  for (const [along, expected] of [
    [1, 0],
    [-1, spins],
  ] as const) {
    const given = signs.map((sign) => along * sign);
    const run = { images: 1, sweeps: 3 * stride, stride, seed: random.bits64(), start: { given } };
    const { flips } = (await loaded.run(run)).counters;
    if (flips === undefined) continue;
    findings.push(
      must(
        `flips from a start ${along > 0 ? 'along' : 'against'} the fields`,
        flips === expected,
        String(expected),
        String(flips),
      ),
    );
  }
  return findings;
}
