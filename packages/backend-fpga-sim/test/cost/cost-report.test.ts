/** What the cost report of a run must hold, on random programs and machines. */
import {
  type Block,
  createProgram,
  type DeviceProfile,
  energyTerms,
  freeSpinCount,
  type Program,
  programFeatures,
  type RunRequest,
  type RunResult,
  runCost,
} from '@isinglass/sdk';
import { convolutionProgram, Dice, randomRun } from '@isinglass/sdk/testing';
import { describe, expect, test } from 'vitest';
import { convGeometry } from '../../src/conv/conv-geometry.ts';
import { isStreamed } from '../../src/conv/conv-image.ts';
import { allEnvelopes } from '../../src/envelopes/all-envelopes.ts';
import { machineProfile } from '../../src/parameters/machine-profile.ts';
import { parseMachineUri } from '../../src/parameters/machine-uri.ts';
import { type SetName, setNames } from '../../src/parameters/named-sets.ts';
import type { EmulatedMachine, GivenValues } from '../../src/parameters/resolve-parameters.ts';
import { utilisation } from '../../src/timing/utilisation.ts';
import { fits, onlyBlock } from '../conv/conv-cases.ts';
import { machineOf, openMachine, plainRun, programFor, sets } from './machines.ts';

/** Of a machine that schedules its work in a way of its own. */
function randomGiven(set: SetName, dice: Dice): GivenValues {
  const own: Readonly<Record<string, () => GivenValues>> = {
    toy: () => ({
      lanes: dice.pick([1, 3, 8, 32]),
      couplingsPerLane: dice.pick([1, 2, 5]),
      syncCycles: dice.pick([0, 4]),
      sweepCycles: dice.pick([0, 1, 9]),
    }),
    'conv-s': () => ({
      channels: dice.pick([1, 3, 8]),
      taps: dice.pick([1, 4, 9]),
      pixels: dice.pick([2, 8, 32]),
      samplers: dice.pick([1, 2]),
      fillCycles: dice.pick([0, 12]),
      ...(dice.chance(0.4) ? { weightMemoryKiB: 1, weightMBps: dice.pick([100, 5000]) } : {}),
    }),
    niazi: () =>
      dice.chance(0.5) ? { phases: 'shifted' } : { phases: 'sequential', cyclesPerColor: dice.pick([1, 3]) },
    dense: () => ({ parallelPaths: dice.pick([1, 2, 4, 7]) }),
  };
  const link: GivenValues = dice.chance(0.5)
    ? { link: 'axi-lite', readBeatNs: dice.integer(0, 300), writeBeatNs: dice.integer(0, 300) }
    : { link: 'pcie', linkLatencyUs: dice.integer(0, 20), linkMBps: dice.pick([100, 12_000]) };
  return {
    clockMHz: dice.pick([15, 100, 140, 333]),
    rng: dice.pick(['philox', 'xoshiro128pp']),
    ...link,
    ...own[set]?.(),
  };
}

/** With weights in outside memory only where the program’s tiles fit its buffers. */
function randomMachine(set: SetName, dice: Dice, program: Program): EmulatedMachine {
  const given = randomGiven(set, dice);
  const machine = machineOf(set, given);
  if (machine.parameters.engine !== 'conv' || fits(machine.parameters, program)) return machine;
  const { weightMemoryKiB, weightMBps, ...inside } = given;
  return machineOf(set, inside);
}

/** On a machine that has done nothing before. */
async function runOn(
  machine: EmulatedMachine,
  program: Program,
  request: RunRequest,
  o?: { readonly rowsMax: number },
): Promise<RunResult> {
  const device = await openMachine(machine, o);
  try {
    return await (await device.load(program)).run(request);
  } finally {
    await device.close();
  }
}

const sumOf = (cycles: Readonly<Record<string, number>> = {}): number =>
  Object.values(cycles).reduce((sum, count) => sum + count, 0);

/** Cycles of a sweep by cause: what one sweep more takes. */
async function sweepCycles(machine: EmulatedMachine, program: Program): Promise<Readonly<Record<string, number>>> {
  const after = async (sweeps: number) =>
    (await runOn(machine, program, plainRun(program, { images: 1, chains: 1, sweeps }))).counters.cycles;
  const [three, four] = [await after(3), await after(4)];
  return Object.fromEntries(
    Object.entries(four ?? {}).flatMap(([cause, count]) =>
      cause === 'io' ? [] : [[cause, count - (three?.[cause] ?? 0)]],
    ),
  );
}

/** The same program without its couplings to pinned spins. */
function unpinned(program: Program): { readonly program: Program; readonly removed: number } {
  const block = onlyBlock(program);
  const pinned = new Set(block.banks.filter(({ role }) => role === 'pinned').map(({ id }) => id));
  const couplings = block.couplings.filter(({ from, to }) => !pinned.has(from) && !pinned.has(to));
  const stages = [{ ...block, couplings } satisfies Block];
  const used = JSON.stringify(stages);
  const json = { ...program.json, stages };
  const tensors = new Map([...program.tensors].filter(([name]) => used.includes(JSON.stringify(name))));
  return {
    program: createProgram({ ...json, features: programFeatures(json) }, tensors),
    removed: block.couplings.length - couplings.length,
  };
}

describe.each(sets)('a run on %s', (set) => {
  test('has causes that sum to its cycles, and to its time', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const program = programFor(set, seed);
      const machine = randomMachine(set, new Dice(seed, 11), program);
      const request = randomRun(program, seed);
      const rowsMax = 1 + (seed % 4);
      const result = await runOn(machine, program, request, { rowsMax });
      const { cycles, deviceNs = 0 } = result.counters;
      const total = sumOf(cycles);
      // ns are rounded in each driver call, of which there are no more than rows and segments.
      const calls = request.images.length * request.chains;
      const clockNs = 1e9 / machine.parameters.clockHz;
      expect(Math.abs(deviceNs - total * clockNs)).toBeLessThanOrEqual(0.5 * calls + 1e-3);
      const cost = runCost(machineProfile(machine, { rowsMax, cancelMs: 1 }), {
        work: result.work,
        rowSweeps: calls * request.sweeps,
        counters: result.counters,
      });
      expect(cost.cycles).toEqual({ total, byCause: cycles });
      expect(cost.seconds).toBe(deviceNs / 1e9);
    }
  });

  test('counts the static pass once for each image, whatever its chains and sweeps', async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const dice = new Dice(seed, 12);
      const program = programFor(set, seed);
      const machine = randomMachine(set, dice, program);
      const one = plainRun(program, { images: 1, chains: 1, sweeps: 1 });
      const images = dice.integer(1, 3);
      const many = plainRun(program, { images, chains: dice.integer(1, 4), sweeps: dice.integer(1, 6) });
      const staticOf = async (request: RunRequest) => (await runOn(machine, program, request)).counters.cycles?.static;
      const [first, all] = [await staticOf(one), await staticOf(many)];
      expect(first).toBeGreaterThan(0);
      expect(all).toBe(images * (first ?? 0));
    }
  });

  test('pays nothing in a sweep for pinned spins and couplings to them', async () => {
    for (let seed = 1, compared = 0; compared < 5; seed++) {
      const program = programFor(set, seed);
      const without = unpinned(program);
      if (without.removed === 0) continue;
      compared++;
      // Where weights come from outside, fewer of them may fit on chip and have no traffic at all.
      const { weightMemoryKiB, weightMBps, ...given } = randomGiven(set, new Dice(seed, 13));
      const machine = machineOf(set, given);
      expect(await sweepCycles(machine, program)).toEqual(await sweepCycles(machine, without.program));
    }
  });

  test('has the same work, bits and energy of the work on machines of different schedules, in different cycles', async () => {
    let different = 0;
    for (let seed = 1; seed <= 5; seed++) {
      const program = programFor(set, seed);
      const request = { ...randomRun(program, seed), keep: 'host' as const };
      const [a, b] = await Promise.all(
        [1, 2].map(async (n) => {
          const given = randomGiven(set, new Dice(100 * n + seed, 14));
          const prices: GivenValues = { rng: 'philox', pJPerUpdate: 2, pJPerSynapticOperation: 3 };
          const priced = machineOf(set, { ...given, ...prices });
          const result = await runOn(priced, program, request);
          return { result, profile: machineProfile(priced, { rowsMax: 64, cancelMs: 1 }) };
        }),
      );
      const ofWork = (each: typeof a) => {
        const { work = { updates: 0, synapticOperations: 0 }, counters = {}, readouts, last } = each?.result ?? {};
        const cost = runCost(each?.profile as DeviceProfile, { work, rowSweeps: 1, counters });
        const { update, synapticOperation } = cost.joulesByTerm;
        return { work, flips: counters.flips, readouts, last, update, synapticOperation };
      };
      expect(ofWork(a)).toEqual(ofWork(b));
      expect(ofWork(a).update).toBeGreaterThan(0);
      if (sumOf(a?.result?.counters.cycles) !== sumOf(b?.result?.counters.cycles)) different++;
    }
    expect(different).toBeGreaterThan(2);
  });

  test('has weights fetched and adders used as its engine states them, or does not say', async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const { program } = unpinned(programFor(set, seed));
      const machine = randomMachine(set, new Dice(seed, 15), program);
      const { parameters: p } = machine;
      const result = await runOn(machine, program, plainRun(program, { images: 2, chains: 2, sweeps: 3 }));
      const { counters, work } = result;
      if (p.engine === 'lane' || p.engine === 'conv') {
        const perStep = p.weightBits * (p.engine === 'lane' ? p.lanes * p.couplingsPerLane : p.channels * p.taps);
        const bits = (counters.cycles?.mac ?? 0) * perStep;
        // Without couplings to pinned spins every step is a mac cycle; weights from outside stay for all groups of a tile.
        const outside = p.engine === 'conv' && isStreamed(p, convGeometry(program, onlyBlock(program), p));
        if (outside) expect(counters.memoryBits).toBeLessThanOrEqual(bits);
        else expect(counters.memoryBits).toBe(bits);
        const adders = p.engine === 'lane' ? p.lanes * p.couplingsPerLane : p.channels * p.taps * p.pixels;
        expect(counters.synapticOperationsMax).toBe(adders * sumOf(counters.cycles));
        const cycles = sumOf(counters.cycles);
        const used = utilisation({ synapticOperations: work.synapticOperations, cycles, adders });
        expect(used).toBe(work.synapticOperations / (counters.synapticOperationsMax ?? 0));
        expect(used).toBeLessThanOrEqual(1);
      } else {
        expect('synapticOperationsMax' in counters).toBe(false);
        expect(counters.memoryBits).toBe(p.engine === 'fabric' ? 0 : undefined);
      }
    }
  });
});

test('weights from outside memory are fetched once for each tile and half-sweep, those on chip for each group', async () => {
  // Two banks of 16 channels of 36 pixels; 144 inputs of each sum.
  const program = convolutionProgram({ channels: 16, size: 6 });
  const fetched = async (given: GivenValues): Promise<number | undefined> => {
    const machine = machineOf('conv-s', { channels: 4, taps: 2, pixels: 6, samplers: 6, ...given });
    return (await runOn(machine, program, plainRun(program, { images: 1, chains: 3, sweeps: 5 }))).counters.memoryBits;
  };
  const tileBits = 4 * 144 * 8;
  const tiles = 2 * (16 / 4) * 3 * 5;
  expect(await fetched({})).toBe(tiles * (36 / 6) * tileBits);
  expect(await fetched({ weightMemoryKiB: 2, weightMBps: 1000 })).toBe(tiles * tileBits);
  // 2,304 weights: with 8 bits each they are on chip from 3 KiB on.
  expect(await fetched({ weightMemoryKiB: 3, weightMBps: 1000 })).toBe(await fetched({}));
});

describe('what nobody states', () => {
  const profiles = [
    ...setNames.map((set) => machineProfile(parseMachineUri(`fpga-sim:${set}`), { rowsMax: 1, cancelMs: 1 })),
    ...allEnvelopes.map(({ profile }) => profile),
  ];
  const prices = {
    update: 'joulesPerUpdate',
    synapticOperation: 'joulesPerSynapticOperation',
    read: 'joulesPerBitRead',
    write: 'joulesPerBitWritten',
    memory: 'joulesPerMemoryBit',
    static: 'staticWatts',
  } as const satisfies Record<(typeof energyTerms)[number], keyof DeviceProfile['energy']>;

  test('is unstated and never 0, on every machine and whatever is counted', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const dice = new Dice(seed, 16);
      const given = dice.pick(profiles);
      const profile: DeviceProfile = {
        ...given,
        energy: Object.fromEntries(
          Object.entries(given.energy).map(([key, value]) => [
            key,
            dice.chance(0.5) ? value : dice.pick([null, 0, 1e-12]),
          ]),
        ) as unknown as DeviceProfile['energy'],
      };
      const counted = ['deviceNs', 'bytesIn', 'bytesOut', 'memoryBits'].filter(() => dice.chance(0.7));
      const counters = Object.fromEntries(counted.map((counter) => [counter, dice.integer(1, 1e9)]));
      const work = { updates: dice.integer(1, 1e9), synapticOperations: dice.integer(1, 1e9) };
      const cost = runCost(profile, { work, rowSweeps: dice.integer(1, 1000), counters });
      for (const term of energyTerms) {
        const price = profile.energy[prices[term]];
        const value = cost.joulesByTerm[term];
        if (price === null) expect(value).toBe('unstated');
        if (value === 0) expect(price).toBe(0);
      }
      const terms = Object.values(cost.joulesByTerm);
      const whole = terms.every((value) => typeof value === 'number');
      expect(cost.joules === 'unstated').toBe(!whole);
      if (cost.joules === 'unstated' || cost.seconds === 'unstated') expect(cost.lacking.length).toBeGreaterThan(0);
      for (const { path, grade } of cost.evidence)
        expect({ path, grade: typeof grade }).toEqual({ path, grade: 'string' });
    }
  });

  test('a run of the smallest machine counts no joules, and one whose prices are all given does', async () => {
    const program = programFor('toy', 1);
    const request = plainRun(program, { images: 1, chains: 1, sweeps: 5 });
    const joules = async (given: GivenValues) => {
      const machine = machineOf('toy', given);
      const result = await runOn(machine, program, request);
      const { work, counters } = result;
      const cost = runCost(machineProfile(machine, { rowsMax: 64, cancelMs: 1 }), { work, rowSweeps: 5, counters });
      return { joules: cost.joules, lacking: cost.lacking, counters, work };
    };
    const none = await joules({});
    expect(none.joules).toBe('unstated');
    expect(none.lacking).toContain('energy.joulesPerUpdate');
    const all = await joules({
      pJPerUpdate: 1,
      pJPerSynapticOperation: 2,
      pJPerBitRead: 3,
      pJPerBitWritten: 4,
      pJPerMemoryBit: 5,
      staticWatts: 6,
    });
    const { counters: c, work } = all;
    const pico =
      work.updates +
      2 * work.synapticOperations +
      3 * 8 * (c.bytesOut ?? Number.NaN) +
      4 * 8 * (c.bytesIn ?? Number.NaN) +
      5 * (c.memoryBits ?? Number.NaN);
    expect(all.joules).toBeCloseTo(1e-12 * pico + 6e-9 * (c.deviceNs ?? Number.NaN), 12);
    expect(freeSpinCount(onlyBlock(program)) * 5).toBe(work.updates);
  });
});
