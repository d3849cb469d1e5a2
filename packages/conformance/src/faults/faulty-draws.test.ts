/** What faults of the random numbers do, on four spins of two colors in a row: 0, 2 and then 1, 3. */
import type { DriverRun } from '@isinglass/sdk';
import { expect, test } from 'vitest';
import { blockStructure } from '../oracle/block-structure.ts';
import { machineProfile } from '../oracle/machine/machine-profile.ts';
import { BlockDraws } from '../oracle/philox.ts';
import { undisguised } from '../probes/disguise.ts';
import { gridProbe } from '../probes/graphs.ts';
import { probeProgram } from '../probes/probe-program.ts';
import { RandomStream } from '../random/random-stream.ts';
import { faultyDraws } from './faulty-draws.ts';
import type { UniformFault } from './sampler-fault.ts';
import { nextRegister } from './shift-register.ts';

const path = gridProbe(1, 4, new RandomStream(1n, 'faulty-draws.test'));
const program = probeProgram(path, undisguised(path, { layout: 'banks', form: 'dense' }), machineProfile(), {
  law: 'fixed',
});
const structure = blockStructure(program, 0);
/** Flat: spins 0 and 2 of the path are 0 and 1, spins 1 and 3 are 2 and 3; each has the first neighbour that is stored. */
const partner = Int32Array.of(2, 2, 0, 1);

/** Draws of sweeps 1 … `sweeps`, by row, sweep and flat spin; the runs of two images and two chains. */
function draws(
  faults: readonly UniformFault[],
  o: { sweeps: number; sweepOffset?: number; seed?: bigint },
): number[][][] {
  const run = {
    seed: o.seed ?? 5n,
    images: Uint32Array.of(0, 1),
    chains: 2,
    chainOffset: 0,
    sweepOffset: o.sweepOffset ?? 0,
  } as DriverRun;
  const source = faultyDraws({ structure, run, rows: 4, partner }, new BlockDraws(structure), faults);
  const r = new Uint16Array(4);
  const out: number[][][] = [[], [], [], []];
  for (let t = 1; t <= o.sweeps; t++) {
    for (let row = 0; row < 4; row++) {
      source.fill(r, row, t);
      out[row]?.push([...r]);
    }
  }
  return out;
}

const column = (rows: readonly number[][][], row: number, spin: number): number[] =>
  (rows[row] ?? []).map((r) => r[spin] as number);

test('without a fault they are those of the law, and splitting a run changes nothing', () => {
  const whole = draws([], { sweeps: 6 });
  const r = new Uint16Array(4);
  new BlockDraws(structure).fill(r, { seed: 5n, block: 0, image: 1, chain: 1, sweep: 6 });
  expect(whole[3]?.[5]).toEqual([...r]);
  expect(draws([], { sweeps: 2, sweepOffset: 4 }).map((row) => row[1])).toEqual(whole.map((row) => row[5]));
});

test('shared in a color: the numbers of the first spin of each', () => {
  const shared = draws([{ kind: 'uniform', change: 'shared-in-color' }], { sweeps: 20 });
  const law = draws([], { sweeps: 20 });
  expect(shared).toEqual(law.map((row) => row.map(([first, , second]) => [first, first, second, second])));
});

// Null for both: each of 4·5000 sweeps takes the other number by a coin of 0.1. Statistic: the share of draws equal to the other one, in
// independent coins; a chance equality adds 2^−16. By Hoeffding a share off by 0.03 has probability
// below 2·exp(−2·20000·0.03²) = 5e-16, 8 of them below 4e-15. Seeds are fixed.
test('shared by neighbours and from the sweep before: as often as said', () => {
  const law = draws([], { sweeps: 5000 });
  const neighbours = draws([{ kind: 'uniform', change: 'shared-by-neighbours', probability: 0.1 }], { sweeps: 5000 });
  const lagged = draws([{ kind: 'uniform', change: 'lag', probability: 0.1 }], { sweeps: 5000 });
  for (let spin = 0; spin < 4; spin++) {
    let [shared, late, others] = [0, 0, 0];
    for (let row = 0; row < 4; row++) {
      const [own, other] = [column(law, row, spin), column(law, row, partner[spin] as number)];
      column(neighbours, row, spin).forEach((r, t) => {
        if (r !== own[t] && r !== other[t]) others++;
        if (r !== own[t]) shared++;
      });
      column(lagged, row, spin).forEach((r, t) => {
        if (r !== own[t] && r !== own[t - 1]) others++;
        if (r !== own[t]) late++;
      });
    }
    expect(others).toBe(0);
    expect(Math.abs(shared / 20_000 - 0.1)).toBeLessThan(0.03);
    expect(Math.abs(late / 20_000 - 0.1)).toBeLessThan(0.03);
  }
});

test('shift registers: every spin goes on from its own state, different for rows, spins and seeds', () => {
  for (const bits of [16, 32] as const) {
    const found = draws([{ kind: 'uniform', change: 'lfsr', bits }], { sweeps: 40 });
    const first = new Set([0, 1, 2, 3].flatMap((row) => [0, 1, 2, 3].map((spin) => column(found, row, spin).join())));
    expect(first.size).toBe(16);
    if (bits === 32) continue;
    const one = column(found, 2, 1);
    for (const [t, r] of one.entries()) if (t > 0) expect(r).toBe(nextRegister(one[t - 1] as number, 16));
    expect(column(draws([{ kind: 'uniform', change: 'lfsr', bits }], { sweeps: 40, seed: 6n }), 2, 1)).not.toEqual(one);
  }
});

test('phase-shifted registers: every spin is the one before it, so many sweeps ahead', () => {
  const found = draws([{ kind: 'uniform', change: 'phase-shifted-lfsr', sweeps: 40 }], { sweeps: 100 });
  for (let spin = 1; spin < 4; spin++) {
    expect(column(found, 1, spin).slice(0, 60)).toEqual(column(found, 1, spin - 1).slice(40));
  }
  expect(column(found, 0, 0)).not.toEqual(column(found, 1, 0));
});

test('a period of 64 draws: four spins repeat after 16 sweeps, not before, and across runs', () => {
  const fault: UniformFault = { kind: 'uniform', change: 'period', draws: 64 };
  const found = draws([fault], { sweeps: 48 });
  for (let row = 0; row < 4; row++) {
    const sweeps = found[row] ?? [];
    expect(sweeps.slice(16)).toEqual(sweeps.slice(0, 32));
    expect(new Set(sweeps.slice(0, 16).map(String)).size).toBe(16);
  }
  expect(draws([fault], { sweeps: 2, sweepOffset: 20 })[0]).toEqual(found[0]?.slice(20, 22));
});

test('chains below the number share the draws of chain 0, image by image', () => {
  const found = draws([{ kind: 'uniform', change: 'shared-by-chains', chains: 2 }], { sweeps: 5 });
  expect(found[1]).toEqual(found[0]);
  expect(found[3]).toEqual(found[2]);
  expect(found[2]).not.toEqual(found[0]);
  const law = draws([], { sweeps: 5 });
  expect(draws([{ kind: 'uniform', change: 'shared-by-chains', chains: 1 }], { sweeps: 5 })).toEqual(law);
});
