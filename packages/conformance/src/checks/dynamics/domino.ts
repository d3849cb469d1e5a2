/** dyn.domino: deterministic fronts that show in which order spins are updated. */
import type { LoadedProbe, SpinRows } from '../../lab/loaded-probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Check, Finding } from '../check.ts';
import { describeFront, dominoStrength, drivenDomino, frontAfter } from './driven-domino.ts';

const length = 14;
const sweeps = 6;
const rows = 4;
/** Two dominoes, each in a run of 1 … 6 sweeps and in one of 6. */
const updates = 2 * rows * length * (1 + 2 + 3 + 4 + 5 + 6 + sweeps);

export const domino: Check = {
  plan: {
    id: 'dyn.domino',
    version: 1,
    row: 31,
    chapter: 'dynamics',
    title:
      'Colors are updated one after the other in the listed order: a front advances by two spins in a sweep, not by one.',
    how: 'Paths of 14 spins with strong fields and couplings, from all −1, with the driven end of the first or of the second color; the states after 1 … 6 sweeps, each of a run of its own and, where the device shows them, those of one run.',
    kind: 'near-certain',
    statistic:
      'After t sweeps the first 2t spins are up (2t − 1 if the driven end is of the second color), all others down.',
    samples:
      '4 rows in 2 · 7 runs: 3024 updates, none of which is left to chance under the fixed law; under the real law each misses with probability e^(−20), 6e-6 in all.',
    resolution: {
      quick: 'any other order of colors, simultaneous updates, a frozen spin, a sweep too many or too few',
      standard: 'the same',
      certify: 'the same',
    },
    level: 'quick',
    clauses: ['1.4', '1.5'],
    needs: ['sweeps', 'single-spin', 'given-start', 'snapshots', 'sharp-law'],
    kills: ['M04', 'M05', 'M06', 'M08', 'M09', 'M37'],
    blindTo: ['M01', 'M07', 'M15', 'M18', 'M21'],
    since: '0.1.0',
  },
  async run(c) {
    const lab = await c.open();
    const { strength } = dominoStrength(lab.profile, updates);
    const findings: Finding[] = [];
    for (const firstColor of [0, 1] as const) {
      const random = c.random(`color ${firstColor} first`);
      const loaded = await lab.loadProbe(drivenDomino(length, strength, firstColor), random);
      const given = new Int8Array(rows * length).fill(-1);
      const shows = lab.profile.readout.trace || lab.profile.readout.observables.includes('state');
      const seen = shows ? await loaded.history({ images: rows, sweeps, seed: random.bits64(), start: { given } }) : [];
      for (let t = 1; t <= sweeps; t++) {
        const name = `${t} sweep${t === 1 ? '' : 's'}, driven end of color ${firstColor}`;
        const states = await oneRun(loaded, { given, sweeps: t, random });
        findings.push(frontFinding(`${name}, in a run of its own`, states, frontAfter(t, length, firstColor)));
        const within = seen[t - 1];
        if (within !== undefined) findings.push(frontFinding(name, within, frontAfter(t, length, firstColor)));
      }
      await lab.unload(loaded.loaded);
    }
    return findings;
  },
};

const oneRun = (
  loaded: LoadedProbe,
  {
    given,
    sweeps: count,
    random,
  }: { readonly given: Int8Array; readonly sweeps: number; readonly random: RandomStream },
): Promise<SpinRows> => loaded.lastStates({ images: rows, sweeps: count, seed: random.bits64(), start: { given } });

/** The first `front` spins of every row are up and all others down; `actual` is the first row that is not so. */
export function frontFinding(name: string, { values, rows: count, spins }: SpinRows, front: number): Finding {
  const expected = Int8Array.from({ length: spins }, (_, n) => (n < front ? 1 : -1));
  const wrong = Array.from({ length: count }, (_, row) => row).find((row) =>
    expected.some((value, n) => values[row * spins + n] !== value),
  );
  return {
    name,
    ok: wrong === undefined && count > 0,
    expected: describeFront(expected, 0, spins),
    actual: describeFront(values, (wrong ?? 0) * spins, spins),
  };
}
