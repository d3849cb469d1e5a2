/** What work would take on a machine of which only an envelope is known. */
import {
  type CostedRun,
  type Evidence,
  type RunCost,
  type RunWork,
  runCost,
  type Stated,
  weakestGrade,
} from '@isinglass/sdk';
import { type AnnealTime, annealCharge } from '../timing/formulas/anneal-time.ts';
import { denseSynchronousStepCycles } from '../timing/formulas/dense-cycles.ts';
import { linkTime, wordsOfBits } from '../timing/link-time.ts';
import type { Envelope } from './envelope.ts';

export interface EnvelopeWork {
  readonly work: RunWork;
  readonly spins: number;
  /** Sweeps, or steps of a machine whose spins all move at once, of all rows together. */
  readonly sweeps: number;
  /** How often all states are read, or how often an annealer anneals. */
  readonly reads: number;
  /** What a vendor measured of one submission, in place of typical numbers. */
  readonly anneal?: Partial<AnnealTime>;
}

export interface EnvelopeCost extends RunCost {
  /** Reading the states over the link, which is not part of `seconds`; unstated where the link is not published. */
  readonly readSeconds: Stated;
  /** Of an annealer: R·(Ta + Tr + Td), without the programming. */
  readonly samplingSeconds: Stated;
}

/** By the sdk's cost code, with the time that the envelope's model gives. */
export function envelopeCost(envelope: Envelope, request: EnvelopeWork): EnvelopeCost {
  const { time, profile } = envelope;
  const timed = timeOf(envelope, request);
  const run: CostedRun = {
    work: request.work,
    rowSweeps: request.sweeps,
    counters: {
      ...timed.counters,
      bytesOut: (request.spins * request.reads) / 8,
      bytesIn: 0,
    },
  };
  const cost = runCost(profile, run);
  const evidence = [...cost.evidence, ...timed.evidence];
  return {
    ...cost,
    evidence,
    grade: weakestGrade(evidence.map(({ grade }) => grade)),
    readSeconds: readSeconds(envelope, request),
    samplingSeconds:
      time.kind === 'anneal'
        ? annealCharge({ ...time, ...request.anneal }, request.reads).samplingUs / 1e6
        : 'unstated',
  };
}

interface Timed {
  readonly counters: { readonly deviceNs?: number; readonly cycles?: Readonly<Record<string, number>> };
  readonly evidence: readonly Evidence[];
}

function timeOf(envelope: Envelope, request: EnvelopeWork): Timed {
  const { time, profile } = envelope;
  const evidence = profile.evidence.filter(({ path }) => path.startsWith('time.'));
  const cycles = (count: number): Timed => ({ counters: { cycles: { sample: count } }, evidence });
  const ns = (deviceNs: number): Timed => ({ counters: { deviceNs }, evidence });
  switch (time.kind) {
    case 'sweeps':
      return cycles(request.sweeps * time.cyclesPerSweep);
    case 'updates':
      return ns((1e9 * request.work.updates) / time.updatesPerSecond);
    case 'anneal':
      return ns(1000 * annealCharge({ ...time, ...request.anneal }, request.reads).accessUs);
    case 'dense-synchronous':
      return cycles(request.sweeps * denseSynchronousStepCycles({ ...time, spins: request.spins }));
    case 'solve':
      return ns(time.solveNs * request.reads);
    case 'memory':
      return ns((1e9 * request.work.updates * time.bytesPerUpdate) / time.bytesPerSecond);
    case 'unstated':
      return { counters: {}, evidence: [] };
    default:
      return time satisfies never;
  }
}

function readSeconds({ link, time }: Envelope, { spins, reads }: EnvelopeWork): Stated {
  if (reads === 0) return 0;
  if (time.kind === 'sweeps' && time.frameReadNs !== null) return (reads * time.frameReadNs) / 1e9;
  return link === null ? 'unstated' : (reads * linkTime(link).readNs(wordsOfBits(spins))) / 1e9;
}
