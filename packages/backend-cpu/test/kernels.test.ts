/**
 * The kernels against their witnesses, bit for bit, in every SIMD build and with one to four threads: small programs over
 * everything that the representation can say against the sdk's reference, larger ones against the scalar machine.
 *
 *     ISINGLASS_KERNEL_PROGRAMS=…   programs of each family and device, default 12
 *     ISINGLASS_KERNEL_SEED=…       the first of their seeds, default 0
 */
import type { Driver, Program } from '@isinglass/sdk';
import {
  type ProgramFamily,
  programFamilies,
  type RandomRunOptions,
  type RunData,
  type RunOutcome,
  randomProgram,
  randomRun,
} from '@isinglass/sdk/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCpu } from './drive.ts';
import { kernelDevices, whyUnavailable } from './kernel-devices.ts';
import { deviceOutcome, expectOutcome, referenceOutcome } from './outcome.ts';

const count = Number(process.env.ISINGLASS_KERNEL_PROGRAMS ?? 12);
const firstSeed = Number(process.env.ISINGLASS_KERNEL_SEED ?? 0);
const seeds = Array.from({ length: count }, (_, n) => firstSeed + n);
const patience = 20_000 + 1_000 * count;

interface Case {
  readonly name: string;
  readonly program: Program;
  readonly run: RunData;
  readonly expected: RunOutcome;
}

/** From single rows to several tiles of 16, with a rest. */
const rowsOf = (seed: number): RandomRunOptions =>
  [
    { imagesMax: 4, chainsMax: 3, sweepsMax: 5 },
    { imagesMax: 1, chainsMax: 1, sweepsMax: 5 },
    { imagesMax: 13, chainsMax: 4, sweepsMax: 3 },
    { imagesMax: 2, chainsMax: 40, sweepsMax: 3 },
  ][seed % 4] ?? {};

const known = new Map<string, readonly Case[]>();

/** Computed by the witness when the first device asks. */
async function casesOf(name: string, make: () => Promise<readonly Case[]>): Promise<readonly Case[]> {
  const cases = known.get(name) ?? (await make());
  known.set(name, cases);
  return cases;
}

async function smallCases(): Promise<readonly Case[]> {
  return Promise.all(
    seeds.map(async (seed) => {
      const program = randomProgram({ seed, blocks: 1 + (seed % 2), ...(seed % 5 === 0 ? { strength: 3 } : {}) });
      const run = randomRun(program, seed);
      return { name: `small ${seed}`, program, run, expected: await referenceOutcome(program, run) };
    }),
  );
}

async function familyCases(name: ProgramFamily): Promise<readonly Case[]> {
  const witness = await openCpu('cpu:scalar');
  const cases: Case[] = [];
  for (const seed of seeds) {
    const program = programFamilies[name](seed);
    const run = randomRun(program, seed, rowsOf(seed));
    cases.push({ name: program.json.name, program, run, expected: await deviceOutcome(witness, program, run) });
  }
  await witness.close();
  return cases;
}

const familyNames = Object.keys(programFamilies) as ProgramFamily[];

describe.each(kernelDevices)('%s', (uri) => {
  const reason = whyUnavailable(uri);
  let driver: Driver | undefined;
  beforeAll(async () => {
    if (reason === null) driver = await openCpu(uri);
  });
  afterAll(() => driver?.close());

  async function compare(cases: readonly Case[]): Promise<void> {
    if (driver === undefined) throw new Error(`${uri} is not open`);
    expect(cases.length).toBe(count);
    for (const entry of cases) await expectOutcome(driver, entry);
  }

  test(`${count} small programs give what the reference gives`, { timeout: patience }, async ({ skip }) => {
    if (reason !== null) skip(reason);
    await compare(await casesOf('small', smallCases));
  });

  test.for(familyNames)(
    `%s: ${count} programs give what the scalar machine gives`,
    { timeout: patience },
    async (name, { skip }) => {
      if (reason !== null) skip(reason);
      await compare(await casesOf(name, () => familyCases(name)));
    },
  );
});
