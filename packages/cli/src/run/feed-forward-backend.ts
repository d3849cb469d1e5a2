/**
 * The program's own feed-forward evaluation as a device: every free spin takes its feed-forward sign (semantics 4.8 and
 * 7; paper eq. 18–19) instead of being sampled. A session on it runs host stages exactly as a session on any other
 * device, so that its outputs are what the outputs of sampling should agree with. It draws nothing and needs one sweep.
 */
import {
  type Backend,
  type Block,
  contractVersion,
  type Driver,
  type DriverReadout,
  type DriverRun,
  type LoadedProgram,
  type PackedSpins,
  type Program,
  spinCountOf,
  unpackSpins,
  wordsPerRow,
} from '@isinglass/sdk';
import { feedForwardStates } from '@isinglass/sdk/reference';
import { feedForwardProfile } from './feed-forward-profile.ts';

export const feedForwardBackend: Backend = {
  scheme: 'feed-forward',
  contract: contractVersion,
  enumerate: async () => [
    { uri: 'feed-forward', label: 'feed-forward evaluation', available: true, profile: feedForwardProfile },
  ],
  open: async () => feedForwardDriver(),
};

function feedForwardDriver(): Driver {
  return {
    profile: feedForwardProfile,
    lost: new AbortController().signal,
    plan: (program) => ({
      bytes: 0,
      blocks: blocksOf(program).map((block) => ({
        bytesPerRow: block.banks.reduce((sum, bank) => sum + 4 * wordsPerRow(spinCountOf(bank)), 0),
        rowsMax: 2 ** 31,
        // Small, so that an abort is seen soon: the evaluation of a batch does not yield.
        rowsPreferred: 20,
      })),
    }),
    load: async (program) => loaded(program),
    close: async () => {},
  };
}

function loaded(program: Program): LoadedProgram {
  return {
    async run(q) {
      // Lets signals and other work in between batches.
      await new Promise((resolve) => setImmediate(resolve));
      q.signal.throwIfAborted();
      const block = blocksOf(program).find(({ index }) => index === q.block);
      if (block === undefined) throw new Error(`the program has no block ${q.block}`);
      const states = feedForwardStates(program, block, { gains: q.gains, inputs: q.inputs, images: q.images });
      return { readouts: q.readouts.map((readout) => readoutOf(states, readout, q)), counters: {} };
    },
    unload: async () => {},
  };
}

/** The sum over K equal samples of every chain. */
function readoutOf(
  states: Readonly<Record<string, PackedSpins>>,
  readout: DriverRun['readouts'][number],
  q: DriverRun,
): DriverReadout {
  const signs = states[readout.bank];
  if (signs === undefined) throw new Error(`block ${q.block} has no free bank ${readout.bank}`);
  const samples = Math.floor((q.sweeps - q.burnIn) / q.stride) * q.chains;
  const unit = samples * (readout.observable === 'conditional-sum' ? 65536 : 1);
  const sums = Int32Array.from(unpackSpins(signs), (spin) => spin * unit);
  return readout.as === 'signs' ? { signs } : readout.as === 'sums' ? { sums } : { signs, sums };
}

function blocksOf(program: Program): readonly Block[] {
  return program.json.stages.filter((stage) => stage.kind === 'block');
}
