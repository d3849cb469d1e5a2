/** One limit of the profile, and how it is reached. */
import type { DeviceProfile } from '@isinglass/sdk';
import type { Lab } from '../../../lab/lab.ts';
import type { LoadedProbe } from '../../../lab/loaded-probe.ts';
import type { Probe } from '../../../probes/probe.ts';
import type { ProbeProgramOptions } from '../../../probes/probe-program.ts';
import type { RandomStream } from '../../../random/random-stream.ts';
import type { Finding } from '../../check.ts';
import type { CheckContext } from '../../check-context.ts';
import { must, sameNumbers } from '../../findings.ts';
import { readPattern } from '../../strong-fields.ts';

export interface Boundary {
  /** Path in the profile. */
  readonly limit: string;
  /** No findings where the profile states no such limit. */
  reach(c: CheckContext, lab: Lab, random: RandomStream): Promise<readonly Finding[]>;
}

/** The limit itself within the size that a level takes; that size for what has no limit; 0 for what is not published. */
export function reachable(
  limit: DeviceProfile['spins']['max'],
  size: number,
): { readonly value: number; readonly text: string } {
  if (limit === null) return { value: 0, text: 'not published' };
  if (limit === 'unlimited') return { value: size, text: `${size}, unlimited` };
  return limit <= size ? { value: limit, text: `${limit}, the limit` } : { value: size, text: `${size} of ${limit}` };
}

/** How far a level goes. */
export const sizeOf = (c: CheckContext): number => c.byLevel({ quick: 1024, standard: 16_384, certify: 262_144 });

/** Plans, loads and reads a probe whose answer is certain; unloads it. */
export async function certainProbe(
  lab: Lab,
  random: RandomStream,
  o: {
    readonly name: string;
    readonly probe: Probe;
    readonly expected: ArrayLike<number>;
    readonly votes: number;
    readonly pinned?: Int8Array;
    readonly options?: Partial<ProbeProgramOptions>;
  },
): Promise<readonly Finding[]> {
  const loaded = await lab.loadProbe(o.probe, random, o.options ?? {});
  const pinned = o.pinned === undefined ? {} : { pinned: o.pinned };
  const seen = await readPattern(loaded, { ...pinned, seed: random.bits64(), votes: o.votes });
  const findings = [planned(o.name, loaded), sameNumbers(`${o.name} works`, o.expected, seen)];
  await lab.unload(loaded.loaded);
  return findings;
}

/** plan() of a program that is loaded must be a plan. */
export function planned(name: string, { lab, program }: Pick<LoadedProbe, 'lab' | 'program'>): Finding {
  const plan = lab.driver.plan(program);
  const limits = 'blocks' in plan ? '' : plan.map(({ limit }) => limit).join(', ');
  return must(`${name} is planned`, 'blocks' in plan, 'a plan, as load() took the program', `misfits: ${limits}`);
}
