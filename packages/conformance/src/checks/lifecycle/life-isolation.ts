import { isIsinglassError } from '@isinglass/sdk';
import type { Lab } from '../../lab/lab.ts';
import { copiedSpins, heldSpins } from '../../probes/affordable.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { sameNumbers } from '../findings.ts';
import { loadHeldPattern, patternHolds } from '../held-pattern.ts';
import { copyProbe, randomSigns, readPattern, strongCoupling, votesFor } from '../strong-fields.ts';

const spinsWanted = 32;

/** Two handles, opposite programs, opposite pins. */
export const lifeIsolation: LogicalCheck = {
  plan: {
    id: 'life.isolation',
    version: 1,
    row: 3,
    chapter: 'lifecycle',
    title: 'Two open devices do not see each other’s programs or pins.',
    how: 'Two devices hold the same spins at opposite signs, and copy opposite pinned spins; they run in turn and at the same time. A provider that opens one device at a time says so with DeviceBusyError.',
    kind: 'near-certain',
    statistic: 'every spin of either device shows the sign of its own program or pin, by majority of sweeps',
    samples: '2 programs on 2 devices, in turn and together',
    resolution: { quick: 'any exchange', standard: 'any exchange', certify: 'any exchange' },
    level: 'quick',
    clauses: ['contract: a second open is independent or throws DeviceBusyError', 'contract: Driver.load'],
    needs: ['single-spin', 'pins'],
    kills: ['devices-share-program'],
    blindTo: ['M44', 'M46'],
    conservative: 'a right device misses with probability below 1e-5',
    since: '0.1.0',
  },
  async run(c) {
    const first = await c.open();
    const second = await secondDevice(c);
    if (second === null) return [{ name: 'a second device is refused as busy', ok: true }];
    return [...(await fieldsApart(c, first, second)), ...(await pinsApart(c, first, second))];
  },
};

async function secondDevice(c: CheckContext): Promise<Lab | null> {
  try {
    return await c.open();
  } catch (error) {
    if (isIsinglassError(error) && error.code === 'device-busy') return null;
    throw error;
  }
}

async function fieldsApart(c: CheckContext, first: Lab, second: Lab): Promise<readonly Finding[]> {
  const random = c.random('fields');
  const signs = randomSigns(heldSpins(c.profile, spinsWanted), random);
  const one = await loadHeldPattern(c, first, random, { signs });
  const other = await loadHeldPattern(c, second, random, { signs: signs.map((sign) => -sign) });
  return [
    await patternHolds('fields of the first device', one, random),
    await patternHolds('fields of the second device', other, random),
    ...(await Promise.all([
      patternHolds('fields of the first device, both at work', one, random),
      patternHolds('fields of the second device, both at work', other, random),
    ])),
  ];
}

async function pinsApart(c: CheckContext, first: Lab, second: Lab): Promise<readonly Finding[]> {
  const random = c.random('pins');
  const strength = strongCoupling(c.profile);
  const spins = copiedSpins(c.profile, spinsWanted);
  const votes = votesFor(spins, strength, c);
  const pinned = randomSigns(spins, random);
  const opposite = pinned.map((sign) => -sign);
  const probe = copyProbe(spins, strength, random);
  const disguise = random.fork('same disguise');
  const one = await first.loadProbe(probe, disguise);
  const other = await second.loadProbe(probe, random.fork('same disguise'));
  const [seen, seenOpposite] = await Promise.all([
    readPattern(one, { pinned, seed: random.bits64(), votes }),
    readPattern(other, { pinned: opposite, seed: random.bits64(), votes }),
  ]);
  return [
    sameNumbers('pins of the first device', pinned, seen),
    sameNumbers('pins of the second device', opposite, seenOpposite),
  ];
}
