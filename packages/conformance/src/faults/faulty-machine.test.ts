import { expect, test } from 'vitest';
import { firstDifference } from '../exactness/first-difference.ts';
import { randomProgram } from '../exactness/random-program.ts';
import { randomRun } from '../exactness/random-run.ts';
import { runPlan } from '../exactness/run-plan.ts';
import { Lab } from '../lab/lab.ts';
import { FixedMachine } from '../oracle/fixed-machine.ts';
import { machineProfile } from '../oracle/machine/machine-profile.ts';
import { RandomStream } from '../random/random-stream.ts';
import { FaultyMachine } from './faulty-machine.ts';
import { faulty, follows, truth } from './fixtures/pinned-ring.ts';

test('without a fault the machine is FixedMachine on 120 random programs, 2 runs each', async () => {
  const profile = machineProfile();
  const random = new RandomStream(1n, 'faulty-machine.test');
  const plain = new Lab(new FixedMachine(), { deadlineMs: 60_000 });
  const fast = new Lab(new FaultyMachine(), { deadlineMs: 60_000 });
  for (let n = 0; n < 120; n++) {
    const stream = random.fork(`program ${n}`);
    const program = randomProgram(stream, { profile, law: n % 6 === 5 ? 'real' : 'fixed' });
    const [a, b] = [await plain.load(program), await fast.load(program)];
    for (let k = 0; k < 2; k++) {
      const plan = randomRun(program, stream.fork(`run ${k}`), { profile });
      const [wanted, found] = [await runPlan(plain, a, plan), await runPlan(fast, b, plan)];
      expect(firstDifference(program, plan, found, wanted), `program ${n}, run ${k}`).toBeNull();
    }
    await plain.unload(a);
    await fast.unload(b);
  }
});

test('the hand-made sweeps of this file are those of the machine', async () => {
  const history = await truth();
  expect(follows(history, (_, other, now) => now[other] as number)).toBe(true);
  expect(await faulty()).toEqual(history);
});
