/** Analog machines and small programs of the real law that their tests share. */
import {
  createProgram,
  type Driver,
  type PackedSpins,
  type Program,
  type ProgramJson,
  programFeatures,
  silentLogger,
} from '@isinglass/sdk';
import { MachineDriver } from '@isinglass/sdk/machine-driver';
import { envelopeOf } from '../../src/envelopes/all-envelopes.ts';
import { AnalogMachines } from '../../src/envelopes/analog/analog-machines.ts';
import type { Envelope } from '../../src/envelopes/envelope.ts';
import type { NoiseModel } from '../../src/envelopes/noise-model.ts';

const mtj = envelopeOf('fpga-sim:mtj-250') as Envelope;

/** A machine that errs in nothing, but for what is given. */
export function analogEnvelope(noise: Partial<NoiseModel> = {}, more: Partial<Envelope> = {}): Envelope {
  return { ...mtj, ...more, noise: { ...mtj.noise, ...noise } };
}

export function analogDriver(envelope: Envelope, seed = 7n): Driver {
  const machines = new AnalogMachines(envelope, { seed });
  return new MachineDriver({ profile: envelope.profile, machines, logger: silentLogger });
}

/** Two banks of `size` spins at β, all pairs coupled; `couplings` row by row: of spin i of b to all of a. Biases of a, then of b. */
export function pairProgram(o: {
  readonly size: number;
  readonly beta: number;
  readonly couplings: readonly number[];
  readonly biases: readonly number[];
}): Program {
  const { size, beta } = o;
  const json: Omit<ProgramJson, 'features'> = {
    irVersion: '1.0',
    name: 'pair',
    provenance: {},
    law: { kind: 'real' },
    inputs: [],
    outputs: [],
    stages: [
      {
        kind: 'block',
        id: 'only',
        index: 0,
        banks: [
          { id: 'a', role: 'free', shape: [size], color: 0 },
          { id: 'b', role: 'free', shape: [size], color: 1 },
        ],
        gains: [{ id: 'one', value: 1, runtime: false }],
        couplings: [{ id: 'j', from: 'a', to: 'b', gain: 'one', form: { kind: 'dense', matrix: { tensor: 'j' } } }],
        biases: (['a', 'b'] as const).map((bank) => ({ bank, gain: 'one', form: 'spin', values: { tensor: bank } })),
        readouts: [{ id: 'r', bank: 'b', observable: 'state', tie: 1 }],
        schedule: { sweeps: 8, burnIn: 0, stride: 1, chains: 1, colors: [0, 1], init: 'random', beta },
      },
    ],
  };
  const f32 = (shape: number[], data: readonly number[]) => ({
    dtype: 'F32' as const,
    shape,
    data: Float32Array.from(data),
  });
  const tensors = new Map([
    ['j', f32([size, size], o.couplings)],
    ['a', f32([size], o.biases.slice(0, size))],
    ['b', f32([size], o.biases.slice(size))],
  ]);
  return createProgram({ ...json, features: programFeatures(json as ProgramJson) }, tensors);
}

/** The spins of a row of `a` and `b` as the bits of a state, spin 0 of `a` the lowest. */
export function stateOf(banks: Readonly<Record<string, PackedSpins>>, row: number): number {
  const { a, b } = banks as { readonly a: PackedSpins; readonly b: PackedSpins };
  return ((a.words[row] as number) | ((b.words[row] as number) << a.spinCount)) >>> 0;
}

/** The last states of so many independent chains after some sweeps. */
export async function lastStates(
  driver: Driver,
  program: Program,
  o: { readonly chains: number; readonly sweeps: number; readonly seed: bigint },
): Promise<readonly number[]> {
  const loaded = await driver.load(program, {});
  const states: number[] = [];
  for (let first = 0; first < o.chains; first += 1000) {
    const chains = Math.min(1000, o.chains - first);
    const { last } = await loaded.run({
      block: 0,
      gains: {},
      images: Uint32Array.of(0),
      inputs: {},
      chains,
      chainOffset: first,
      sweeps: o.sweeps,
      burnIn: o.sweeps - 1,
      stride: 1,
      sweepOffset: 0,
      temperatures: null,
      seed: o.seed,
      start: { kind: 'random' },
      keep: 'host',
      readouts: [],
      signal: new AbortController().signal,
    });
    for (let row = 0; row < chains; row++) states.push(stateOf(last ?? {}, row));
  }
  await loaded.unload();
  return states;
}

/**
 * Pearson's χ² of draws against a law, states that are expected fewer than ten times taken together, with the bound that it exceeds by chance with probability
 * at most exp(−x): k + 2√(kx) + 2x for k degrees of freedom (Laurent and Massart; exact for the χ² law, which is near where ten are expected).
 */
export function chiSquare(
  draws: readonly number[],
  law: Float64Array,
  x: number,
): { readonly statistic: number; readonly bound: number } {
  const counts = new Float64Array(law.length);
  for (const state of draws) counts[state] = (counts[state] as number) + 1;
  let statistic = 0;
  let cells = 0;
  const rest = { observed: 0, expected: 0 };
  const add = (observed: number, expected: number): void => {
    statistic += (observed - expected) ** 2 / expected;
    cells++;
  };
  law.forEach((probability, state) => {
    const expected = probability * draws.length;
    if (expected >= 10) add(counts[state] as number, expected);
    else {
      rest.observed += counts[state] as number;
      rest.expected += expected;
    }
  });
  if (rest.expected > 0) add(rest.observed, Math.max(rest.expected, 10));
  const k = cells - 1;
  return { statistic, bound: k + 2 * Math.sqrt(k * x) + 2 * x };
}
