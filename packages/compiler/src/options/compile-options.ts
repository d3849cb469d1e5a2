import { type DeviceProfile, InvalidRequestError } from '@isinglass/sdk';
import * as v from 'valibot';
import type { PixelInput } from '../host/normalise-pixels.ts';
import { type BlockSchedule, defaultBurnIn, defaultSweeps, retainedSweeps } from '../schedule/schedule-pass.ts';
import {
  lawOptions,
  naturalNumber,
  parseOptions,
  perBlock,
  positiveInteger,
  positiveNumber,
  refuseFixedOptions,
  valuesPerBlock,
} from './parse-options.ts';

/** How a model becomes a program. Unknown keys are errors. Where a value "or one per block" is allowed, blocks count in model order. */
export interface CompileOptions {
  /** Of the program; default: the graph's own name (not one that an exporter gives to every graph), else the source's, else `model`. */
  readonly name?: string;
  /** Default "fixed". */
  readonly law?: 'fixed' | 'real';
  /** 2 … 8, default 7. Fixed law only. */
  readonly weightBits?: number;
  /** One unit of field is 2^−fractionBits; 4 … 12, default 9. Fixed law only. */
  readonly fractionBits?: number;
  /** The temperature gradient δ, above 0; default 0.2. A run may set another. */
  readonly delta?: number | readonly number[];
  /** G; default 187. */
  readonly sweeps?: number | readonly number[];
  /** Default ⌊G/4⌋. */
  readonly burnIn?: number | readonly number[];
  /** Default 1. */
  readonly stride?: number | readonly number[];
  /** Default 1. */
  readonly chains?: number | readonly number[];
  /** Default "spin-sum". */
  readonly readout?: 'spin-sum' | 'conditional-sum';
  /** The sign of a zero sum; default 1. */
  readonly tie?: 1 | -1;
  /** How the free spins begin; default "random". */
  readonly init?: 'random' | 'feed-forward';
  /** Makes the program take raw pixels: the first host stage computes (pixel · scale − mean) / std. */
  readonly input?: PixelInput;
  /** Inputs of the model that are ±1: blocks may read them directly. */
  readonly binaryInputs?: readonly string[];
  /** Must hold the program, or DoesNotFitError lists every misfit. */
  readonly device?: DeviceProfile;
  /** Aborting rejects with the signal's reason, between blocks. */
  readonly signal?: AbortSignal;
}

/** Options with their defaults, for a model with a known number of blocks. */
export interface CompileSettings {
  readonly law: 'fixed' | 'real';
  readonly weightBits: number;
  readonly fractionBits: number;
  /** One per block. */
  readonly delta: readonly number[];
  readonly schedules: readonly BlockSchedule[];
}

const finite = v.pipe(v.number(), v.finite());

const schema = v.strictObject({
  ...lawOptions,
  delta: v.optional(perBlock(positiveNumber)),
  sweeps: v.optional(perBlock(positiveInteger)),
  burnIn: v.optional(perBlock(naturalNumber)),
  stride: v.optional(perBlock(positiveInteger)),
  chains: v.optional(perBlock(positiveInteger)),
  readout: v.optional(v.picklist(['spin-sum', 'conditional-sum'])),
  input: v.optional(
    v.strictObject({
      dtype: v.literal('u8'),
      scale: v.optional(positiveNumber),
      mean: v.optional(v.union([finite, v.array(finite)])),
      std: v.optional(v.union([positiveNumber, v.array(positiveNumber)])),
      name: v.optional(v.string()),
    }),
  ),
  binaryInputs: v.optional(v.array(v.string())),
  signal: v.optional(v.instance(AbortSignal)),
});

/** Throws InvalidRequestError that names every unknown key and wrong value. Call before the model is read. */
export function checkCompileOptions(options: CompileOptions): void {
  parseOptions(schema, options, 'compile');
  refuseFixedOptions(options);
}

/** Fills in defaults; throws InvalidRequestError where a list has not one value per block, or no sweep would be kept. */
export function compileSettings(o: CompileOptions, blockCount: number): CompileSettings {
  const each = (key: 'delta' | 'sweeps' | 'stride' | 'chains', usual: number) =>
    valuesPerBlock({ key, value: o[key] ?? usual }, blockCount);
  const sweeps = each('sweeps', defaultSweeps);
  const stride = each('stride', 1);
  const chains = each('chains', 1);
  const burnIn =
    o.burnIn === undefined ? sweeps.map(defaultBurnIn) : valuesPerBlock({ key: 'burnIn', value: o.burnIn }, blockCount);
  const schedules = sweeps.map(
    (count, i): BlockSchedule => ({
      sweeps: count,
      burnIn: burnIn[i] as number,
      stride: stride[i] as number,
      chains: chains[i] as number,
      init: o.init ?? 'random',
      observable: o.readout ?? 'spin-sum',
      tie: o.tie ?? 1,
    }),
  );
  schedules.forEach((schedule, block) => {
    if (retainedSweeps(schedule) >= 1) return;
    throw new InvalidRequestError(
      `block ${block}: of ${schedule.sweeps} sweeps ${schedule.burnIn} are discarded and of the rest every ${schedule.stride}th is kept: that is none; raise sweeps, or lower burnIn or stride`,
      { where: 'burnIn' },
    );
  });
  return {
    law: o.law ?? 'fixed',
    weightBits: o.weightBits ?? 7,
    fractionBits: o.fractionBits ?? 9,
    delta: each('delta', 0.2),
    schedules,
  };
}
