import { type DeviceProgram, unpackSpins } from '@isinglass/sdk';
import type { BlockTask } from '../programs/block-task.ts';
import type { CheckProtocol, Workload } from '../workloads/workload.ts';
import { energyPerSpin } from './energy-per-spin.ts';

export interface EnergyCheck {
  readonly workload: Workload;
  readonly protocol: CheckProtocol;
}

/** The mean energy per spin over all rows. */
export async function checkEnergy(loaded: DeviceProgram, task: BlockTask, check: EnergyCheck): Promise<number> {
  const energies = await rowEnergies(loaded, task, check);
  return energies.reduce((sum, energy) => sum + energy, 0) / energies.length;
}

/** Per row (images or chains) the mean energy per spin: random start, states read every `stride` sweeps of `span`. */
export async function rowEnergies(
  loaded: DeviceProgram,
  task: BlockTask,
  { workload, protocol }: EnergyCheck,
): Promise<Float64Array> {
  const { burnIn, span, stride } = protocol;
  const { readouts } = await loaded.run({
    block: task.block,
    images: task.images,
    chains: task.chains,
    inputs: task.inputs,
    seed: 2n,
    start: { kind: 'random' },
    sweeps: burnIn + span,
    burnIn,
    stride,
    readouts: task.freeBanks.map(({ id }) => ({ bank: id, observable: 'state', as: 'sums', tie: 1 })),
  });
  const banks = readouts.map(({ states }) => {
    if (states === undefined) throw new Error('a state readout has states');
    return { spins: unpackSpins(states), spinCount: states.spinCount, rows: states.rows };
  });
  const samples = banks[0]?.rows ?? 0;
  const energies = new Float64Array(task.images * task.chains);
  const perRow = samples / energies.length;
  const state = new Int8Array(banks.reduce((sum, { spinCount }) => sum + spinCount, 0));
  for (let sample = 0; sample < samples; sample++) {
    let first = 0;
    for (const { spins, spinCount } of banks) {
      state.set(spins.subarray(sample * spinCount, (sample + 1) * spinCount), first);
      first += spinCount;
    }
    const row = Math.floor(sample / perRow);
    energies[row] = (energies[row] as number) + energyPerSpin(workload, row, state) / perRow;
  }
  return energies;
}
