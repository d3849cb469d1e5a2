/** The kernel against its witness, the sampler that goes spin by spin: a fault that never happens keeps a machine from the kernel. */
import { afterEach, expect, test, vi } from 'vitest';
import { firstDifference } from '../../exactness/first-difference.ts';
import { randomProgram } from '../../exactness/random-program.ts';
import { randomRun } from '../../exactness/random-run.ts';
import { runPlan } from '../../exactness/run-plan.ts';
import { Lab } from '../../lab/lab.ts';
import { machineProfile } from '../../oracle/machine/machine-profile.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { FaultyMachine } from '../faulty-machine.ts';
import type { SamplerFault } from '../sampler-fault.ts';
import { RowSweep } from './row-sweep.ts';

afterEach(() => void vi.restoreAllMocks());

const never: SamplerFault = { kind: 'order', order: 'skip-color', color: 0, period: 2 ** 40 };

const cases: readonly (readonly [string, readonly SamplerFault[]])[] = [
  ['no fault', []],
  ['updates of a color at once', [{ kind: 'order', order: 'simultaneous' }]],
  ['reversed colors', [{ kind: 'order', order: 'reversed' }]],
  ['another β', [{ kind: 'beta-scale', factor: 1.3 }]],
  ['a comparator of 8 bits', [{ kind: 'activation', change: 'bits', bits: 8 }]],
  ['chains that share random numbers', [{ kind: 'uniform', change: 'shared-by-chains', chains: 2 }]],
];

test.each(cases)('%s: 60 random programs give the same by the kernel and spin by spin', async (_, faults) => {
  const profile = machineProfile();
  const random = new RandomStream(2n, 'row-sweep.test');
  const kernel = vi.spyOn(RowSweep.prototype, 'sweep');
  const [fast, slow] = [[], [never]].map(
    (more) => new Lab(new FaultyMachine({ faults: [...faults, ...more] }), { deadlineMs: 60_000 }),
  ) as [Lab, Lab];
  let byKernel = 0;
  for (let n = 0; n < 60; n++) {
    const stream = random.fork(`program ${n}`);
    const program = randomProgram(stream, { profile, law: n % 6 === 5 ? 'real' : 'fixed' });
    const plan = randomRun(program, stream.fork('run'), { profile });
    const [a, b] = [await fast.load(program), await slow.load(program)];
    kernel.mockClear();
    const found = await runPlan(fast, a, plan);
    if (kernel.mock.calls.length > 0) byKernel++;
    kernel.mockClear();
    const wanted = await runPlan(slow, b, plan);
    expect(kernel).not.toHaveBeenCalled();
    expect(firstDifference(program, plan, found, wanted), `program ${n}`).toBeNull();
    await fast.unload(a);
    await slow.unload(b);
  }
  expect(byKernel).toBeGreaterThan(20);
});
