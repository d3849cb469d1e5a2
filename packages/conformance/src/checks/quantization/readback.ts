/** quant.readback: the program that the device says it holds. */
import type { DeviceProfile, LoadedProgram, Program } from '@isinglass/sdk';
import type { Lab } from '../../lab/lab.ts';
import { type Disguise, randomDisguise } from '../../probes/disguise.ts';
import { fittedProbe } from '../../probes/fitted-probe.ts';
import type { Probe } from '../../probes/probe.ts';
import { probeProgram } from '../../probes/probe-program.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Check, Finding } from '../check.ts';
import { couplingStep, fieldStep } from './declared-steps.ts';
import { type ProgramParameters, parametersOf } from './parameters.ts';

/** Spins of a side: 10⁴ couplings where the device has room. */
const sideWanted = 100;
/** float32 keeps 24 bits. */
const float32Relative = 2 ** -23;

export const readback: Check = {
  plan: {
    id: 'quant.readback',
    version: 1,
    row: 54,
    chapter: 'quantization',
    title: 'The program that the device says it holds is the one that was asked for, rounded as the profile declares.',
    how: 'A program of up to 100 × 100 couplings and 100 fields, under each law, its mirror image (all signs changed) and its own readback are loaded; `effective()` of each. A device without `effective` has nothing to compare.',
    kind: 'logical',
    statistic:
      'Banks, colors and β are the same; every h and J is within half a step of what was asked for (under the real law the step is the range over 2^bits − 1; none where bits are unlimited), or within the declared field tolerance; reading back twice gives the same; the mirror image reads back as the mirror image.',
    samples: '10⁴ couplings and 100 fields, where the device’s limits allow.',
    resolution: { quick: 'any number beyond half a step', standard: 'the same', certify: 'the same' },
    level: 'quick',
    clauses: ['4.1', '4.4', 'contract: LoadedProgram.effective'],
    needs: ['single-spin'],
    kills: ['M15/told'],
    blindTo: ['M16', 'M01', 'M17'],
    since: '0.1.0',
  },
  async run(c) {
    const lab = await c.open();
    const findings: Finding[] = [];
    for (const law of lab.profile.law) {
      findings.push(...(await ofLaw(lab, law, { random: c.random(`${law} law`), field: c.tolerances.fieldAbsolute })));
    }
    return findings;
  },
};

async function ofLaw(
  lab: Lab,
  law: 'fixed' | 'real',
  { random, field }: { readonly random: RandomStream; readonly field: number },
): Promise<readonly Finding[]> {
  const { profile } = lab;
  const probe = fittedProbe(manyCouplings(profile, random.fork('weights')), profile);
  const disguise = randomDisguise(probe, profile, random.fork('disguise'));
  const asked = probeProgram(probe, disguise, profile, { law });
  const held = await readBack(lab, asked);
  if (held === undefined) return [{ name: `${law} law: no effective program is reported`, ok: true }];
  const again = await readBack(lab, held);
  const mirrored = await readBack(lab, mirrorOf(probe, disguise, profile, law));
  const [request, once] = [parametersOf(asked), parametersOf(held)];
  const found: Finding[] = [
    equal(`${law} law: banks and colors`, request.shape, once.shape),
    equal(`${law} law: β`, String(request.beta), String(once.beta)),
  ];
  if (request.shape !== once.shape) return found;
  return [
    ...found,
    near(`${law} law: fields`, request.h, once.h, fieldStep(profile, { law, field })),
    near(`${law} law: couplings`, ...bothJ(request, once), couplingStep(profile, request, { law, field })),
    ...(again === undefined ? [] : same(`${law} law: read back again`, once, parametersOf(again), 1)),
    ...(mirrored === undefined ? [] : same(`${law} law: the mirror image`, once, parametersOf(mirrored), -1)),
  ];
}

async function readBack(lab: Lab, program: Program): Promise<Program | undefined> {
  const loaded: LoadedProgram = await lab.load(program);
  const held = loaded.effective === undefined ? undefined : await lab.within('effective', loaded.effective());
  await lab.unload(loaded);
  return held;
}

/** Every spin of color 0 is coupled with every spin of color 1; weights of all sizes. */
function manyCouplings({ spins, couplings }: DeviceProfile, random: RandomStream): Probe {
  const { limit } = couplings.degreeMax;
  const room = typeof spins.max === 'number' ? Math.floor(spins.max / 2) : sideWanted;
  const joined = typeof couplings.max === 'number' ? Math.floor(Math.sqrt(couplings.max)) : sideWanted;
  const side = Math.max(1, Math.min(sideWanted, room, joined, typeof limit === 'number' ? limit : sideWanted));
  const all = Array.from({ length: side }, (_, n) => n);
  return {
    name: `${side} × ${side} couplings`,
    colors: [...all.map((): 0 | 1 => 0), ...all.map((): 0 | 1 => 1)],
    edges: all.flatMap((a) => all.map((b) => ({ a, b: side + b, w: random.sign() * random.integer(1, 127) }))),
    pinned: 0,
    pinnedEdges: [],
    scale: 1 / 256,
    fields: [...all, ...all].map(() => random.sign() * random.uniform()),
  };
}

function mirrorOf(probe: Probe, disguise: Disguise, profile: DeviceProfile, law: 'fixed' | 'real'): Program {
  const mirrored: Probe = {
    ...probe,
    edges: probe.edges.map((edge) => ({ ...edge, w: -edge.w })),
    fields: probe.fields.map((h) => -h),
  };
  return probeProgram(mirrored, disguise, profile, { law });
}

function bothJ(a: ProgramParameters, b: ProgramParameters): [Float64Array, Float64Array] {
  const keys = [...new Set([...a.J.keys(), ...b.J.keys()])];
  return [Float64Array.from(keys, (key) => a.J.get(key) ?? 0), Float64Array.from(keys, (key) => b.J.get(key) ?? 0)];
}

function near(name: string, asked: Float64Array, held: Float64Array, bound: number | undefined): Finding {
  if (bound === undefined) return { name: `${name}: the profile states no step`, ok: true };
  const off = asked.map((value, n) => Math.abs(value - (held[n] as number)) - float32Relative * Math.abs(value));
  const worst = off.reduce((best, value, n) => (value > (off[best] as number) ? n : best), 0);
  return {
    name: `${name} are within ${bound} k_B·T`,
    ok: off.every((value) => value <= bound * (1 + 1e-9)),
    expected: String(asked[worst]),
    actual: String(held[worst]),
  };
}

/** Every number of `b` is that of `a` times `sign`. */
function same(name: string, a: ProgramParameters, b: ProgramParameters, sign: 1 | -1): readonly Finding[] {
  const [Ja, Jb] = bothJ(a, b);
  return [
    { what: 'fields', from: a.h, to: b.h },
    { what: 'couplings', from: Ja, to: Jb },
  ].map(({ what, from, to }) => {
    const wrong = from.findIndex((value, n) => value !== sign * (to[n] as number));
    return {
      name: `${name}: ${what}`,
      ok: wrong < 0 && from.length === to.length,
      ...(wrong < 0 ? {} : { expected: String(sign * (from[wrong] as number)), actual: String(to[wrong]) }),
    };
  });
}

const equal = (name: string, expected: string, actual: string): Finding => ({
  name,
  ok: expected === actual,
  expected,
  actual,
});
