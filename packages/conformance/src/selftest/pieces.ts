/** The pieces of the suite that a selftest looks at, each replaceable: the tests of the selftest plant faults in them. */
import type { Check } from '../checks/check.ts';
import type { LoadedProbe } from '../lab/loaded-probe.ts';
import type { ProbeLaw } from '../lab/probe-law.ts';
import type { Provider } from '../provider/provider.ts';
import { binomialTwoSidedP } from '../statistics/binomial.ts';
import { chiSquareTail } from '../statistics/chi-square.ts';
import { holmAdjusted } from '../statistics/holm.ts';
import { residualP } from '../statistics/martingale.ts';
import { multinomialP } from '../statistics/multinomial.ts';
import { noncentralityConstant, shiftConstant } from '../statistics/power.ts';
import { decide } from '../suite/decision.ts';

/** What a case came to. */
export type ToyVerdict = 'pass' | 'fail' | 'inconclusive' | 'unsupported';

/** Runs one check on the devices of a provider. Throws for faults of the suite only. */
export type RunCheck = (
  check: Check,
  o: {
    readonly provider: Provider;
    readonly seed: bigint;
    /** Deadline of every call of the device. */
    readonly callMs: number;
  },
) => Promise<ToyVerdict>;

export interface Pieces {
  readonly runCheck: RunCheck;
  readonly decide: typeof decide;
  readonly holmAdjusted: typeof holmAdjusted;
  readonly binomialTwoSidedP: typeof binomialTwoSidedP;
  readonly multinomialP: typeof multinomialP;
  readonly residualP: typeof residualP;
  readonly chiSquareTail: typeof chiSquareTail;
  readonly shiftConstant: typeof shiftConstant;
  readonly noncentralityConstant: typeof noncentralityConstant;
  /** The oracle: the exact law of what was asked for. */
  readonly lawOf: (loaded: LoadedProbe) => ProbeLaw | Promise<ProbeLaw>;
}

/** The suite's own pieces; the runner comes from above. */
export function suitePieces(runCheck: RunCheck): Pieces {
  return {
    runCheck,
    decide,
    holmAdjusted,
    binomialTwoSidedP,
    multinomialP,
    residualP,
    chiSquareTail,
    shiftConstant,
    noncentralityConstant,
    lawOf: (loaded) => loaded.law(),
  };
}
