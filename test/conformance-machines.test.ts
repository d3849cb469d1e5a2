/**
 * The machines of the conformance suite against the reference machines of the sdk: two implementations of the same text that share no code of
 * the law. Here because the suite itself may not import the sdk's law, not even in its tests.
 */
import type { Driver, DriverResult, DriverRun, Program } from '@isinglass/sdk';
import { type ReferenceResult, runFixedLaw, runRealLaw } from '@isinglass/sdk/reference';
import { type RunData, randomProgram, randomRun } from '@isinglass/sdk/testing';
import { describe, expect, test } from 'vitest';
import { FaultyMachine } from '../packages/conformance/src/faults/faulty-machine.ts';
import { FixedMachine } from '../packages/conformance/src/oracle/fixed-machine.ts';

const programs = 150;
const unaborted = new AbortController().signal;

type Answer = Pick<DriverResult, 'readouts' | 'last' | 'counters'>;

async function onMachine(
  machine: Driver,
  program: Program,
  run: RunData,
): Promise<{ answer: Answer; trace: unknown[] }> {
  const loaded = await machine.load(program, {});
  const trace: unknown[] = [];
  const q: DriverRun = { ...run, signal: unaborted, trace: (_, banks) => void trace.push(banks) };
  const { readouts, last, counters } = await loaded.run(q);
  await machine.close();
  return { answer: { readouts, ...(last === undefined ? {} : { last }), counters }, trace };
}

function onReference(
  program: Program,
  run: RunData,
  reference: typeof runFixedLaw,
): { answer: Answer; trace: unknown[] } {
  const trace: unknown[] = [];
  const result: ReferenceResult = reference(program, { ...run, trace: (_, banks) => void trace.push(banks) });
  const { readouts, last, counters } = result;
  return { answer: { readouts, ...(last === undefined ? {} : { last }), counters }, trace };
}

describe.each([
  ['FixedMachine', () => new FixedMachine()],
  ['FaultyMachine without a fault', () => new FaultyMachine()],
])('%s is the reference machine', (_, open) => {
  test(`fixed law: ${programs} random programs, every trace and readout bit for bit`, async () => {
    for (let seed = 0; seed < programs; seed++) {
      const program = randomProgram({ seed, blocks: 1 + (seed % 2) });
      const run = randomRun(program, seed);
      expect(await onMachine(open(), program, run), `seed ${seed}`).toEqual(onReference(program, run, runFixedLaw));
    }
  });

  // Any floating-point evaluation is the real law (semantics 7). These two differ in the order of sums only: an n differs by 1 where 65536·σ is
  // within about 1e-10 of a step, one update in 10^10, and its spin in one of 65536 of those.
  test('real law: 40 random programs, every state bit for bit', async () => {
    for (let seed = 0; seed < 40; seed++) {
      const program = randomProgram({ seed, law: 'real' });
      const run = randomRun(program, seed);
      const states = { ...run, readouts: run.readouts.filter(({ observable }) => observable !== 'conditional-sum') };
      expect(await onMachine(open(), program, states), `seed ${seed}`).toEqual(
        onReference(program, states, runRealLaw),
      );
    }
  });
});
