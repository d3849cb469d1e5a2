/** Many images, many chains, many rows. */
import type { Lab } from '../../../lab/lab.ts';
import { anyStart } from '../../../lab/uniform-start.ts';
import { copiedSpins } from '../../../probes/affordable.ts';
import type { RandomStream } from '../../../random/random-stream.ts';
import type { Finding } from '../../check.ts';
import type { CheckContext } from '../../check-context.ts';
import { must, sameNumbers } from '../../findings.ts';
import { copyProbe, randomSigns, strongCoupling, votesFor } from '../../strong-fields.ts';
import { type Boundary, planned, reachable, sizeOf } from './boundary.ts';

const spinsWanted = 5;

/** One call with this many rows, in which every image copies pins of its own; sums are those of all chains. */
async function rowsAt(
  c: CheckContext,
  lab: Lab,
  random: RandomStream,
  o: { readonly name: string; readonly images: number; readonly chains: number },
): Promise<readonly Finding[]> {
  const { readout } = c.profile;
  if (!readout.observables.includes('spin-sum')) return [];
  const strength = strongCoupling(c.profile);
  const spins = copiedSpins(c.profile, spinsWanted);
  const loaded = await lab.loadProbe(copyProbe(spins, strength, random), random);
  const plan = lab.driver.plan(loaded.program);
  const rowsPlanned = 'blocks' in plan ? (plan.blocks[0]?.rowsMax ?? 0) : 0;
  const rows = o.images * o.chains;
  const findings = [
    planned(o.name, loaded),
    must(`${o.name} are within the plan`, rows <= rowsPlanned, `rowsMax ≥ ${rows}`, String(rowsPlanned)),
  ];
  if (rows > rowsPlanned) return findings;
  const votes = votesFor(spins * rows, strength, c);
  const pinned = randomSigns(spins * o.images, random);
  const result = await loaded.run({
    images: o.images,
    chains: o.chains,
    sweeps: votes * readout.strideMin,
    stride: readout.strideMin,
    seed: random.bits64(),
    start: anyStart(loaded, rows),
    pinned,
    observable: 'spin-sum',
  });
  const seen = Int8Array.from(loaded.sumsOf(result, o.images), Math.sign);
  return [...findings, sameNumbers(`${o.name} work`, pinned, seen)];
}

const least = (...limits: readonly CheckContext['profile']['spins']['max'][]): number =>
  Math.min(...limits.map((limit) => (typeof limit === 'number' ? limit : Number.POSITIVE_INFINITY)));

export const batchBoundaries: readonly Boundary[] = [
  {
    limit: 'batch.imagesMax',
    async reach(c, lab, random) {
      const { imagesMax, rowsMax } = c.profile.batch;
      const { value, text } = reachable(imagesMax, sizeOf(c));
      const images = Math.min(value, least(rowsMax));
      return images === 0 ? [] : rowsAt(c, lab, random, { name: `${images} images (${text})`, images, chains: 1 });
    },
  },
  {
    limit: 'batch.chainsMax',
    async reach(c, lab, random) {
      const { chainsMax, rowsMax } = c.profile.batch;
      const { value, text } = reachable(chainsMax, sizeOf(c));
      const chains = Math.min(value, least(rowsMax));
      return chains === 0 ? [] : rowsAt(c, lab, random, { name: `${chains} chains (${text})`, images: 1, chains });
    },
  },
  {
    limit: 'batch.rowsMax',
    async reach(c, lab, random) {
      const { imagesMax, chainsMax, rowsMax } = c.profile.batch;
      const { value, text } = reachable(rowsMax, sizeOf(c));
      if (value === 0) return [];
      const images = Math.min(value, least(imagesMax), Math.ceil(Math.sqrt(value)));
      const chains = Math.min(Math.floor(value / images), least(chainsMax));
      return rowsAt(c, lab, random, { name: `${images} images of ${chains} chains (${text})`, images, chains });
    },
  },
];
