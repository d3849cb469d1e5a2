import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { convolutionProgram, driverRun } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { load, openCpu, plainRun } from './drive.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Bytes of all live typed arrays. */
function arrayBytes(): number {
  collect();
  return process.memoryUsage().arrayBuffers;
}

test('on cpu:scalar, a run takes no more than planned, and the plan is not more than three times too large', async () => {
  const program = convolutionProgram({ channels: 8, size: 40 });
  const driver = await openCpu('cpu:scalar');
  const plan = driver.plan(program);
  if (!('blocks' in plan)) throw new Error('the program must fit');
  const before = arrayBytes();
  const loaded = await load(driver, program);
  expect(arrayBytes() - before).toBeLessThanOrEqual(plan.bytes);
  const images = 60;
  const planned = plan.bytes + images * (plan.blocks[0]?.bytesPerRow ?? Number.NaN);
  const data = plainRun({
    block: 3,
    gains: { delta: 1 },
    images: Uint32Array.from({ length: images }, (_, n) => n),
    sweeps: 2,
    start: { kind: 'feed-forward' },
    keep: 'device',
    readouts: ['a', 'b'].flatMap((bank) =>
      (['spin-sum', 'conditional-sum'] as const).map(
        (observable) => ({ bank, observable, as: 'both', tie: 1 }) as const,
      ),
    ),
  });
  let used = 0;
  const trace = (): void => {
    used = Math.max(used, arrayBytes() - before);
  };
  const result = await loaded.run(driverRun(data, { trace }));
  expect(used).toBeLessThanOrEqual(planned);
  expect(used).toBeGreaterThan(planned / 3);
  expect(result.handle).toBeDefined();
  await driver.close();
});
