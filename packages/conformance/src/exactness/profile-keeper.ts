/** A driver that refuses every run its profile does not declare: what checks ask of narrow devices is seen in their tests. */
import type { DeviceProfile, Driver, DriverRun, Limit, Program } from '@isinglass/sdk';
import { spoiledDriver } from '../faults/spoiled-driver.ts';

/** Throws RangeError from `run` for what is outside the profile. */
export function profileKeeper(driver: Driver): Driver {
  let inFlight = 0;
  return spoiledDriver(driver, {
    async run(q, run, program) {
      const found = outside(q, program, driver.profile);
      if (inFlight >= driver.profile.batch.inFlight) found.push('batch.inFlight');
      if (found.length > 0) throw new RangeError(`outside the profile: ${found.join(', ')}`);
      inFlight++;
      try {
        return await run(q);
      } finally {
        inFlight--;
      }
    },
  });
}

function outside(q: DriverRun, program: Program, profile: DeviceProfile): string[] {
  const { batch, readout, init, features } = profile;
  const found: string[] = [];
  const check = (name: string, ok: boolean): void => {
    if (!ok) found.push(name);
  };
  const atMost = (name: string, limit: Limit, n: number): void => check(name, typeof limit !== 'number' || n <= limit);
  atMost('batch.imagesMax', batch.imagesMax, q.images.length);
  atMost('batch.chainsMax', batch.chainsMax, q.chains);
  atMost('batch.rowsMax', batch.rowsMax, q.images.length * q.chains);
  check('readout.strideMin', q.stride >= readout.strideMin);
  check('readout.trace', q.trace === undefined || readout.trace);
  check('features.temperature', q.temperatures === null || features.includes('temperature'));
  check(`init.${q.start.kind}`, init.includes(q.start.kind));
  check('init.resume', q.keep !== 'device' || init.includes('resume'));
  const samples = Math.floor((q.sweeps - q.burnIn) / q.stride) * q.chains;
  const counter = typeof readout.counterBits === 'number' ? 2 ** (readout.counterBits - 1) - 1 : 2 ** 31 - 1;
  for (const { observable, as } of q.readouts) {
    check(`readout.observables.${observable}`, readout.observables.includes(observable));
    check('readout.signs', as === 'sums' || readout.signs);
    if (observable === 'spin-sum') check('readout.counterBits', samples <= counter);
    if (observable === 'conditional-sum') check('readout.counterBits', samples * 65536 <= counter);
  }
  check('readouts', q.readouts.length > 0);
  const block = program.json.stages.find((stage) => stage.kind === 'block' && stage.index === q.block);
  const { dynamics } = profile;
  if (block?.kind === 'block' && q.temperatures !== null && 'betaRange' in dynamics) {
    const { beta } = block.schedule;
    const reference = typeof beta === 'number' ? beta : Math.max(...beta.map((step) => step.beta));
    const least = (reference * Math.min(...q.temperatures)) / 65536;
    check('dynamics.betaRange', least >= (dynamics.betaRange.min ?? 0));
  }
  return found;
}
