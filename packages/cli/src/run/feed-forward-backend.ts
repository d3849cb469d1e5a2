/**
 * The program's own feed-forward evaluation as a device: every free spin takes its feed-forward sign (semantics 4.8 and
 * 7; paper eq. 18–19) instead of being sampled. A session on it runs host stages exactly as a session on any other
 * device, so that its outputs are what the outputs of sampling should agree with.
 *
 * The fixed law says every bit of it, so the CPU's kernels may do it, far faster than the reference evaluation of the
 * sdk; that one does the rest: the real law, and what does not fit into memory.
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
  type Plan,
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
  /** What follows the scheme are options of the kernels, such as `?threads=1`. */
  async open(uri, o) {
    const { default: cpu } = await import('@isinglass/backend-cpu');
    return feedForwardDriver(await cpu.open(uri.replace(/^[^?]*/, cpu.scheme), o));
  },
};

/** The feed-forward signs of a run, by free bank, one row per image. */
type Evaluation = (q: DriverRun) => Promise<Readonly<Record<string, PackedSpins>>>;

function feedForwardDriver(kernels: Driver): Driver {
  const planOnKernels = (program: Program): Plan | null => {
    if (program.json.law.kind !== 'fixed') return null;
    const plan = kernels.plan(program);
    return 'blocks' in plan ? plan : null;
  };
  return {
    profile: feedForwardProfile,
    lost: kernels.lost,
    plan: (program) => planOnKernels(program) ?? referencePlan(program),
    async load(program, o) {
      if (planOnKernels(program) === null) return loaded(referenceEvaluation(program), async () => {});
      const inner = await kernels.load(program, o);
      return loaded(initialStates(inner), () => inner.unload());
    },
    close: () => kernels.close(),
  };
}

function loaded(evaluate: Evaluation, unload: () => Promise<void>): LoadedProgram {
  return {
    async run(q) {
      const states = await evaluate(q);
      return { readouts: q.readouts.map((readout) => readoutOf(states, readout, q)), counters: {} };
    },
    unload,
  };
}

/** The states before the first sweep of a run that starts feed-forward. A run has a sweep at least; its result is dropped. */
function initialStates(program: LoadedProgram): Evaluation {
  return async (q) => {
    let states: Readonly<Record<string, PackedSpins>> | undefined;
    await program.run({
      ...q,
      ...{ chains: 1, chainOffset: 0, sweeps: 1, burnIn: 0, stride: 1, sweepOffset: 0, temperatures: null },
      ...{ start: { kind: 'feed-forward' }, keep: 'nothing', readouts: [] },
      trace: (sweep, banks) => {
        if (sweep === 0) states = banks;
      },
    });
    if (states === undefined) throw new Error('the kernels showed no initial state');
    return states;
  };
}

function referenceEvaluation(program: Program): Evaluation {
  return async (q) => {
    // Lets signals and other work in between batches.
    await new Promise((resolve) => setImmediate(resolve));
    q.signal.throwIfAborted();
    const block = blocksOf(program).find(({ index }) => index === q.block);
    if (block === undefined) throw new Error(`the program has no block ${q.block}`);
    return feedForwardStates(program, block, { gains: q.gains, inputs: q.inputs, images: q.images });
  };
}

function referencePlan(program: Program): Plan {
  return {
    bytes: 0,
    blocks: blocksOf(program).map((block) => ({
      bytesPerRow: block.banks.reduce((sum, bank) => sum + 4 * wordsPerRow(spinCountOf(bank)), 0),
      rowsMax: 2 ** 31,
      // Small, so that an abort is seen soon: the evaluation of a batch does not yield.
      rowsPreferred: 20,
    })),
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
  if (readout.as === 'signs') return { signs };
  const samples = Math.floor((q.sweeps - q.burnIn) / q.stride) * q.chains;
  const unit = samples * (readout.observable === 'conditional-sum' ? 65536 : 1);
  const sums = Int32Array.from(unpackSpins(signs), (spin) => spin * unit);
  return readout.as === 'sums' ? { sums } : { signs, sums };
}

function blocksOf(program: Program): readonly Block[] {
  return program.json.stages.filter((stage) => stage.kind === 'block');
}
