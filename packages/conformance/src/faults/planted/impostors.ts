/** M54 and its kin: devices that pass for samplers and are none. */
import { undisguised } from '../../probes/disguise.ts';
import { coinProbe, dominoProbe, gridProbe } from '../../probes/graphs.ts';
import type { Probe } from '../../probes/probe.ts';
import { probeProgram } from '../../probes/probe-program.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { meansWithoutSampling, onPath, recognising } from '../cheating-faults.ts';
import { alwaysUp } from '../readout-faults.ts';
import { constantStream, cooled } from '../seed-faults.ts';
import { planted, samplerProfile } from './planted.ts';

/** Probes of one printed run of the suite, as somebody would type them off: no disguise. */
export const publishedProbes: readonly Probe[] = [
  gridProbe(2, 3, new RandomStream(1n, 'published')),
  gridProbe(8, 8, new RandomStream(1n, 'published')),
  dominoProbe(14, 8),
  coinProbe(32),
];

const layouts = [
  ...(['dense', 'sparse', 'conv'] as const).map((form) => ({ layout: 'banks', form }) as const),
  { layout: 'one-bank', form: 'sparse' } as const,
];

let known: ReadonlySet<string> | undefined;

/** Hashes of the published probes in every form. */
export function publishedHashes(): ReadonlySet<string> {
  known ??= new Set(
    publishedProbes.flatMap((probe) =>
      layouts.map((layout) => probeProgram(probe, undisguised(probe, layout), samplerProfile, { law: 'fixed' }).hash),
    ),
  );
  return known;
}

export const impostorFaults = [
  planted({
    id: 'M54',
    title:
      'The device recognises published probes and is right for them alone: for other programs β is 20 % too small.',
    effect: 'β −20 %',
    killedBy: { quick: ['pin.transfer', 'load.relabel', 'law.update'] },
    blind: ['checks of printed programs'],
    make: () => recognising(publishedHashes(), cooled(0.8)),
  }),
  planted({
    id: 'always-up',
    title: 'Every spin of every answer is +1.',
    effect: 'total',
    killedBy: { quick: ['dyn.frozen', 'law.update', 'law.joint'] },
    blind: ['strong fields upwards'],
    make: alwaysUp,
  }),
  planted({
    id: 'constant-stream',
    title: 'A device that claims no more than the law replays the same random numbers in every run.',
    effect: 'total',
    killedBy: { quick: ['chain.distinct'] },
    blind: ['checks inside one run'],
    make: constantStream,
  }),
  planted({
    id: 'means-without-sampling',
    title: 'The exact means come back, times K, and nothing is sampled.',
    effect: 'total',
    killedBy: { quick: ['dyn.frozen', 'out.window', 'law.joint'] },
    blind: ['means of single spins'],
    make: meansWithoutSampling,
  }),
  planted({
    id: 'untraced-path',
    title: 'Runs without a trace take another path, on which β is 20 % too small.',
    effect: 'β −20 %',
    killedBy: { quick: ['out.trace-law', 'law.update'] },
    blind: ['traces'],
    profile: { ...samplerProfile, determinism: 'statistical' },
    make: () => onPath('untraced', cooled(0.8)),
  }),
  planted({
    id: 'traced-path',
    title: 'Runs with a trace take another path, on which β is 20 % too small.',
    effect: 'β −20 %',
    killedBy: { quick: ['out.trace-bits', 'law.update'] },
    blind: ['readouts'],
    make: () => onPath('traced', cooled(0.8)),
  }),
];
