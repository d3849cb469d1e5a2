/** Observables, signs, traces, kept states: each shows the pattern that strong fields hold. */
import type { Observable } from '@isinglass/sdk';
import { anyStart } from '../../../lab/uniform-start.ts';
import type { RandomStream } from '../../../random/random-stream.ts';
import type { CheckContext } from '../../check-context.ts';
import { allOf, must, sameNumbers } from '../../findings.ts';
import { type HeldPattern, loadHeldPattern } from '../../held-pattern.ts';
import { againstField, strongField } from '../../strong-fields.ts';
import type { Declared } from './declared.ts';

const kept = 9;
const imagesWanted = 2;

function runOf(c: CheckContext, { loaded }: HeldPattern, random: RandomStream) {
  const stride = c.profile.readout.strideMin;
  const images = Math.min(imagesWanted, loaded.rowsPerRun());
  return { images, sweeps: kept * stride, stride, seed: random.bits64(), start: anyStart(loaded, images) } as const;
}

/** The pattern of each image, `times` as large. */
const imagesOf = ({ signs, loaded }: HeldPattern, times: number): number[] =>
  Array.from({ length: Math.min(imagesWanted, loaded.rowsPerRun()) }, () =>
    Array.from(signs, (sign) => sign * times),
  ).flat();

/** A device whose single updates are certain shows exact sums; any other its majority. */
const isCertain = (c: CheckContext): boolean => againstField(strongField(c.profile), c) < 1e-9;

const sums = (observable: Exclude<Observable, 'state'>, unit: number): Declared => ({
  feature: observable,
  isDeclared: ({ readout }) => readout.observables.includes(observable),
  async answer(c, lab, random) {
    const pattern = await loadHeldPattern(c, lab, random);
    const run = runOf(c, pattern, random);
    const seen = pattern.loaded.sumsOf(await pattern.loaded.run({ ...run, observable }), run.images);
    if (isCertain(c)) return [sameNumbers(`sums over ${kept} sweeps`, imagesOf(pattern, kept * unit), seen)];
    return [sameNumbers(`signs of sums over ${kept} sweeps`, imagesOf(pattern, 1), Int8Array.from(seen, Math.sign))];
  },
});

/** Rows of ±1 whose sum over rows has the sign of the pattern, per image. */
function majority(rows: readonly Int8Array[]): Int8Array {
  const total = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) for (const [n, value] of row.entries()) total[n] = (total[n] as number) + value;
  return Int8Array.from(total, Math.sign);
}

export const declaredReadouts: readonly Declared[] = [
  sums('spin-sum', 1),
  sums('conditional-sum', 65536),
  {
    feature: 'state',
    isDeclared: ({ readout }) => readout.observables.includes('state'),
    async answer(c, lab, random) {
      const pattern = await loadHeldPattern(c, lab, random);
      const { loaded } = pattern;
      const run = runOf(c, pattern, random);
      const result = await loaded.run({ ...run, observable: 'state' });
      const states = Array.from({ length: kept }, (_, k) => loaded.statesOf(result, run.images, k, kept).values);
      return [sameNumbers(`majority of ${kept} states`, imagesOf(pattern, 1), majority(states))];
    },
  },
  {
    feature: 'signs',
    isDeclared: ({ readout }) => readout.signs,
    async answer(c, lab, random) {
      const pattern = await loadHeldPattern(c, lab, random);
      const { loaded } = pattern;
      const run = runOf(c, pattern, random);
      const observable = c.profile.readout.observables.find((each) => each !== 'state');
      if (observable === undefined) return [{ name: 'no observable has signs', ok: true }];
      const result = await loaded.run({ ...run, observable, as: 'signs' });
      return [sameNumbers('signs of sums', imagesOf(pattern, 1), loaded.signsOf(result, run.images))];
    },
  },
  {
    feature: 'trace',
    isDeclared: ({ readout }) => readout.trace,
    async answer(c, lab, random) {
      const pattern = await loadHeldPattern(c, lab, random);
      const run = runOf(c, pattern, random);
      const sweeps: number[] = [];
      const states: Int8Array[] = [];
      await pattern.loaded.run({
        ...run,
        trace: (sweep, { values }) => {
          sweeps.push(sweep);
          if (sweep > 0) states.push(values);
        },
      });
      const expected = Array.from({ length: run.sweeps + 1 }, (_, sweep) => sweep);
      return [
        sameNumbers('the listener hears of sweep 0 and every sweep, in order', expected, sweeps),
        sameNumbers('majority of traced states', imagesOf(pattern, 1), majority(states)),
      ];
    },
  },
  {
    feature: 'keep: host',
    isDeclared: () => true,
    async answer(c, lab, random) {
      const pattern = await loadHeldPattern(c, lab, random);
      const { loaded, votes } = pattern;
      const states: Int8Array[] = [];
      for (let n = 0; n < votes; n++) {
        const { last } = await loaded.run({ ...runOf(c, pattern, random), keep: 'host' });
        if (last === undefined) return [must('the last state is kept', false, 'result.last', 'nothing')];
        states.push(loaded.fromBanks(last).values);
      }
      return [allOf('last states', [sameNumbers('majority', imagesOf(pattern, 1), majority(states))])];
    },
  },
];
