import { type DeviceProgram, unpackSpins } from '@isinglass/sdk';
import type { BlockTask } from '../programs/block-task.ts';
import type { CheckProtocol, Workload } from '../workloads/workload.ts';
import { energyPerSpin } from './energy-per-spin.ts';

/** The mean energy per spin by the protocol, over all rows: random start, states read every `stride` sweeps of `span`. */
export async function checkEnergy(
  loaded: DeviceProgram,
  task: BlockTask,
  { workload, protocol }: { readonly workload: Workload; readonly protocol: CheckProtocol },
): Promise<number> {
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
  const perRow = samples / (task.images * task.chains);
  const state = new Int8Array(banks.reduce((sum, { spinCount }) => sum + spinCount, 0));
  let energy = 0;
  for (let sample = 0; sample < samples; sample++) {
    let first = 0;
    for (const { spins, spinCount } of banks) {
      state.set(spins.subarray(sample * spinCount, (sample + 1) * spinCount), first);
      first += spinCount;
    }
    energy += energyPerSpin(workload, Math.floor(sample / perRow), state);
  }
  return energy / samples;
}
