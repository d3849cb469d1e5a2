/** dyn.domino: deterministic fronts that show in which order spins are updated. */

import type { Lab } from '../../lab/lab.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import type { Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { type Check, type Finding, TooFewSamples } from '../check.ts';
import { showsEverySweep } from '../distribution/consecutive-states.ts';
import { spinsWithin } from '../distribution/probe-size.ts';
import { describeFront, dominoStrength, drivenDomino, frontAfter, pinnedDomino } from './driven-domino.ts';

const lengthWanted = 14;
/** Pinned spins of the domino with pins, and free ones beside them. */
const besides = 6;
const sweeps = 6;
const rowsWanted = 3;
/** Three dominoes, each in a run of 1 … 6 sweeps and in one of 6. */
/** The domino with pins has four spins more. */
const updates = rowsWanted * (3 * lengthWanted + 4) * (1 + 2 + 3 + 4 + 5 + 6 + sweeps);

export const domino: Check = {
  plan: {
    id: 'dyn.domino',
    version: 1,
    row: 31,
    chapter: 'dynamics',
    title:
      'Colors are updated one after the other in the listed order: a front advances by two spins in a sweep, not by one.',
    how: 'Paths of 14 spins with strong fields and couplings, from all −1, with the driven end of the first or of the second color, and with an end that two pinned spins drive whose other neighbours stay down (where pins hold for certain); the states after 1 (or the device’s shortest stride) … 6 sweeps, each of a run of its own and, where the device shows them, those of one run.',
    kind: 'near-certain',
    statistic:
      'After t sweeps the first 2t spins are up (2t − 1 if the driven end is of the second color), all others down.',
    samples:
      '3 rows in 3 · 7 runs: 3726 updates, none of which is left to chance under the fixed law; under the real law each misses with probability e^(−20), 7.7e-6 in all.',
    resolution: {
      quick: 'any other order of colors, simultaneous updates, a frozen spin, a sweep too many or too few',
      standard: 'the same',
      certify: 'the same',
    },
    level: 'quick',
    clauses: ['1.4', '1.5'],
    needs: ['sweeps', 'single-spin', 'given-start', 'snapshots', 'sharp-law'],
    kills: ['M04', 'M05', 'M06', 'M08', 'M09', 'M33', 'M37'],
    blindTo: ['M01', 'M07', 'M15', 'M18', 'M21'],
    since: '0.1.0',
  },
  async run(c) {
    const lab = await c.open();
    const { strength } = dominoStrength(lab.profile, updates);
    const length = spinsWithin(lab.profile, lengthWanted);
    const pinnedLength = Math.max(1, spinsWithin(lab.profile, lengthWanted + besides) - besides);
    const variants: readonly Variant[] = [
      { name: 'driven end of color 0', probe: drivenDomino(length, strength, 0), length, firstColor: 0 },
      { name: 'driven end of color 1', probe: drivenDomino(length, strength, 1), length, firstColor: 1 },
      ...(lab.profile.pins.kind === 'strong-field'
        ? []
        : [
            {
              name: 'driven by pins',
              probe: pinnedDomino(pinnedLength, strength),
              length: pinnedLength,
              firstColor: 0,
            } as const,
          ]),
    ];
    const findings: Finding[] = [];
    for (const variant of variants) findings.push(...(await fronts(lab, variant, c.random(variant.name))));
    return findings;
  },
};

interface Variant {
  readonly name: string;
  readonly probe: Probe;
  /** Spins of the path. */
  readonly length: number;
  readonly firstColor: 0 | 1;
}

async function fronts(
  lab: Lab,
  { name, probe, length, firstColor }: Variant,
  random: RandomStream,
): Promise<readonly Finding[]> {
  const loaded = await lab.loadProbe(probe, random);
  const rows = Math.min(rowsWanted, loaded.rowsPerRun());
  const start = { given: new Int8Array(rows * loaded.spins).fill(-1) };
  const pinned = new Int8Array(rows * probe.pinned).fill(1);
  const run = (count: number) => ({ images: rows, sweeps: count, seed: random.bits64(), start, pinned });
  const seen = showsEverySweep(lab.profile) ? await loaded.history(run(sweeps)) : [];
  const { strideMin } = lab.profile.readout;
  if (strideMin > sweeps) throw new TooFewSamples(`the device retains no sample of a run of ${sweeps} sweeps`);
  const findings: Finding[] = [];
  for (let t = strideMin; t <= sweeps; t++) {
    const after = `${t} sweep${t === 1 ? '' : 's'}, ${name}`;
    const front = frontAfter(t, length, firstColor);
    findings.push(frontFinding(`${after}, in a run of its own`, await loaded.lastStates(run(t)), front));
    const within = seen[t - 1];
    if (within !== undefined) findings.push(frontFinding(after, within, front));
  }
  await lab.unload(loaded.loaded);
  return findings;
}

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
