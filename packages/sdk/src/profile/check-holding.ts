/** What a device must have to hold a program at all: law, features, sizes, weights, biases. */
import type { Misfit } from '../contract/driver.ts';
import { couplingView } from '../couplings/coupling-view.ts';
import { spinCountOf } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Bank, Block, Feature } from '../program/program-json.ts';
import { checkBiases } from './check-biases.ts';
import { checkWeights } from './check-weights.ts';
import type { DeviceProfile } from './device-profile.ts';
import { atMost, mustHave } from './misfits.ts';

/** Asked of a run, not of the device that holds the program: `checkDefaults` and each request answer for them. */
const featuresOfRuns: ReadonlySet<Feature> = new Set([
  'conditional-sum',
  'feed-forward',
  'host',
  'runtime-gain',
  'state',
  'temperature',
]);

/** Every reason why the device cannot hold the program, whatever is then asked of it. */
export function checkHolding(program: Program, profile: DeviceProfile): readonly Misfit[] {
  const found: Misfit[] = [
    ...mustHave(profile.law.includes(program.json.law.kind), {
      limit: 'law',
      where: 'law',
      remedies: [`compile for the law that the device takes: ${profile.law.join(' or ')}`],
    }),
  ];
  for (const feature of program.json.features) {
    if (featuresOfRuns.has(feature)) continue;
    found.push(
      ...mustHave(profile.features.includes(feature), {
        limit: `features.${feature}`,
        where: 'features',
        remedies: [`choose a device with the feature "${feature}"`],
      }),
    );
  }
  program.json.stages.forEach((stage, index) => {
    if (stage.kind === 'block') found.push(...checkBlock(program, stage, `stages[${index}]`, profile));
  });
  return found;
}

function checkBlock(program: Program, block: Block, where: string, profile: DeviceProfile): readonly Misfit[] {
  const held = block.banks.filter((bank) => bank.role === 'free' || profile.pins.kind !== 'fold');
  const spins = held.reduce((sum, bank) => sum + spinCountOf(bank), 0);
  return [
    ...atMost(profile.spins.max, spins, {
      limit: 'spins.max',
      where,
      remedies: ['a smaller block', 'a device with more spins'],
    }),
    ...(profile.dynamics.kind === 'chromatic-gibbs'
      ? atMost(profile.dynamics.colorsMax, block.schedule.colors.length, {
          limit: 'dynamics.colorsMax',
          where: `${where}.schedule.colors`,
          remedies: ['a coloring with fewer colors'],
        })
      : []),
    ...checkCouplings(program, block, where, profile),
    ...checkWeights(program, block, where, profile),
    ...checkBiases(program, block, where, profile),
  ];
}

function checkCouplings(program: Program, block: Block, where: string, profile: DeviceProfile): readonly Misfit[] {
  const { couplings } = profile;
  const free = new Set(block.banks.filter((bank) => bank.role === 'free').map((bank) => bank.id));
  const found: Misfit[] = [];
  let count = 0;
  block.couplings.forEach((coupling, index) => {
    found.push(
      ...mustHave(couplings.forms.includes(coupling.form.kind), {
        limit: `couplings.forms.${coupling.form.kind}`,
        where: `${where}.couplings[${index}]`,
        remedies: [`write the coupling in a form that the device takes: ${couplings.forms.join(', ') || 'none'}`],
      }),
    );
    const dynamic = free.has(coupling.from) && free.has(coupling.to);
    if (dynamic || profile.pins.kind !== 'fold') {
      count += couplingView(coupling, block, program.tensors).nnz().actual;
    }
  });
  found.push(
    ...atMost(couplings.max, count, {
      limit: 'couplings.max',
      where: `${where}.couplings`,
      remedies: ['a smaller block', 'sparser couplings'],
    }),
  );
  const { limit } = couplings.degreeMax;
  if (limit === 'unlimited') return found;
  for (const bank of block.banks) {
    if (bank.role !== 'free') continue;
    const needed = largestDegree(program, block, bank, couplings.degreeMax.count === 'free' ? free : null);
    found.push(
      ...atMost(limit, needed, {
        limit: 'couplings.degreeMax',
        where: `${where}.banks[${block.banks.indexOf(bank)}]`,
        remedies: ['smaller kernels or fewer channels', 'sparser couplings'],
      }),
    );
  }
  return found;
}

/** The most partners of one spin of `bank`, over all couplings, or over those whose other end is in `among`. */
function largestDegree(program: Program, block: Block, bank: Bank, among: ReadonlySet<string> | null): number {
  const degrees = new Float64Array(spinCountOf(bank));
  for (const coupling of block.couplings) {
    for (const side of ['from', 'to'] as const) {
      if (coupling[side] !== bank.id || (side === 'to' && coupling.from === coupling.to)) continue;
      const other = coupling[side === 'from' ? 'to' : 'from'];
      if (among !== null && !among.has(other)) continue;
      const view = couplingView(coupling, block, program.tensors);
      for (let spin = 0; spin < degrees.length; spin++) {
        degrees[spin] = (degrees[spin] as number) + view.degree(side, spin);
      }
    }
  }
  return degrees.reduce((most, degree) => Math.max(most, degree), 0);
}
