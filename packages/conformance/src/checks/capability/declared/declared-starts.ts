/**
 * Starts. Spins of color 0 copy those of color 1, which nothing holds: after one sweep color 0 shows how color 1 began, and color 1 is new.
 */

import type { DeviceProfile } from '@isinglass/sdk';
import type { Lab } from '../../../lab/lab.ts';
import type { LoadedProbe, ProbeRun } from '../../../lab/loaded-probe.ts';
import type { SpinRows } from '../../../lab/probe-view.ts';
import { spinSums } from '../../../lab/spin-sums.ts';
import { anyStart } from '../../../lab/uniform-start.ts';
import { affordable, storedCouplings } from '../../../probes/affordable.ts';
import type { Probe } from '../../../probes/probe.ts';
import type { RandomStream } from '../../../random/random-stream.ts';
import type { CheckContext } from '../../check-context.ts';
import { must, sameNumbers } from '../../findings.ts';
import { againstField, randomSigns, strongCoupling, strongField, votesFor } from '../../strong-fields.ts';
import type { Declared } from './declared.ts';

/** Pairs of spins of both colors, 19 where there may be as many. */
const pairsOf = (profile: DeviceProfile): number =>
  affordable(profile, 19, (n) => ({ spins: 2 * n, couplings: storedCouplings(profile, { from: n, to: n, edges: n }) }));

/** Spin n of color 0 copies spin n of color 1, which follow after; `fields` of both. */
function copyOfStart(strength: number, fields: readonly number[]): Probe {
  const pairs = fields.length / 2;
  const list = Array.from({ length: pairs }, (_, n) => n);
  return {
    name: 'copies of a start',
    colors: [...list.map(() => 0 as const), ...list.map(() => 1 as const)],
    edges: list.map((n) => ({ a: n, b: pairs + n, w: 1 })),
    pinned: 0,
    pinnedEdges: [],
    scale: strength,
    fields,
  };
}

async function loadCopies(c: CheckContext, lab: Lab, random: RandomStream, fields?: readonly number[]) {
  const probe = copyOfStart(strongCoupling(c.profile), fields ?? new Array<number>(2 * pairsOf(c.profile)).fill(0));
  return lab.loadProbe(probe, random);
}

/** What color 0 shows after one sweep of every image. */
async function firstColor(loaded: LoadedProbe, o: Parameters<typeof spinSums>[1]): Promise<Int8Array> {
  const sums = await spinSums(loaded, o);
  const pairs = loaded.spins / 2;
  return Int8Array.from({ length: o.images * pairs }, (_, n) =>
    Math.sign(sums[Math.floor(n / pairs) * 2 * pairs + (n % pairs)] as number),
  );
}

/** Signs by majority over the rows of images that all begin alike. */
function majorityOf(values: Int8Array, images: number): Int8Array {
  const pairs = values.length / images;
  const totals = new Int32Array(pairs);
  for (let n = 0; n < images * pairs; n++) totals[n % pairs] = (totals[n % pairs] as number) + (values[n] as number);
  return Int8Array.from(totals, Math.sign);
}

const oneSweep = { sweeps: 1, burnIn: 0, stride: 1 } as const;
const showsOneSweep = ({ readout }: CheckContext['profile']): boolean =>
  readout.strideMin === 1 && (readout.trace || readout.observables.some((each) => each !== 'conditional-sum'));

export const declaredStarts: readonly Declared[] = [
  {
    feature: 'init given',
    isDeclared: (profile) => profile.init.includes('given') && showsOneSweep(profile),
    async answer(c, lab, random) {
      const loaded = await loadCopies(c, lab, random);
      const pairs = pairsOf(c.profile);
      const images = votesFor(pairs, strongCoupling(c.profile), c);
      const state = randomSigns(2 * pairs, random);
      const given = Int8Array.from({ length: images * 2 * pairs }, (_, n) => state[n % (2 * pairs)] as number);
      const seen = await firstColor(loaded, { ...oneSweep, images, seed: random.bits64(), start: { given } });
      return [sameNumbers('one sweep shows what was given', state.slice(pairs), majorityOf(seen, images))];
    },
  },
  {
    feature: 'init random',
    isDeclared: (profile) => profile.init.includes('random') && showsOneSweep(profile),
    async answer(c, lab, random) {
      const loaded = await loadCopies(c, lab, random);
      const seen = await firstColor(loaded, { ...oneSweep, images: 64, seed: random.bits64(), start: 'random' });
      const pairs = loaded.spins / 2;
      const stuck = Array.from({ length: pairs }, (_, spin) => {
        const values = Array.from({ length: 64 }, (_, image) => seen[image * pairs + spin]);
        return values.every((value) => value === values[0]);
      });
      // A fair coin shows one side 64 times with probability 2^−63.
      const count = stuck.filter(Boolean).length;
      return [
        must('every spin begins up and down', count === 0, 'both values in 64 images', `${count} spins show one`),
      ];
    },
  },
  {
    feature: 'init feed-forward',
    isDeclared: (profile) => profile.init.includes('feed-forward') && showsOneSweep(profile),
    async answer(c, lab, random) {
      // Color 0 starts as its own weak field says, color 1 copies that; color 0 then copies color 1 against nothing but that field.
      const strength = strongCoupling(c.profile);
      const weak = Math.min(strongField(c.profile), strength / 4);
      const pairs = pairsOf(c.profile);
      const signs = randomSigns(pairs, random);
      const fields = [...Array.from(signs, (sign) => sign * weak), ...new Array<number>(pairs).fill(0)];
      const loaded = await loadCopies(c, lab, random, fields);
      const images = votesFor(pairs, strength, c);
      const seen = await firstColor(loaded, { ...oneSweep, images, seed: random.bits64(), start: 'feed-forward' });
      return [sameNumbers('one sweep keeps the feed-forward signs', signs, majorityOf(seen, images))];
    },
  },
  {
    feature: 'init resume',
    isDeclared: (profile) => profile.init.includes('resume') && showsOneSweep(profile),
    async answer(c, lab, random) {
      const loaded = await loadCopies(c, lab, random);
      const images = Math.min(5, loaded.rowsPerRun());
      const first = { seed: random.bits64(), start: anyStart(loaded, images), keep: 'device' as const };
      const run = { ...oneSweep, images, ...first };
      const [before, handle] = await loadedStates(loaded, run);
      if (handle === undefined) return [must('a handle is given', false, 'result.handle', 'nothing')];
      // Rows may be taken in any order, and more than once.
      const rows = Uint32Array.from({ length: images }, () => random.integer(0, images - 1));
      const start = { kind: 'resume', handle, rows } as const;
      const [after] = await loadedStates(loaded, { ...oneSweep, images, seed: random.bits64(), start });
      handle.release();
      const pairs = loaded.spins / 2;
      const expected = Array.from({ length: images * pairs }, (_, n) => {
        const row = rows[Math.floor(n / pairs)] as number;
        return before[row * 2 * pairs + pairs + (n % pairs)] as number;
      });
      const seen = expected.map((_, n) => after[Math.floor(n / pairs) * 2 * pairs + (n % pairs)] as number);
      return isCertain(c)
        ? [sameNumbers('one sweep shows the kept states', expected, seen)]
        : [must('one sweep shows most of the kept states', agreement(expected, seen) > 0.8, '80 % at least', 'less')];
    },
  },
];

const isCertain = (c: CheckContext): boolean => againstField(strongCoupling(c.profile), c) < 1e-6;

const agreement = (a: readonly number[], b: readonly number[]): number =>
  a.filter((value, n) => value === b[n]).length / a.length;

/** States after one sweep, images × spins, and the handle of what the device keeps. */
async function loadedStates(loaded: LoadedProbe, o: ProbeRun & { readonly images: number }) {
  const observable = loaded.lab.profile.readout.observables.find((each) => each !== 'conditional-sum');
  let traced: Int8Array | undefined;
  const result = await loaded.run({
    ...o,
    ...(observable === undefined
      ? {
          trace(sweep: number, { values }: SpinRows) {
            if (sweep === 1) traced = values;
          },
        }
      : { observable }),
  });
  if (observable === 'spin-sum') return [loaded.sumsOf(result, o.images), result.handle] as const;
  const states = traced ?? loaded.statesOf(result, o.images, 0, 1).values;
  return [states, result.handle] as const;
}
