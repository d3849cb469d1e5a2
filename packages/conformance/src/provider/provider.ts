/** What a vendor hands to the suite: how to open the device under test, and what it claims. */
import type { Driver } from '@isinglass/sdk';

export interface Provider {
  /** A fresh device that shares nothing with others, or `unavailable(reason)`. Anything thrown is a failure of the device. */
  create(o: CreateOptions): Promise<Driver | Unavailable>;
  /** What a `statistical` device claims, part of the claim string; capped by level. Absent: what the profile says. */
  readonly tolerances?: Partial<Tolerances>;
}

export interface CreateOptions {
  /** `--flag name=value` of the command line. */
  readonly flags: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Half-widths of the bands around the law. */
export interface Tolerances {
  /** Of the probability of any single update. */
  readonly updateProbability: number;
  /** Of β, relative. */
  readonly betaRelative: number;
  /** Of any field, in units of k_B·T. */
  readonly fieldAbsolute: number;
}

export interface Unavailable {
  readonly unavailable: string;
}

/** The device is not here: the suite does not apply, which is neither a pass nor a failure. */
export function unavailable(reason: string): Unavailable {
  return { unavailable: reason };
}

export function isUnavailable(result: Driver | Unavailable): result is Unavailable {
  return 'unavailable' in result;
}

/** Types a provider module's default export. */
export function defineProvider(provider: Provider): Provider {
  return provider;
}
