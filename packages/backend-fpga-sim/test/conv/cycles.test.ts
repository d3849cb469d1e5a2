/** The cycles that the emulator walks are those of the closed formula (devices.md 5.5), cause by cause; and they do not depend on how a run is cut into commands. */
import { Dice, programFamilies } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import type { Tile } from '../../src/conv/conv-geometry.ts';
import { convGeometry, otherSide, perGroup, tapsOf } from '../../src/conv/conv-geometry.ts';
import { isStreamed } from '../../src/conv/conv-image.ts';
import { ConvMachine } from '../../src/conv/conv-machine.ts';
import { cyclesPerWeightRow } from '../../src/conv/conv-memory-map.ts';
import type { HalfSweep, ScheduledTile } from '../../src/conv/conv-schedule.ts';
import { halfSweepCycles } from '../../src/conv/half-sweep-walk.ts';
import { generatorEntry } from '../../src/generators/catalogue.ts';
import { cycleCounter } from '../../src/host/register-map.ts';
import type { ConvParameters } from '../../src/parameters/engine-parameters.ts';
import { addCycles, timesCycles, totalCycles } from '../../src/timing/add-cycles.ts';
import { type CycleCounts, cycleCauses } from '../../src/timing/cycle-causes.ts';
import {
  type ConvArray,
  type ConvTile,
  convHalfSweepCycles,
  convStaticCycles,
  convUniformCycles,
} from '../../src/timing/formulas/conv-cycles.ts';
import { type BusRun, type BusStep, busRun } from '../lane/bus-run.ts';
import { placed, writeImages } from './conv-bus.ts';
import { convParameters, fits, onlyBlock } from './conv-cases.ts';

function randomMachine(dice: Dice): ConvParameters {
  const channels = dice.pick([1, 2, 4, 7, 16]);
  const pixels = dice.pick([1, 3, 8, 32]);
  const outside = dice.chance(0.4);
  return convParameters({
    channels,
    taps: dice.pick([1, 2, 4, 9]),
    pixels,
    samplers: Math.min(channels * pixels, dice.pick([1, 2, 8, 30])),
    fillCycles: dice.pick([0, 12, 12, 5]),
    rng: dice.pick(['philox', 'xoshiro128pp', 'lfsr32']),
    ...(outside ? { weightMemoryKiB: dice.pick([1, 2]), weightMBps: dice.pick([100, 1000, 20_000]) } : {}),
    ...(dice.chance(0.2) ? ({ readout: 'walk', walkCycles: 3 } as const) : {}),
  });
}

/** Half-sweeps as the formula takes them. */
function banksOf(tiles: readonly Tile[]): readonly (readonly ConvTile[])[] {
  const banks: ConvTile[][] = [[]];
  tiles.forEach(({ channels, view, terms, lastOfBank }, n) => {
    const inputs = terms.map(({ end: { geometry, side } }) => perGroup(geometry, otherSide(side)) * tapsOf(geometry));
    banks.at(-1)?.push({ channels, pixels: view.pixels, taps: inputs });
    if (lastOfBank && n + 1 < tiles.length) banks.push([]);
  });
  return tiles.length === 0 ? [] : banks;
}

const runOf = (dice: Dice, spinWords: number): BusRun => {
  const sweeps = dice.integer(0, 4);
  return {
    seed: dice.bits64(),
    image: 0,
    blockAndChain: 0,
    sweepOffset: 0,
    burnIn: dice.integer(0, 2),
    stride: 1,
    start: dice.pick(['given', 'random'] as const),
    spins: Uint32Array.from({ length: spinWords }, () => dice.word()),
    temperatures: dice.chance(0.5) ? new Uint32Array(sweeps).fill(40_000) : null,
    conditionalSums: false,
    pieces: [sweeps],
  };
};

const countsOf = (step: BusStep | undefined): Record<string, number | undefined> =>
  Object.fromEntries(cycleCauses.map((cause) => [cause, cause === 'io' ? 0 : step?.counters[cycleCounter(cause)]]));

test.for(['convolutions', 'layers'] as const)(
  'cycles of %s on random machines are those of the formula',
  async (family) => {
    const seen = { ran: 0, weightStall: 0, rngStall: 0, sample: 0 };
    for (let seed = 1; seed <= 200; seed++) {
      const dice = new Dice(seed, 2);
      const p = randomMachine(dice);
      const program = programFamilies[family](seed);
      if (!fits(p, program)) continue;
      const image = placed(p, program);
      const machine = new ConvMachine(p);
      await writeImages(machine, image, program);
      const run = runOf(dice, image.spinWords);
      const [sweeps = 0] = run.pieces;
      const [step] = await busRun(machine, run, image, 0);
      const geometry = convGeometry(program, onlyBlock(program), p);
      const drawCycles = generatorEntry(p.generator).cyclesPerDraw;
      const array: ConvArray = {
        ...p,
        drawCycles,
        cyclesPerWeightRow: isStreamed(p, geometry) ? cyclesPerWeightRow(p) : 0,
      };
      const chunks = geometry.sweepTiles.reduce((sum, { channels, view }) => {
        const edge = view.pixels % p.pixels;
        const whole = Math.floor(view.pixels / p.pixels) * Math.ceil((channels * p.pixels) / p.samplers);
        return sum + whole + Math.ceil((channels * edge) / p.samplers);
      }, 0);
      const spins = [...geometry.places.values()].reduce(
        (sum, { layout }) => sum + (layout.bank.role === 'free' ? layout.spinCount : 0),
        0,
      );
      const retained = p.readout === 'walk' ? Math.max(0, sweeps - run.burnIn) : 0;
      const expected = addCycles(
        run.start === 'random' ? { sample: chunks, rngStall: chunks * drawCycles } : {},
        convStaticCycles(banksOf(geometry.staticTiles), array),
        timesCycles(
          sweeps,
          addCycles(...banksOf(geometry.sweepTiles).map((tiles) => convHalfSweepCycles(tiles, array))),
        ),
        { readout: retained * spins * p.walkCycles },
      );
      expect({ seed, counted: countsOf(step) }).toEqual({ seed, counted: expected });
      expect(step?.counters.CYCLES).toBe(totalCycles(expected));
      expect(step?.counters.UPDATES).toBe(sweeps * spins);
      seen.ran++;
      for (const cause of ['weightStall', 'rngStall', 'sample'] as const) seen[cause] += Number(expected[cause] > 0);
    }
    expect(seen.ran).toBeGreaterThan(80);
    expect(Math.min(seen.rngStall, seen.sample)).toBeGreaterThan(10);
    expect(seen.weightStall).toBeGreaterThan(0);
  },
);

/** A tile without memories: the walk looks at its size and its steps only. */
const tileOf = (channels: number, pixels: number, steps: readonly number[]): ScheduledTile => ({
  number: 0,
  site: 0,
  spinIndex: 0,
  channels,
  pixels,
  terms: steps.map((each) => ({
    steps: each,
    weight: 0,
    weightsPerChannel: 0,
    weightsPerInput: 0,
    inputs: each,
    taps: 1,
    source: 0,
    sitesPerInput: 1,
    sources: 0,
    coupling: 0,
    adjoint: 0,
    factor: 0,
    shift: 0,
    half: 0,
    divisor: 1,
  })),
});

test('half-sweeps of any tiles take the cycles of the formula, with weights on chip and with weights that come late', () => {
  const dice = new Dice(4);
  const seen = { late: 0, drawing: 0 };
  for (let n = 0; n < 500; n++) {
    const shape = {
      pixels: dice.integer(1, 8),
      samplers: dice.integer(1, 6),
      fillCycles: dice.integer(0, 12),
      cyclesPerDraw: dice.pick([0, 0, 10]),
      cyclesPerWeightRow: dice.pick([0, 1, 2, 5, 20]),
    };
    const steps = Array.from({ length: dice.integer(0, 3) }, () => dice.integer(1, 9));
    const sizes = Array.from({ length: dice.integer(1, 5) }, () => [dice.integer(1, 6), dice.integer(1, 20)] as const);
    const walked = halfSweepCycles(
      sizes.map(([channels, pixels]) => tileOf(channels, pixels, steps)),
      shape,
    );
    const tiles = sizes.map(([channels, pixels]): ConvTile => ({ channels, pixels, taps: steps }));
    const array: ConvArray = { ...shape, channels: 6, taps: 1, drawCycles: shape.cyclesPerDraw };
    expect({ n, walked }).toEqual({ n, walked: convHalfSweepCycles(tiles, array) });
    seen.late += Number(walked.weightStall > 0);
    seen.drawing += Number(walked.rngStall > 0);
  }
  expect(Math.min(seen.late, seen.drawing)).toBeGreaterThan(100);
});

test('n groups that are alike take n·max(m, q) + min(m, q) + fill, whichever of the two is longer', () => {
  const dice = new Dice(5);
  const longer = { sums: 0, samples: 0 };
  for (let n = 0; n < 300; n++) {
    const [channels, pixels, samplers] = [dice.integer(1, 6), dice.integer(1, 8), dice.integer(1, 6)];
    const tiles: HalfSweep = Array.from({ length: dice.integer(1, 4) }, () => tileOf(channels, 3 * pixels, [7, 2]));
    const shape = { pixels, samplers, fillCycles: dice.integer(0, 12), cyclesPerDraw: 0, cyclesPerWeightRow: 0 };
    const cycles: CycleCounts = halfSweepCycles(tiles, shape);
    const sample = Math.ceil((channels * pixels) / samplers);
    const groups = 3 * tiles.length;
    expect(totalCycles(cycles)).toBe(convUniformCycles({ groups, mac: 11, sample, fill: shape.fillCycles }));
    expect({ mac: cycles.mac, scale: cycles.scale, colorStall: cycles.colorStall }).toEqual({
      mac: 9 * groups,
      scale: 2 * groups,
      colorStall: shape.fillCycles,
    });
    if (sample > 11) longer.samples++;
    else longer.sums++;
  }
  expect(Math.min(longer.sums, longer.samples)).toBeGreaterThan(30);
});

test('a run in one command and the same run sweep by sweep have the same states, sums and cycles', async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const dice = new Dice(seed, 6);
    const p = randomMachine(dice);
    const program = programFamilies.convolutions(seed);
    if (!fits(p, program)) continue;
    const image = placed(p, program);
    const run = { ...runOf(dice, image.spinWords), stride: 2, conditionalSums: true };
    const temperatures = Uint32Array.of(65536, 3, 0, 40_000, 65535);
    const ends: (BusStep | undefined)[] = [];
    for (const pieces of [[5], [1, 1, 1, 1, 1], [2, 3]]) {
      const machine = new ConvMachine(p);
      await writeImages(machine, image, program);
      ends.push((await busRun(machine, { ...run, temperatures, pieces }, image, 0)).at(-1));
    }
    expect(ends[1], `seed ${seed}`).toEqual(ends[0]);
    expect(ends[2], `seed ${seed}`).toEqual(ends[0]);
  }
});
