/** One run of one block on a machine of the suite: start, sweeps in order, readouts. */
import type { DriverResult, DriverRun, PackedSpins } from '@isinglass/sdk';
import type { BankPlace, BlockStructure } from '../block-structure.ts';
import { KeptRows, resumedRows } from './kept-rows.ts';
import { packBank, placeBank } from './packed-rows.ts';
import { Readout } from './readout.ts';
import type { MachineRows, PrepareBlock, Sampler } from './sampler.ts';
import { Pace, untilAborted } from './until-aborted.ts';

/** A block that is ready to run. */
export interface PreparedBlock {
  readonly structure: BlockStructure;
  readonly samplerOf: ReturnType<PrepareBlock>;
}

/** Rejects with the reason of the first aborted signal, with what a listener throws, or with InvalidRequestError. */
export async function executeRun(
  block: PreparedBlock,
  run: DriverRun,
  signals: readonly AbortSignal[],
): Promise<DriverResult> {
  const { structure } = block;
  const { spins, banks } = structure;
  const rows = startRows(block, run);
  const sampler = samplerOf(block, run, rows);
  const kept = Math.floor((run.sweeps - run.burnIn) / run.stride);
  const size = { images: run.images.length, chains: run.chains, kept, spins };
  const readouts = run.readouts.map(
    (ask) => new Readout(ask, banks.find(({ id }) => id === ask.bank) as BankPlace, size),
  );
  const packed = (wanted: (bank: BankPlace) => boolean): Record<string, PackedSpins> =>
    Object.fromEntries(banks.filter(wanted).map((bank) => [bank.id, packBank({ ...rows, spins }, bank)]));
  const show = async (sweep: number): Promise<void> => {
    if (run.trace !== undefined)
      await untilAborted(
        run.trace(
          sweep,
          packed(() => true),
        ),
        signals,
      );
  };
  const pace = new Pace(signals);
  let flips = 0;
  // Nothing is reported to a listener before the caller has its promise.
  await pace.turn();
  await show(0);
  for (let t = 1; t <= run.sweeps; t++) {
    const k = t > run.burnIn && (t - run.burnIn) % run.stride === 0 ? (t - run.burnIn) / run.stride - 1 : -1;
    for (let first = 0; first < rows.count; first += sampler.rowsAtOnce) {
      const count = Math.min(sampler.rowsAtOnce, rows.count - first);
      flips += sampler.sweepRows(first, count, t);
      for (let row = first; k >= 0 && row < first + count; row++) {
        for (const readout of readouts) readout.add(row, k, rows);
      }
      if (pace.due()) await pace.turn();
    }
    run.onProgress?.(t);
    await show(t);
  }
  for (const signal of signals) signal.throwIfAborted();
  return {
    readouts: readouts.map((readout) => readout.result()),
    ...(run.keep === 'host' ? { last: packed((bank) => bank.free) } : {}),
    ...(run.keep === 'device' ? { handle: new KeptRows(block, rows.states, spins) } : {}),
    counters: { flips },
  };
}

/** Pinned spins in place; given and resumed states, too. */
function startRows(block: PreparedBlock, run: DriverRun): MachineRows {
  const { spins, banks } = block.structure;
  const count = run.images.length * run.chains;
  const states = run.start.kind === 'resume' ? resumedRows(block, run.start, count) : new Int8Array(count * spins);
  const rows = { count, spins, states };
  for (const bank of banks) {
    const inputs = bank.free ? undefined : run.inputs[bank.id];
    if (inputs !== undefined) placeBank(rows, bank, inputs, (row) => Math.floor(row / run.chains));
    const given = run.start.kind === 'given' ? run.start.states[bank.id] : undefined;
    if (given !== undefined) placeBank(rows, bank, given, (row) => row);
  }
  return { count, states, plusDraws: new Int32Array(count * spins) };
}

function samplerOf(block: PreparedBlock, run: DriverRun, rows: MachineRows): Sampler {
  const sampler = block.samplerOf(run, rows);
  if (run.start.kind === 'random' || run.start.kind === 'feed-forward') sampler.begin(run.start.kind);
  return sampler;
}
