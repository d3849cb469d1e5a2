/**
 * Runs of more rows than the device takes at once come in several calls, because of `rowsMax`, of the memory, or of the largest binding, which also cuts
 * weights into parts: the sdk's device makes the same integers of them, by packed products, by planes, and by dispatches of many sweeps.
 */
import { type Driver, openDevice, type Plan, type Program } from '@isinglass/sdk';
import { Dice, type RunData, type RunOutcome } from '@isinglass/sdk/testing';
import { expect } from 'vitest';
import backend from '../src/index.ts';
import { type GeneratedRun, generatedCase, programsAsked, seeds } from './generated-cases.ts';
import { driverTest, type OpenDriver, type SharedDriverOptions } from './support/driver-test.ts';
import { kinds, wayToRun } from './ways-to-run.ts';

type Share = (uri: string, o?: SharedDriverOptions) => Promise<OpenDriver>;

type Limit = (share: Share, uri: string, o: GeneratedRun) => Promise<OpenDriver>;

const limits: Readonly<Record<string, Limit>> = {
  rows: (share, uri, { seed }) => share(`${uri}&rowsMax=${new Dice(seed, 51).integer(1, 5)}`),
  async memory(share, uri, { seed, program }) {
    // Little beside what rows take.
    const pieces = { stagingBytesMax: 4096, collectedBytesMax: 4096, submitSweepsMax: 4 };
    const { bytes, blocks } = planOf((await share(uri, { pieces })).driver, program);
    const rowBytes = Math.max(...blocks.map(({ bytesPerRow }) => bytesPerRow));
    return share(uri, { pieces, memoryBytesMax: bytes + new Dice(seed, 51).integer(1, 5) * rowBytes });
  },
  async bindings(share, uri, { program }) {
    const plan = (await share(uri, { pieces: { bindingBytesMax: 4 } })).driver.plan(program);
    if ('blocks' in plan) throw new Error('four bytes must not be enough');
    return share(uri, { pieces: { bindingBytesMax: Math.max(...plan.map(({ needed }) => needed)) } });
  },
};

function planOf(driver: Driver, program: Program): Plan {
  const plan = driver.plan(program);
  if (!('blocks' in plan)) throw new Error(`${program.json.name} does not fit`);
  return plan;
}

/** What a user gets from the driver, and in how many calls; sums as the reference has them. */
async function byDevice(
  driver: Driver,
  program: Program,
  run: RunData,
): Promise<{ readonly outcome: RunOutcome; readonly calls: number }> {
  let calls = 0;
  const counting: Driver = {
    profile: driver.profile,
    lost: driver.lost,
    plan: (each) => driver.plan(each),
    close: () => driver.close(),
    async load(each, o) {
      const loaded = await driver.load(each, o);
      return {
        unload: () => loaded.unload(),
        run(each) {
          calls++;
          return loaded.run(each);
        },
      };
    },
  };
  const device = await openDevice('webgpu', { backends: [{ ...backend, open: async () => counting }] });
  const loaded = await device.load(program);
  const { readouts, last, counters } = await loaded.run(run);
  await device.close();
  const asDriven = readouts.map(({ request: _, sums, ...more }) => ({
    ...more,
    ...(sums === undefined ? {} : { sums: Int32Array.from(sums) }),
  }));
  return { outcome: { readouts: asDriven, last, flips: counters.flips, steps: [] }, calls };
}

/** Calls cost more than sweeps: a third of the programs. */
const someSeeds = seeds.filter((seed) => new Dice(seed, 52).chance(1 / 3));

driverTest(
  `${someSeeds.length} of ${programsAsked}, in as many calls as limits demand, give what the reference gives`,
  { timeout: 60_000 + 4000 * someSeeds.length },
  async ({ share }) => {
    const cut: Record<string, number> = {};
    for (const seed of someSeeds) {
      const dice = new Dice(seed, 50);
      const { uri } = wayToRun(seed, dice.pick(kinds));
      const limit = dice.pick(Object.keys(limits));
      const generated = await generatedCase(seed);
      const { driver } = await (limits[limit] as Limit)(share, uri, generated);
      const { outcome, calls } = await byDevice(driver, generated.program, generated.run);
      const name = `${generated.name}, on ${uri}, limited by ${limit}`;
      expect({ name, ...outcome }).toEqual({ name, ...generated.expected, steps: [] });
      if (calls > 1) cut[limit] = (cut[limit] ?? 0) + 1;
    }
    // A third of the programs has a single row.
    for (const limit of Object.keys(limits)) {
      const runs = cut[limit] ?? 0;
      expect({ limit, runs, enough: runs >= someSeeds.length / 20 }).toMatchObject({ enough: true });
    }
  },
);
