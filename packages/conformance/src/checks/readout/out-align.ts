import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { spinSums } from '../../lab/spin-sums.ts';
import { affordable, storedCouplings } from '../../probes/affordable.ts';
import { dominoProbe } from '../../probes/graphs.ts';
import { type Finding, type LogicalCheck, TooFewSamples } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { sameNumbers } from '../findings.ts';
import { againstField, strongCoupling, strongField } from '../strong-fields.ts';
import { randomWindow, sweepsOf, type Window, windowRun } from './windows.ts';

const lengthWanted = 24;

/** Of one run that may go wrong. */
const updatesMost = 500;

/** 24 spins and a pinned one, where there may be as many. */
const lengthWithin = ({ profile }: CheckContext): number =>
  affordable(profile, lengthWanted, (n) => ({
    spins: n + 1,
    couplings: storedCouplings(profile, { from: n / 2, to: n / 2, edges: n - 1 }) + n,
  }));

/** Which sweeps a window holds, to the sweep. */
export const outAlign: LogicalCheck = {
  plan: {
    id: 'out.align',
    version: 1,
    row: 41,
    chapter: 'readout',
    title: 'Windows begin and end on the specified sweeps.',
    how: 'A row of dominoes of 24 spins, all down, that a pinned spin topples: spin i comes up in sweep ⌊i/2⌋ + 1. Random windows of up to 9 samples; images whose pin is down stand still.',
    kind: 'near-certain',
    statistic: 'the sum of spin i is the number of retained sweeps from ⌊i/2⌋ + 1 on less those before',
    samples:
      '12 windows (48 from standard on), 2 images each; at β·J = 8 at most 500 updates per run go wrong with probability 6e-5 in all',
    resolution: { quick: 'any shift of a window by one sweep', standard: 'the same', certify: 'the same' },
    level: 'quick',
    clauses: ['1.5', '1.7', '2.1'],
    needs: ['sweeps', 'single-spin', 'pins', 'given-start', 'snapshots', 'sharp-law'],
    kills: ['M06', 'M37', 'M39', 'M40'],
    blindTo: ['M01', 'M21'],
    conservative: 'digital devices have no wrong updates at all under the fixed law',
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('dominoes');
    const lab = await c.open();
    const strength = Math.min(strongCoupling(c.profile), strongField(c.profile));
    const length = lengthWithin(c);
    if (updatesMost * againstField(strength, c) > 1e-3) {
      throw new TooFewSamples(`dominoes of strength ${strength} do not fall for certain`);
    }
    const loaded = await lab.loadProbe(dominoProbe(length, strength), random);
    const findings: Finding[] = [];
    for (let n = 1; n <= c.byLevel({ quick: 12, standard: 48, certify: 48 }); n++) {
      const window = randomWindow(c.profile, random, 9);
      const run = { ...windowRun(window), seed: random.bits64() };
      const name = `burn-in ${window.burnIn}, stride ${window.stride}, ${sweepsOf(window)} sweeps`;
      findings.push(
        sameNumbers(name, [...toppled(window, length), ...standing(window, length)], await topple(loaded, run)),
      );
    }
    return findings;
  },
};

/** Sums of two images: the first with its pin up, the second with its pin down. */
async function topple(
  loaded: LoadedProbe,
  run: { readonly sweeps: number; readonly burnIn: number; readonly stride: number; readonly seed: bigint },
): Promise<Int32Array> {
  const given = new Int8Array(2 * loaded.spins).fill(-1);
  return spinSums(loaded, { ...run, images: 2, pinned: Int8Array.of(1, -1), start: { given } });
}

function toppled({ burnIn, stride, kept }: Window, length: number): number[] {
  const retained = Array.from({ length: kept }, (_, k) => burnIn + (k + 1) * stride);
  return Array.from({ length }, (_, spin) => {
    const arrival = Math.floor(spin / 2) + 1;
    return retained.reduce((sum, sweep) => sum + (sweep >= arrival ? 1 : -1), 0);
  });
}

/** Nothing moves but the last spin, whose neighbour is down and which has no field: it stays down, too. */
const standing = ({ kept }: Window, length: number): number[] => new Array<number>(length).fill(-kept);
