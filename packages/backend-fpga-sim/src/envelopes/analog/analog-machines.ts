/** An analog p-bit machine as the sdk's `Machines`: what it holds, with its errors, is drawn once for each program. */
import {
  type Block,
  type BlockPlan,
  checkHolding,
  isUnstated,
  type Misfit,
  type Plan,
  type Program,
} from '@isinglass/sdk';
import { type BlockMachine, type LoadMachineOptions, type Machines, Slicer } from '@isinglass/sdk/machine-driver';
import type { Envelope } from '../envelope.ts';
import { drawCorrelation } from '../noise-model.ts';
import { type HeldProgram, programAsHeld } from '../program-as-held.ts';
import { AnalogMachine } from './analog-machine.ts';
import type { AnalogBehavior } from './analog-run.ts';
import { heldBlock } from './held-block.ts';

/** What the host keeps of all rows of a run. */
const rowBytesMax = 2 ** 30;

export class AnalogMachines implements Machines {
  /** An emulated machine is not lost. */
  readonly lost: AbortSignal = new AbortController().signal;
  readonly #envelope: Envelope;
  readonly #behavior: AnalogBehavior;
  readonly #seed: bigint;
  readonly #held = new WeakMap<Program, HeldProgram>();

  /** The same `seed` is the same machine, programmed the same way. */
  constructor(envelope: Envelope, o: { readonly seed: bigint }) {
    this.#envelope = envelope;
    this.#behavior = analogBehavior(envelope);
    this.#seed = o.seed;
  }

  /** Limits that the vendor does not publish keep no program from being held. */
  plan(program: Program): Plan | readonly Misfit[] {
    const misfits = checkHolding(program, this.#envelope.profile).filter((misfit) => !isUnstated(misfit));
    if (misfits.length > 0) return misfits;
    const blocks = program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
    return { bytes: 0, blocks: blocks.map((block) => this.#planOf(block)) };
  }

  async load({ program, block, plan, signals }: LoadMachineOptions): Promise<BlockMachine> {
    const held = await new Slicer(signals).drain(heldBlock(this.#hold(program), block.index));
    return new AnalogMachine({ plan, block: held, behavior: this.#behavior });
  }

  effective(program: Program): Program {
    return this.#hold(program).program;
  }

  async close(): Promise<void> {}

  #hold(program: Program): HeldProgram {
    const known = this.#held.get(program);
    if (known !== undefined) return known;
    const held = programAsHeld(program, this.#envelope.noise, this.#seed);
    this.#held.set(program, held);
    return held;
  }

  /** A state and a random number of every spin, padded. */
  #planOf(block: Block): BlockPlan {
    const spins = block.banks.reduce(
      (sum, { shape }) => sum + 32 * Math.ceil(shape.reduce((product, size) => product * size, 1) / 32),
      0,
    );
    const bytesPerRow = 3 * spins;
    const { rowsMax } = this.#envelope.profile.batch;
    const rows = typeof rowsMax === 'number' ? rowsMax : Number.POSITIVE_INFINITY;
    return {
      bytesPerRow,
      rowsMax: Math.max(1, Math.min(rows, Math.floor(rowBytesMax / bytesPerRow))),
      rowsPreferred: 1,
    };
  }
}

/** Where the time of a sweep is not published, neither is how far apart its updates are: draws are independent then. */
export function analogBehavior({ noise, time, profile }: Envelope): AnalogBehavior {
  const { clockHz } = profile.timing;
  const sweepNs = time.kind === 'sweeps' && clockHz !== null ? (1e9 * time.cyclesPerSweep) / clockHz : null;
  const frameReadNs = time.kind === 'sweeps' ? time.frameReadNs : null;
  return {
    keepProbability: sweepNs === null ? 0 : (drawCorrelation(noise, sweepNs) ?? 0),
    readoutFlip: noise.readoutFlip,
    timeNs: ({ sweeps, readings }) => {
      if (sweepNs === null || (frameReadNs === null && readings > 0)) return null;
      return sweeps * sweepNs + readings * (frameReadNs ?? 0);
    },
  };
}
