/** The backend as a caller meets it: what is listed, what opens, and what is refused with which words. */
import {
  type Block,
  freeSpinCount,
  type IsinglassError,
  isIsinglassError,
  openDevice,
  silentLogger,
} from '@isinglass/sdk';
import { randomProgram } from '@isinglass/sdk/testing';
import { describe, expect, test } from 'vitest';
import { allEnvelopes } from '../src/envelopes/all-envelopes.ts';
import fpgaSim from '../src/index.ts';
import { setNames } from '../src/parameters/named-sets.ts';
import { completeGraph } from './dense-serial/complete-graph.ts';

const open = (uri: string) => fpgaSim.open(uri, { logger: silentLogger });

async function refusal(promise: Promise<unknown>): Promise<IsinglassError> {
  try {
    await promise;
  } catch (e) {
    if (isIsinglassError(e)) return e;
    throw e;
  }
  throw new TypeError('it was not refused');
}

describe('the list', () => {
  test('has every set and every envelope, each once', async () => {
    const uris = (await fpgaSim.enumerate()).map(({ uri }) => uri);
    expect(uris.length).toBe(setNames.length + allEnvelopes.length);
    expect(new Set(uris)).toEqual(
      new Set([...setNames, ...allEnvelopes.map(({ id }) => id)].map((id) => `fpga-sim:${id}`)),
    );
  });

  test('what is available opens, with the profile that the list shows; what is not says why, and is refused with the same words', async () => {
    for (const device of await fpgaSim.enumerate()) {
      expect(device.label.length).toBeGreaterThan(0);
      if (device.available) {
        const driver = await open(device.uri);
        expect(driver.profile).toEqual(device.profile);
        await driver.close();
      } else {
        const error = await refusal(open(device.uri));
        expect(error.code).toBe('unsupported');
        expect(error.message).toBe(device.reason);
        expect(device.reason).toContain('try: fpga-sim:toy');
      }
    }
  });

  test('is not made for a caller who has gone', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(fpgaSim.enumerate({ signal })).rejects.toThrow('gone');
    await expect(fpgaSim.open('fpga-sim:toy', { logger: silentLogger, signal })).rejects.toThrow('gone');
  });
});

describe('what is refused', () => {
  test.each([
    ['fpga-sim:nonsense', /no device "fpga-sim:nonsense"; there are fpga-sim:toy, .*fpga-sim:extropic-z1/],
    ['fpga-sim', /no device "fpga-sim"; there are/],
    ['fpga-sim:toy?speed=3', /unknown option "speed"; known: clockMHz, .*lanes/],
    ['fpga-sim:toy?lanes=4&lanes=8', /option lanes is given twice/],
    ['fpga-sim:toy?lanes=0', /lanes.*a whole number from 1 to 4096/],
    ['fpga-sim:toy?rng=dice', /rng.*"dice".*xoshiro128pp/],
    [
      'fpga-sim:toy?activation=exact&tableEntries=512',
      /tableEntries is for activation=table; here activation is exact/,
    ],
    ['fpga-sim:toy?samplers=4', /samplers/],
    ['fpga-sim:extropic-z1?clockMHz=20', /has no parameters: it is an envelope/],
  ])('%s', async (uri, message) => {
    const error = await refusal(open(uri));
    expect(error.code).toBe('invalid-request');
    expect(error.message).toMatch(message);
  });

  test.each(['fpga-sim:toy?lanes=4&clockMHz=250.5', 'fpga-sim:dense?parallelPaths=8', 'fpga-sim:mtj-250'])(
    'but not %s',
    async (uri) => {
      await (await open(uri)).close();
    },
  );
});

describe('a program that does not fit', () => {
  /** Limits with numbers, by name. */
  async function misfits(uri: string, program: ReturnType<typeof randomProgram>): Promise<readonly string[]> {
    const driver = await open(uri);
    const plan = driver.plan(program);
    const found = 'blocks' in plan ? [] : plan;
    for (const { needed, available, remedies, where } of found) {
      expect(available).not.toBeNull();
      expect(needed).toBeGreaterThan(available ?? Number.POSITIVE_INFINITY);
      expect(remedies.length).toBeGreaterThan(0);
      expect(where).toMatch(/^(stages|features|law)/);
    }
    await driver.close();
    return [...new Set(found.map(({ limit }) => limit))].sort();
  }

  const complete = completeGraph(2, 1);
  const spins = freeSpinCount(complete.json.stages[0] as Block);

  test('is refused with every limit that it breaks', async () => {
    expect(
      await misfits(`fpga-sim:dense?spins=${spins - 1}&colors=${spins - 1}&degree=${spins - 2}`, complete),
    ).toEqual(['couplings.degreeMax', 'dynamics.colorsMax', 'spins.max']);
    expect(await misfits(`fpga-sim:dense?spins=${spins}&colors=${spins}&degree=${spins - 1}`, complete)).toEqual([]);
    expect(await misfits('fpga-sim:dense', completeGraph(2, 2))).toEqual(['weights.bits']);
    expect(await misfits('fpga-sim:dense?weightBits=3', completeGraph(2, 2))).toEqual([]);
    expect(await misfits('fpga-sim:niazi', complete)).toContain('dynamics.colorsMax');
  });

  test('is refused by load with the same words', async () => {
    const device = await openDevice('fpga-sim:niazi', { backends: [fpgaSim] });
    const error = await refusal(device.load(complete));
    expect(error.code).toBe('does-not-fit');
    const where = ['stages[0].schedule.colors', 'stages[0].fixed', 'stages[0].banks[0]'];
    expect(where.map((place) => error.message.split(`${place} needs`).length - 1)).toEqual([1, 1, 1]);
    expect(error.message).toContain(`needs couplings.degreeMax ${spins - 1}, the device has 15`);
    await device.close();
  });

  test('on an analog machine: integers, kernels, a coupling graph of too many spins', async () => {
    expect(await misfits('fpga-sim:mtj-250', complete)).toEqual(expect.arrayContaining(['features.fixed', 'law']));
    const seeds = Array.from({ length: 30 }, (_, seed) => seed);
    const real = (o: object) => seeds.map((seed) => randomProgram({ seed, law: 'real', ...o }));
    const kernels = real({ forms: ['conv'] }).find(({ json }) => json.features.includes('conv'));
    expect(await misfits('fpga-sim:mtj-250', kernels ?? complete)).toEqual(['couplings.forms.conv', 'features.conv']);
    const large = real({ forms: ['diagonal'], freeSpinsMax: 900, pinnedSpinsMax: 0 }).find(
      ({ json }) =>
        json.stages[0]?.kind === 'block' &&
        json.stages[0].banks.some(({ shape }) => shape.length > 0 && shape.reduce((a, b) => a * b) > 250),
    );
    expect(await misfits('fpga-sim:mtj-250', large ?? complete)).toContain('spins.max');
  });
});

test('a device runs a program, and its counters are those of the machine', async () => {
  const device = await openDevice('fpga-sim:dense', { backends: [fpgaSim] });
  const complete = completeGraph(2, 1);
  const program = await device.load(complete);
  const { counters } = await program.run({ block: 0, images: 1, sweeps: 10, seed: 1n });
  // Spins in groups of 4, and one cycle more: ten sweeps and the random start.
  const groups = Math.ceil(freeSpinCount(complete.json.stages[0] as Block) / 4);
  expect(counters.cycles).toMatchObject({ sample: 11 * groups, colorStall: 11, static: groups + 1, mac: 0 });
  await device.close();
});
