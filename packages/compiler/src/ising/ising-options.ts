import { type BetaStep, type DeviceProfile, InvalidRequestError, type Observable } from '@isinglass/sdk';
import * as v from 'valibot';
import {
  lawOptions,
  naturalNumber,
  parseOptions,
  positiveInteger,
  positiveNumber,
  refuseFixedOptions,
} from '../options/parse-options.ts';
import { defaultBurnIn, defaultSweeps, retainedSweeps } from '../schedule/schedule-pass.ts';

/** How a plain Ising problem becomes a program. Unknown keys are errors. */
export interface IsingProgramOptions {
  /** Default "ising". */
  readonly name?: string;
  /** Default "fixed". */
  readonly law?: 'fixed' | 'real';
  /** 2 … 8, default 8: plain problems often have few levels, which then are exact. Fixed law only. */
  readonly weightBits?: number;
  /** 4 … 12, default 9. Fixed law only. */
  readonly fractionBits?: number;
  /** Default 187. */
  readonly sweeps?: number;
  /** Default ⌊sweeps/4⌋. */
  readonly burnIn?: number;
  /** Default 1. */
  readonly stride?: number;
  /** Default 1. */
  readonly chains?: number;
  /** One inverse temperature, or steps from sweep 1 on. Default 1. */
  readonly beta?: number | readonly BetaStep[];
  /** Default "random". */
  readonly init?: 'random' | 'feed-forward';
  /** Default "spin-sum". */
  readonly readout?: Observable;
  /** The sign of a zero sum; default 1. */
  readonly tie?: 1 | -1;
  /** Must hold the program, or DoesNotFitError. */
  readonly device?: DeviceProfile;
}

/** With every default filled in. */
export type ResolvedIsingOptions = Required<Omit<IsingProgramOptions, 'device'>> & Pick<IsingProgramOptions, 'device'>;

const betaSteps = v.pipe(
  v.array(v.strictObject({ sweep: positiveInteger, beta: v.pipe(v.number(), v.finite(), v.minValue(0)) })),
  v.check((steps) => steps[0]?.sweep === 1, 'The first step names sweep 1'),
  v.check(
    (steps) => steps.every((step, i) => i === 0 || step.sweep > (steps[i - 1]?.sweep ?? 0)),
    'Steps rise in sweep',
  ),
  v.check((steps) => steps.some((step) => step.beta > 0), 'Some β is above 0'),
);

const schema = v.strictObject({
  ...lawOptions,
  sweeps: v.optional(positiveInteger),
  burnIn: v.optional(naturalNumber),
  stride: v.optional(positiveInteger),
  chains: v.optional(positiveInteger),
  beta: v.optional(v.union([positiveNumber, betaSteps])),
  readout: v.optional(v.picklist(['spin-sum', 'conditional-sum', 'state'])),
});

/** Checks the options and fills in defaults; throws InvalidRequestError that names every fault. */
export function resolveIsingOptions(options: IsingProgramOptions): ResolvedIsingOptions {
  parseOptions(schema, options, 'isingProgram');
  refuseFixedOptions(options);
  const sweeps = options.sweeps ?? defaultSweeps;
  const resolved = {
    name: options.name ?? 'ising',
    law: options.law ?? 'fixed',
    weightBits: options.weightBits ?? 8,
    fractionBits: options.fractionBits ?? 9,
    sweeps,
    burnIn: options.burnIn ?? defaultBurnIn(sweeps),
    stride: options.stride ?? 1,
    chains: options.chains ?? 1,
    beta: options.beta ?? 1,
    init: options.init ?? 'random',
    readout: options.readout ?? 'spin-sum',
    tie: options.tie ?? 1,
    ...(options.device === undefined ? {} : { device: options.device }),
  } as const;
  if (retainedSweeps(resolved) < 1) {
    throw new InvalidRequestError(
      `no sweep is kept: ${sweeps} sweeps, ${resolved.burnIn} discarded, every ${resolved.stride}th of the rest; raise sweeps or lower burnIn`,
      { where: 'burnIn' },
    );
  }
  return resolved;
}
