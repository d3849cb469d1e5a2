/** One run on a machine: the initial state, the sweeps, progress, trace, what is kept, what comes out. */
import {
  type Block,
  type DriverResult,
  type DriverRun,
  type PackedSpins,
  type StateHandle,
  wordsPerRow,
} from '@isinglass/sdk';
import type { BlockMachine, KeptState, MachineRun } from './block-machine.ts';
import { Slicer } from './event-loop.ts';
import { untilAborted } from './until-aborted.ts';

export interface RunContext {
  readonly block: Block;
  readonly machine: BlockMachine;
  /** The state behind the handle of a resumed run. */
  readonly from: KeptState | null;
  /** Aborted when the program is unloaded or the device closed. */
  readonly closing: AbortSignal;
  /** Makes the caller's handle. */
  readonly handleFor: (state: KeptState) => StateHandle;
}

/** Runs it to its end. Rejects with the reason of an aborted signal, between two slices of work. */
export async function executeRun(run: DriverRun, context: RunContext): Promise<DriverResult> {
  const slicer = new Slicer([run.signal, context.closing]);
  slicer.check();
  const began = performance.now();
  const machineRun = context.machine.begin(run, context.from);
  await slicer.drain(machineRun.prepare());
  await trace(0, run, machineRun, slicer, context.block);
  for (let t = 1; t <= run.sweeps; t++) {
    await slicer.drain(machineRun.sweep(t));
    run.onProgress?.(t);
    await trace(t, run, machineRun, slicer, context.block);
  }
  const kept = await keep(run, machineRun, slicer, context);
  return {
    readouts: machineRun.readouts(),
    ...kept,
    counters: { flips: machineRun.flips, deviceNs: Math.round((performance.now() - began) * 1e6) },
  };
}

async function keep(
  run: DriverRun,
  machineRun: MachineRun,
  slicer: Slicer,
  { handleFor }: RunContext,
): Promise<Pick<DriverResult, 'last' | 'handle'>> {
  switch (run.keep) {
    case 'nothing':
      return {};
    case 'host':
      return { last: await slicer.drain(machineRun.pack()) };
    case 'device':
      return { handle: handleFor(machineRun.keep(await slicer.drain(machineRun.pack()))) };
    default:
      return run.keep satisfies never;
  }
}

async function trace(t: number, run: DriverRun, machineRun: MachineRun, slicer: Slicer, block: Block): Promise<void> {
  if (run.trace === undefined) return;
  const free = await slicer.drain(machineRun.pack());
  const banks = Object.fromEntries(
    block.banks.map(({ id, role }) => [
      id,
      role === 'free' ? (free[id] as PackedSpins) : perChain(run.inputs[id] as PackedSpins, run.chains),
    ]),
  );
  // Back-pressure: the next sweep waits for the listener, but not beyond the end of the run.
  await untilAborted(Promise.resolve(run.trace(t, banks)), slicer.signals);
}

/** One row per image as one row per (image, chain). */
function perChain(spins: PackedSpins, chains: number): PackedSpins {
  const stride = wordsPerRow(spins.spinCount);
  const rows = spins.rows * chains;
  const words = new Uint32Array(rows * stride);
  for (let row = 0; row < rows; row++) {
    const image = Math.floor(row / chains);
    words.set(spins.words.subarray(image * stride, (image + 1) * stride), row * stride);
  }
  return { words, rows, spinCount: spins.spinCount };
}
