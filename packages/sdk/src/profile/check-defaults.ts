/**
 * What a device must have to run a program as the program asks by default: readouts, start, schedule. A request may ask
 * otherwise, so these findings do not keep a program from being loaded.
 */
import type { Misfit } from '../contract/driver.ts';
import { referenceBeta } from '../law/temperature.ts';
import type { Program } from '../program/program.ts';
import type { Block, Readout } from '../program/program-json.ts';
import type { DeviceProfile } from './device-profile.ts';
import { atMost, mustHave, within } from './misfits.ts';

/** Every reason why a run without further arguments would be refused. */
export function checkDefaults(program: Program, profile: DeviceProfile): readonly Misfit[] {
  return program.json.stages.flatMap((stage, index) =>
    stage.kind === 'block' ? checkBlockDefaults(stage, `stages[${index}]`, profile) : [],
  );
}

function checkBlockDefaults(block: Block, where: string, profile: DeviceProfile): readonly Misfit[] {
  const { schedule } = block;
  return [
    ...checkDynamics(block, where, profile),
    ...mustHave(canStart(schedule.init, profile), {
      limit: `init.${schedule.init}`,
      where: `${where}.schedule.init`,
      remedies: [`start the run otherwise: the device has ${profile.init.join(', ') || 'no start'}`],
    }),
    ...mustHave(typeof schedule.beta === 'number' || profile.features.includes('temperature'), {
      limit: 'features.temperature',
      where: `${where}.schedule.beta`,
      remedies: ['run with temperatures: null, at the constant reference β'],
    }),
    ...mustHave(schedule.stride >= profile.readout.strideMin, {
      limit: 'readout.strideMin',
      where: `${where}.schedule.stride`,
      remedies: [`run with a stride of at least ${profile.readout.strideMin}`],
    }),
    ...block.readouts.flatMap((readout, index) => checkReadout(readout, `${where}.readouts[${index}]`, profile)),
  ];
}

function checkDynamics(block: Block, where: string, profile: DeviceProfile): readonly Misfit[] {
  const { dynamics } = profile;
  if (dynamics.kind !== 'chromatic-gibbs' && dynamics.kind !== 'asynchronous') {
    return mustHave(false, {
      limit: 'dynamics.kind',
      where,
      remedies: [`a machine that samples at a held temperature: this one is of kind "${dynamics.kind}"`],
    });
  }
  const { beta } = block.schedule;
  const low = typeof beta === 'number' ? beta : Math.min(...beta.map((step) => step.beta));
  return within(
    dynamics.betaRange,
    { low, high: referenceBeta(block.schedule) },
    {
      limit: 'dynamics.betaRange',
      where: `${where}.schedule.beta`,
      remedies: ['another β'],
    },
  );
}

function checkReadout(readout: Readout, where: string, profile: DeviceProfile): readonly Misfit[] {
  const { observable } = readout;
  const found = mustHave(canRead(observable, profile), {
    limit: `readout.observables.${observable}`,
    where,
    remedies: [`read something else: the device has ${profile.readout.observables.join(', ') || 'no observable'}`],
  });
  // A sum that the sdk makes from states needs no counter.
  if (observable === 'state' || !profile.readout.observables.includes(observable)) return found;
  // One retained sweep of one chain is the least that a counter must hold: a run is split down to it.
  return atMost(profile.readout.counterBits, observable === 'spin-sum' ? 2 : 18, {
    limit: 'readout.counterBits',
    where,
    remedies: ['a readout that needs less'],
  });
}

/** Whether the device has the observable, or one that the sdk can sum it from. */
export function canRead(observable: Readout['observable'], profile: DeviceProfile): boolean {
  const { observables } = profile.readout;
  return observables.includes(observable) || (observable === 'spin-sum' && observables.includes('state'));
}

/** Whether the device can start so, by itself or from states that the host gives it. */
export function canStart(kind: 'random' | 'feed-forward', profile: DeviceProfile): boolean {
  return profile.init.includes(kind) || profile.init.includes('given');
}
