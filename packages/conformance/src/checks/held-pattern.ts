/** The smallest proof that a device runs what was loaded: random signs held by strong fields, read back. */
import type { Lab } from '../lab/lab.ts';
import type { LoadedProbe } from '../lab/loaded-probe.ts';
import { heldSpins } from '../probes/affordable.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Finding } from './check.ts';
import type { CheckContext } from './check-context.ts';
import { sameNumbers } from './findings.ts';
import { heldProbe, randomSigns, readPattern, strongField, votesFor } from './strong-fields.ts';

/** A loaded program whose spins are held at known signs. */
export interface HeldPattern {
  readonly loaded: LoadedProbe;
  readonly signs: Int8Array;
  readonly votes: number;
}

/** Loads `spins` spins (default 37, or as many as there may be) with random signs, or with those given. */
export async function loadHeldPattern(
  c: CheckContext,
  lab: Lab,
  random: RandomStream,
  o: { readonly spins?: number; readonly signs?: Int8Array } = {},
): Promise<HeldPattern> {
  const field = strongField(c.profile);
  const signs = o.signs ?? randomSigns(heldSpins(c.profile, o.spins ?? 37), random);
  const loaded = await lab.loadProbe(heldProbe(signs, field, random), random);
  return { loaded, signs, votes: votesFor(signs.length, field, c) };
}

/** One run of it: every spin must show its sign. */
export async function patternHolds(
  name: string,
  { loaded, signs, votes }: HeldPattern,
  random: RandomStream,
): Promise<Finding> {
  return sameNumbers(name, signs, await readPattern(loaded, { seed: random.bits64(), votes }));
}
