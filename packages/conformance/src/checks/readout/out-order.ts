import { anyStart } from '../../lab/uniform-start.ts';
import { copiedSpins } from '../../probes/affordable.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import { sameNumbers } from '../findings.ts';
import { copyProbe, heldProbe, strongCoupling, strongField, votesFor } from '../strong-fields.ts';
import { type Reading, readings } from './readings.ts';

/** Values are read at the place that they belong to. */
export const outOrder: LogicalCheck = {
  plan: {
    id: 'out.order',
    version: 1,
    row: 43,
    chapter: 'readout',
    title: 'Spin i of a readout is spin i of the program, in every image and every way of reading.',
    how: 'Spins that are held at the bits of their own number, one program for each bit; spins that copy pins which show the bits of image and spin numbers. Read by every observable, by signs, as kept states, by trace.',
    kind: 'near-certain',
    statistic: 'every reading shows every code, by majority of runs',
    samples: '⌈log2 n⌉ programs for n = 83 spins (311 from standard on), 8 images',
    resolution: { quick: 'any two spins or images exchanged', standard: 'the same', certify: 'the same' },
    level: 'quick',
    clauses: ['1.1', '1.4', '1.9', '2.6'],
    needs: ['single-spin', 'pins'],
    kills: ['M35', 'M45'],
    blindTo: ['M01', 'M40'],
    conservative: 'a right device misses with probability below 2e-5',
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('codes');
    const lab = await c.open();
    const spins = copiedSpins(c.profile, c.byLevel({ quick: 83, standard: 311, certify: 311 }));
    const stride = c.profile.readout.strideMin;
    const findings: Finding[] = [];
    const votesByField = votesFor(spins, strongField(c.profile), c);
    for (let bit = 0; 2 ** bit < spins; bit++) {
      const code = Int8Array.from({ length: spins }, (_, n) => ((n >>> bit) & 1 ? 1 : -1));
      const loaded = await lab.loadProbe(heldProbe(code, strongField(c.profile), random), random);
      const seen = await majorityOfReadings(votesByField, () =>
        readings(loaded, { images: 1, sweeps: stride, stride, seed: random.bits64(), start: anyStart(loaded, 1) }),
      );
      for (const { way, values } of seen) findings.push(sameNumbers(`bit ${bit} by fields, ${way}`, code, values));
      await lab.unload(loaded.loaded);
    }
    const loaded = await lab.loadProbe(copyProbe(spins, strongCoupling(c.profile), random), random);
    const images = Math.min(8, loaded.rowsPerRun());
    const votesByPins = votesFor(spins * images, strongCoupling(c.profile), c);
    for (let bit = 0; 2 ** bit < spins; bit++) {
      // Spin n of image m shows a bit of n, or of m where bits of m remain, so that neither can be exchanged unseen.
      const pinned = Int8Array.from({ length: images * spins }, (_, at) => {
        const [image, spin] = [Math.floor(at / spins), at % spins];
        return (((spin >>> bit) ^ (image >>> (bit % 3))) & 1) === 1 ? 1 : -1;
      });
      const start = anyStart(loaded, images);
      const seen = await majorityOfReadings(votesByPins, () =>
        readings(loaded, { images, sweeps: stride, stride, seed: random.bits64(), start, pinned }),
      );
      for (const { way, values } of seen) findings.push(sameNumbers(`bit ${bit} by pins, ${way}`, pinned, values));
    }
    return findings;
  },
};

/** Each way of reading, by majority over so many runs. */
async function majorityOfReadings(
  votes: number,
  read: () => Promise<readonly Reading[]>,
): Promise<readonly { readonly way: string; readonly values: Int8Array }[]> {
  const totals = new Map<string, Float64Array>();
  for (let n = 0; n < votes; n++) {
    for (const { way, values } of await read()) {
      const total = totals.get(way) ?? new Float64Array(values.length);
      for (const [at, value] of values.entries()) total[at] = (total[at] as number) + value;
      totals.set(way, total);
    }
  }
  return [...totals].map(([way, total]) => ({ way, values: Int8Array.from(total, Math.sign) }));
}
