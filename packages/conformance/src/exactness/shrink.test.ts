import { type Block, type Coupling, weightRef } from '@isinglass/sdk';
import { expect, test } from 'vitest';
import { machineProfile } from '../oracle/machine/machine-profile.ts';
import { RandomStream } from '../random/random-stream.ts';
import { describeCase } from './describe-case.ts';
import { sizeOf } from './draft-bank.ts';
import type { ExactCase } from './exact-case.ts';
import { randomProgram } from './random-program.ts';
import { randomRun } from './random-run.ts';
import { blockOf } from './run-plan.ts';
import { shrink } from './shrink.ts';

const profile = machineProfile();

/** The first generated case that fails. */
function failingCase(fails: (c: ExactCase) => boolean): ExactCase {
  for (let n = 0; n < 400; n++) {
    const random = new RandomStream(BigInt(n), 'shrink');
    const program = randomProgram(random, { profile, law: 'fixed' });
    const found = { program, run: randomRun(program, random.fork('run'), { profile }) };
    if (fails(found)) return found;
  }
  throw new Error('no case fails');
}

const couplingsOf = ({ program, run }: ExactCase): readonly Coupling[] => blockOf(program, run.block).couplings;
const blocksOf = ({ program }: ExactCase): readonly Block[] =>
  program.json.stages.filter((stage): stage is Block => stage.kind === 'block');

test('a mistake of strided convolutions shrinks to one coupling between two banks, one image, one sweep', async () => {
  const strided = ({ form }: Coupling): boolean => form.kind === 'conv' && form.strides.some((stride) => stride > 1);
  const fails = (c: ExactCase): boolean => couplingsOf(c).some(strided);
  const first = failingCase((c) => fails(c) && blocksOf(c).length > 1 && couplingsOf(c).length > 3);
  const { smallest, finished, tried } = await shrink(first, { fails: async (c) => fails(c), timeMs: 10_000 });
  expect(finished).toBe(true);
  expect(tried).toBeGreaterThan(10);
  expect(couplingsOf(smallest)).toHaveLength(1);
  const [block] = blocksOf(smallest);
  expect(block?.banks).toHaveLength(2);
  expect(block?.biases).toHaveLength(0);
  expect(Math.max(...(block?.banks ?? []).map(({ shape }) => sizeOf(shape)))).toBeLessThanOrEqual(9);
  const { run } = smallest;
  expect([run.images.length, run.chains, run.sweeps, run.readouts.length]).toEqual([1, 1, 1, 1]);
  expect(run.start.kind).toBe('random');
  expect(describeCase(smallest)).toContain('strides');
});

test.each(['dense', 'sparse', 'diagonal'] as const)(
  'a weight of 3 in a %s coupling shrinks to a few spins',
  async (kind) => {
    const has = ({ program, run }: ExactCase): boolean =>
      blockOf(program, run.block).couplings.some(({ form }) => {
        const weights = program.tensors.get(weightRef(form).tensor)?.data as Int8Array;
        return form.kind === kind && weights.includes(3);
      });
    const { smallest, finished } = await shrink(failingCase(has), { fails: async (c) => has(c), timeMs: 10_000 });
    expect(finished).toBe(true);
    const spins = blockOf(smallest.program, smallest.run.block).banks.map(({ shape }) => sizeOf(shape));
    expect(spins.length).toBeLessThanOrEqual(2);
    // Leading spins are kept, so the weight's own place bounds the size; halves of other weights are 0.
    const [coupling] = couplingsOf(smallest);
    const weights = smallest.program.tensors.get(weightRef((coupling as Coupling).form).tensor)?.data as Int8Array;
    expect(weights.filter((w) => w !== 0)).toHaveLength(1);
  },
);

test('a mistake of the third sweep keeps three sweeps; one of image 2 keeps one image', async () => {
  const late = failingCase(({ run }) => run.sweeps >= 6);
  expect((await shrink(late, { fails: async ({ run }) => run.sweeps >= 3, timeMs: 10_000 })).smallest.run.sweeps).toBe(
    3,
  );
  const many = failingCase(({ run }) => run.images.length === 4);
  const wanted = many.run.images[2] as number;
  const { smallest } = await shrink(many, {
    fails: async ({ run }) => run.images.includes(wanted),
    timeMs: 10_000,
  });
  expect([...smallest.run.images]).toEqual([wanted]);
});

test('what is left is a valid case that runs', async () => {
  const { FixedMachine } = await import('../oracle/fixed-machine.ts');
  const machine = new FixedMachine();
  const first = failingCase(({ run }) => run.start.kind === 'given' && run.images.length > 1);
  const { smallest } = await shrink(first, {
    timeMs: 10_000,
    async fails({ program, run }) {
      const loaded = await machine.load(program, {});
      const { traced: _, next: __, ...q } = run;
      await loaded.run({ ...q, keep: 'nothing', signal: new AbortController().signal });
      await loaded.unload();
      return run.start.kind === 'given';
    },
  });
  expect(smallest.run.start.kind).toBe('given');
  await machine.close();
});

test('time bounds it', async () => {
  const first = failingCase(({ run }) => run.images.length > 2);
  const slow = async (): Promise<boolean> => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return false;
  };
  expect((await shrink(first, { fails: slow, timeMs: 50 })).finished).toBe(false);
});
