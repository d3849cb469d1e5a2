import { type Bank, createProgram, type Program, type ProgramTensor } from '@isinglass/sdk';
import { blockOf, spinCount } from '../../lab/block-run.ts';
import type { Lab } from '../../lab/lab.ts';
import { LoadedProbe } from '../../lab/loaded-probe.ts';
import { copiedSpins } from '../../probes/affordable.ts';
import { scaleMember, weightTensor } from '../../probes/plain-program.ts';
import { bankIds } from '../../probes/probe-program.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { sameNumbers } from '../findings.ts';
import { copyProbe, randomSigns, readPattern, strongCoupling, strongField, votesFor } from '../strong-fields.ts';

const spinsWanted = 24;

/** What pinned spins do not do. */
export const pinInert: LogicalCheck = {
  plan: {
    id: 'pin.inert',
    version: 1,
    row: 19,
    chapter: 'pins',
    title: 'Fields of pinned spins and couplings between them have no effect, and new pins act from the first sweep.',
    how: '24 free spins copy pinned ones, which have strong fields of random sign and, where the device has sparse couplings, couplings among themselves; several runs and images with pins of their own, each read in its first sweeps.',
    kind: 'near-certain',
    statistic: 'every free spin shows the pin of its own image, by majority of sweeps',
    samples: '4 runs of up to 5 images, without and with couplings between pins',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['1.8', '2.6'],
    needs: ['single-spin', 'pins'],
    kills: ['M36'],
    blindTo: ['M34'],
    conservative: 'a right device misses with probability below 1e-5',
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('pins');
    const lab = await c.open();
    const findings: Finding[] = [];
    for (const coupled of [false, true]) {
      const loaded = await load(c, lab, { coupled, random });
      if (loaded === undefined) continue;
      const spins = loaded.spins;
      const images = Math.min(5, loaded.rowsPerRun());
      const votes = votesFor(images * spins, strongCoupling(c.profile), c);
      for (let n = 1; n <= 4; n++) {
        const pinned = randomSigns(images * spins, random);
        const seen = await readPattern(loaded, { images, pinned, seed: random.bits64(), votes });
        findings.push(sameNumbers(`run ${n}, pins ${coupled ? 'with' : 'without'} couplings`, pinned, seen));
      }
    }
    return findings;
  },
};

/** The probe, or undefined where couplings between pins cannot be said or held. */
async function load(
  c: CheckContext,
  lab: Lab,
  { coupled, random }: { readonly coupled: boolean; readonly random: RandomStream },
): Promise<LoadedProbe | undefined> {
  const spins = copiedSpins(c.profile, spinsWanted);
  const field = strongField(c.profile);
  const strength = strongCoupling(c.profile);
  const pinnedFields = Array.from(randomSigns(spins, random), (sign) => sign * field);
  const plain = await lab.loadProbe({ ...copyProbe(spins, strength, random), pinnedFields }, random);
  if (!coupled) return plain;
  const { couplings, features } = c.profile;
  if (!couplings.forms.includes('sparse') || !features.includes('sparse')) return undefined;
  const program = withCoupledPins(plain.program, c, strength);
  if (!('blocks' in lab.driver.plan(program))) return undefined;
  await lab.unload(plain.loaded);
  const { probe, disguise } = plain;
  return new LoadedProbe({ lab, probe, disguise, program, loaded: await lab.load(program) });
}

/** A ring of strong couplings through all pinned spins. */
function withCoupledPins(program: Program, { profile }: CheckContext, strength: number): Program {
  const block = blockOf(program, 0);
  const spins = spinCount(block.banks[0] as Bank);
  const pairs = Array.from({ length: spins - 1 }, (_, n) => n);
  const tensors = new Map<string, ProgramTensor>([
    ...program.tensors,
    ['ring-rows', { dtype: 'U32', shape: [spins + 1], data: Uint32Array.from([...pairs, spins - 1, spins - 1]) }],
    ['ring-columns', { dtype: 'U32', shape: [spins - 1], data: Uint32Array.from(pairs, (n) => n + 1) }],
    ['ring-values', weightTensor(profile, { shape: [spins - 1], weights: pairs.map(() => 1), scale: strength })],
  ]);
  const ring = {
    id: 'ring',
    from: bankIds.pinned,
    to: bankIds.pinned,
    gain: 'one',
    ...scaleMember(profile, block.couplings[0]?.scale ?? strength),
    form: {
      kind: 'sparse' as const,
      rowStart: { tensor: 'ring-rows' },
      column: { tensor: 'ring-columns' },
      value: { tensor: 'ring-values' },
    },
  };
  const stages = [{ ...block, couplings: [...block.couplings, ring] }];
  const features = [...new Set([...program.json.features, 'sparse' as const])].sort();
  return createProgram({ ...program.json, stages, features }, tensors);
}
