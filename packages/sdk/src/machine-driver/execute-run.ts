/** One run on a machine: the initial state, the sweeps, progress, trace, what comes out, what is kept. */
import type { DriverResult, DriverRun, StateHandle } from '../contract/driver.ts';
import type { Block } from '../program/program-json.ts';
import { type PackedSpins, wordsPerRow } from '../spins/packed-spins.ts';
import type { BlockMachine, KeptState, MachineRun } from './block-machine.ts';
import { untilAborted } from './until-aborted.ts';

export interface RunContext {
  readonly block: Block;
  readonly machine: BlockMachine;
  /** The state behind the handle of a resumed run. */
  readonly from: KeptState | null;
  /** Aborted when the caller has enough, the program is unloaded, the device closed or lost. */
  readonly signals: readonly AbortSignal[];
  /** Makes the caller's handle. */
  readonly handleFor: (state: KeptState) => StateHandle;
}

/** Runs it to its end. Rejects with the reason of an aborted signal. What the machine holds for the run is freed either way. */
export async function executeRun(run: DriverRun, context: RunContext): Promise<DriverResult> {
  const { signals } = context;
  for (const signal of signals) signal.throwIfAborted();
  const began = performance.now();
  const machineRun = context.machine.begin(run, { from: context.from, signals });
  try {
    await machineRun.prepare();
    await sweeps(run, machineRun, context);
    const readouts = await machineRun.readouts();
    // Last: nothing can fail between the handle and the result that carries it.
    const kept = await keep(run, machineRun, context);
    const counted = machineRun.counters?.() ?? { deviceNs: Math.round((performance.now() - began) * 1e6) };
    return { readouts, ...kept, counters: { flips: machineRun.flips, ...counted } };
  } finally {
    machineRun.end();
  }
}

async function sweeps(run: DriverRun, machineRun: MachineRun, context: RunContext): Promise<void> {
  const onProgress = (done: number): void => run.onProgress?.(done);
  if (run.trace === undefined) {
    await machineRun.advance(1, run.sweeps, onProgress);
    return;
  }
  await trace(0, run, machineRun, context);
  for (let t = 1; t <= run.sweeps; t++) {
    await machineRun.advance(t, t, onProgress);
    await trace(t, run, machineRun, context);
  }
}

async function keep(
  run: DriverRun,
  machineRun: MachineRun,
  { handleFor }: RunContext,
): Promise<Pick<DriverResult, 'last' | 'handle'>> {
  switch (run.keep) {
    case 'nothing':
      return {};
    case 'host':
      return { last: await machineRun.pack() };
    case 'device':
      return { handle: handleFor(machineRun.keep(await machineRun.pack())) };
    default:
      return run.keep satisfies never;
  }
}

async function trace(t: number, run: DriverRun, machineRun: MachineRun, { block, signals }: RunContext): Promise<void> {
  if (run.trace === undefined) return;
  const free = await machineRun.pack();
  const banks = Object.fromEntries(
    block.banks.map(({ id, role }) => [
      id,
      role === 'free' ? (free[id] as PackedSpins) : perChain(run.inputs[id] as PackedSpins, run.chains),
    ]),
  );
  // Back-pressure: the next sweep waits for the listener, but not beyond the end of the run.
  await untilAborted(Promise.resolve(run.trace(t, banks)), signals);
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
