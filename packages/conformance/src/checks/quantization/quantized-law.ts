/** quant.law: the device samples the program that it says it holds, at every width of numbers that it declares. */

import type { DeviceProfile, Program } from '@isinglass/sdk';
import type { Lab } from '../../lab/lab.ts';
import { LoadedProbe } from '../../lab/loaded-probe.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { type Hypothesis, type StatisticalCheck, TooFewSamples } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { consecutiveStates, variedStart, waysOf } from '../distribution/consecutive-states.ts';
import { gridWithin } from '../distribution/probe-size.ts';
import { residualHypotheses } from '../distribution/residual-families.ts';
import { UpdateResiduals } from '../distribution/update-residuals.ts';
import { UpdateTable } from '../distribution/update-table.ts';
import { couplingStep, fieldStep } from './declared-steps.ts';
import { parametersOf } from './parameters.ts';

/** Largest |J|, in units of k_B·T, whatever the width of weights. */
const couplingMax = 0.7;

interface Width {
  readonly law: 'fixed' | 'real';
  readonly fractionBits?: number;
  readonly weightBits: number;
}

export const quantizedLaw: StatisticalCheck = {
  plan: {
    id: 'quant.law',
    version: 1,
    row: 55,
    chapter: 'quantization',
    title: 'Updates follow the program as the device holds it, at every width of fields and weights that it declares.',
    how: 'A 6 × 6 grid under the fixed law at each number of fraction bits from 4 to 12 that the profile has, with weights of 2 bits up to the declared ones in turn, and once under the real law. The law is that of `effective()`, or of the program as asked for where the device reports none; where the two differ, the same updates are held against the program as asked for, too, with fields that may be off by half a declared step.',
    kind: 'statistical',
    statistic:
      'Residuals of single updates as in law.update, of the weights that are functions of a spin and its neighbours. At few fraction bits the exact law differs from the ideal one by far more than the resolution: rounding is tested, not tolerated.',
    samples:
      'Updates at each width: one spin’s field is found if off by ε with n = 36 · K(3000) / (4 v ε²), v = 0.2, K = 68.',
    resolution: {
      quick: 'at one width, one spin’s field 0.22 k_B·T, all fields 0.025 k_B·T, β 6 %',
      standard: 'at one width, one spin’s field 0.08 k_B·T, all fields 0.009 k_B·T, β 2 %',
      certify: 'at one width, one spin’s field 0.04 k_B·T, all fields 0.0045 k_B·T, β 1 %',
    },
    level: 'quick',
    clauses: ['4.1', '4.2', '4.3', '4.4', '4.5', '4.6', '4.7'],
    needs: ['sweeps', 'single-spin', 'snapshots', 'sharp-law'],
    kills: ['M15', 'M16', 'M01', 'M18'],
    blindTo: ['M15/told', 'M23', 'M24', 'M37'],
    conservative: 'As law.update: families of correlated members take m times their least p.',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const updates = c.samples(c.byLevel({ quick: 65_536, standard: 524_288, certify: 2_097_152 }));
    const hypotheses: Hypothesis[] = [];
    for (const width of widthsOf(lab.profile)) {
      const fraction = width.fractionBits === undefined ? '' : `, ${width.fractionBits} fraction bits`;
      const label = `${width.law} law${fraction}, ${width.weightBits}-bit weights`;
      hypotheses.push(...(await ofWidth(c, lab, { width, updates, label, random: c.random(label) })));
    }
    return hypotheses;
  },
};

function widthsOf({ law, field, weights }: DeviceProfile): readonly Width[] {
  const bits = typeof weights.bits === 'number' ? Math.max(2, weights.bits) : 8;
  const { min, max } = field.fractionBits ?? { min: 9, max: 9 };
  const fixed = Array.from({ length: max - min + 1 }, (_, n) => ({
    law: 'fixed' as const,
    fractionBits: min + n,
    weightBits: bits - (n % (bits - 1)),
  }));
  return [
    ...(law.includes('fixed') ? fixed : []),
    ...(law.includes('real') ? [{ law: 'real' as const, weightBits: bits }] : []),
  ];
}

/** A grid whose weights use all of so many bits. */
function gridOf(profile: DeviceProfile, weightBits: number, random: RandomStream): Probe {
  const grid = gridProbe(...gridWithin(profile, 6), random);
  const most = 2 ** (weightBits - 1) - 1;
  const weight = (): number => random.sign() * random.integer(Math.ceil(most / 3), most);
  return { ...grid, scale: couplingMax / most, edges: grid.edges.map((edge) => ({ ...edge, w: weight() })) };
}

async function ofWidth(
  c: CheckContext,
  lab: Lab,
  o: { readonly width: Width; readonly updates: number; readonly label: string; readonly random: RandomStream },
): Promise<readonly Hypothesis[]> {
  const { law, fractionBits, weightBits } = o.width;
  const asked = await lab.loadProbe(gridOf(lab.profile, weightBits, o.random.fork('grid')), o.random, {
    law,
    ...(fractionBits === undefined ? {} : { fractionBits }),
  });
  const { loaded, probe, disguise } = asked;
  const effective = loaded.effective === undefined ? undefined : await lab.within('effective', loaded.effective());
  const program = effective ?? asked.program;
  const held = new LoadedProbe({ lab, probe, disguise, loaded, program });
  const residuals = new UpdateResiduals(new UpdateTable(held), { draws: false });
  const [way] = waysOf(lab.profile);
  const runs = o.random.fork('runs');
  if (way === undefined) throw new TooFewSamples('the device shows no state of a single row');
  if (way === 'snapshot') {
    const lastColor = residuals.table.colors.at(-1) ?? [];
    const rows = Math.ceil(o.updates / lastColor.length);
    const start = variedStart(held, rows, runs);
    residuals.addStates(
      await held.snapshots({ rows, sweeps: c.profile.readout.strideMin, start, random: runs }),
      lastColor,
    );
  } else {
    for await (const history of consecutiveStates(held, way, { updates: o.updates, random: runs })) {
      residuals.addHistory(history);
    }
  }
  await lab.unload(loaded);
  const told = residualHypotheses(residuals, { loaded: held, tolerances: c.tolerances, label: o.label });
  const band = declaredBand(lab.profile, {
    asked: asked.program,
    held: program,
    law,
    field: c.tolerances.fieldAbsolute,
  });
  if (band === undefined) return told;
  // The same updates against the program that was asked for.
  const request = new UpdateResiduals(new UpdateTable(asked), { draws: false });
  request.trials.set(residuals.trials);
  request.ups.set(residuals.ups);
  const tolerances = { ...c.tolerances, fieldAbsolute: band };
  return [...told, ...residualHypotheses(request, { loaded: asked, tolerances, label: `${o.label}, as asked for` })];
}

/** Neighbours of a spin of a grid. */
const degreeMax = 4;

/**
 * By how much any field of the program that the device holds may differ from what was asked for, in units of k_B·T; undefined where the two are the same, or the
 * profile states no step.
 */
function declaredBand(
  profile: DeviceProfile,
  o: { readonly asked: Program; readonly held: Program; readonly law: 'fixed' | 'real'; readonly field: number },
): number | undefined {
  if (o.asked.hash === o.held.hash) return undefined;
  const ofField = fieldStep(profile, o);
  const ofCoupling = couplingStep(profile, parametersOf(o.asked), o);
  return ofField === undefined || ofCoupling === undefined ? undefined : ofField + degreeMax * ofCoupling;
}
