/** States that a run keeps and another one goes on from (semantics 2.5). */
import { Dice, driverRun, pickRows } from '@isinglass/sdk/testing';
import { describe, expect } from 'vitest';
import { codeOf, imagesOf, maps, short, ways } from './plain-runs.ts';
import { driverTest } from './support/driver-test.ts';

describe.each(ways)('a state that is kept, %s,', (_, uriWith) => {
  const all = { ...short, images: imagesOf(3), chains: 2, keep: 'host' } as const;
  const rows = Uint32Array.from({ length: 6 }, (__, n) => n);

  driverTest('goes on as if the run had not ended, on the device and from the host', async ({ open }) => {
    const loaded = await (await open(uriWith())).driver.load(maps, {});
    const whole = await loaded.run(driverRun(all));
    const onHost = await loaded.run(driverRun({ ...all, sweeps: 3 }));
    const onDevice = await loaded.run(driverRun({ ...all, sweeps: 3, keep: 'device' }));
    const { handle } = onDevice;
    if (handle === undefined || onHost.last === undefined) throw new Error('nothing was kept');
    const rest = { ...all, sweeps: 5, sweepOffset: 3 };
    const given = await loaded.run(driverRun({ ...rest, start: { kind: 'given', states: onHost.last } }));
    const resumed = await loaded.run(driverRun({ ...rest, start: { kind: 'resume', handle, rows } }));
    expect(given.last).toEqual(whole.last);
    expect(resumed.last).toEqual(whole.last);
    expect(resumed.readouts).toEqual(given.readouts);
    handle.release();
  });

  driverTest('may be resumed with some of its rows, in any order, as often as one likes', async ({ open }) => {
    const loaded = await (await open(uriWith())).driver.load(maps, {});
    const { handle } = await loaded.run(driverRun({ ...all, keep: 'device' }));
    const { last } = await loaded.run(driverRun(all));
    if (handle === undefined || last === undefined) throw new Error('nothing was kept');
    const dice = new Dice(5);
    for (let n = 0; n < 3; n++) {
      const chosen = Uint32Array.from({ length: 6 }, () => dice.integer(0, 5));
      const states = pickRows(last, chosen);
      const next = { ...all, sweeps: 2, sweepOffset: 8 };
      const given = await loaded.run(driverRun({ ...next, start: { kind: 'given', states } }));
      const resumed = await loaded.run(driverRun({ ...next, start: { kind: 'resume', handle, rows: chosen } }));
      expect(resumed.last).toEqual(given.last);
    }
  });

  driverTest('cannot be resumed once it is released', async ({ open }) => {
    const loaded = await (await open(uriWith())).driver.load(maps, {});
    const { handle } = await loaded.run(driverRun({ ...all, keep: 'device' }));
    if (handle === undefined) throw new Error('nothing was kept');
    const resume = driverRun({ ...all, start: { kind: 'resume', handle, rows }, sweepOffset: 8 });
    expect(await codeOf(loaded.run(resume))).toBe('resolved');
    handle.release();
    handle.release();
    expect(await codeOf(loaded.run(resume))).toBe('device-closed');
  });
});
