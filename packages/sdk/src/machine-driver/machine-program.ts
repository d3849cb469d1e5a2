/** A program on block machines: its machines, its runs, its kept states. */
import type { DriverResult, DriverRun, LoadedProgram } from '../contract/driver.ts';
import { DeviceClosedError, InvalidRequestError } from '../errors/isinglass-error.ts';
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import type { BlockMachine, KeptState } from './block-machine.ts';
import { executeRun } from './execute-run.ts';
import type { RunQueue } from './run-queue.ts';
import { StateHandles } from './state-handles.ts';

/** A block with the machine that runs it. */
export interface LoadedBlock {
  readonly block: Block;
  readonly machine: BlockMachine;
}

export class MachineProgram implements LoadedProgram {
  readonly #program: Program;
  readonly #blocks: ReadonlyMap<number, LoadedBlock>;
  readonly #queue: RunQueue;
  readonly #lost: AbortSignal;
  readonly #effective: ((program: Program) => Program | Promise<Program>) | undefined;
  readonly #ended: () => void;
  readonly #closing: AbortController;
  readonly #handles = new StateHandles();
  readonly #running = new Set<Promise<unknown>>();
  #ending: Promise<void> | undefined;

  /** `queue`, `lost` and `effective` are the device's: runs of all its programs share one order and one fate. `ended` is called once. */
  constructor(
    program: Program,
    blocks: readonly LoadedBlock[],
    device: {
      readonly queue: RunQueue;
      readonly lost: AbortSignal;
      readonly effective: ((program: Program) => Program | Promise<Program>) | undefined;
      readonly ended: () => void;
    },
  ) {
    this.#program = program;
    this.#blocks = new Map(blocks.map((loaded) => [loaded.block.index, loaded]));
    this.#queue = device.queue;
    this.#lost = device.lost;
    this.#effective = device.effective;
    this.#ended = device.ended;
    this.#closing = new AbortController();
  }

  run(q: DriverRun): Promise<DriverResult> {
    const running = this.#run(q);
    this.#running.add(running);
    const forget = (): void => void this.#running.delete(running);
    running.then(forget, forget);
    return running;
  }

  /** What the machines say; as it is where they say nothing. */
  async effective(): Promise<Program> {
    return this.#effective === undefined ? this.#program : this.#effective(this.#program);
  }

  unload(): Promise<void> {
    return this.end(new DeviceClosedError('the program was unloaded'));
  }

  /** Rejects what is in flight, forgets every state, frees the blocks. Idempotent. */
  end(reason: DeviceClosedError): Promise<void> {
    this.#ending ??= this.#end(reason);
    return this.#ending;
  }

  async #end(reason: DeviceClosedError): Promise<void> {
    this.#closing.abort(reason);
    await Promise.allSettled([...this.#running]);
    this.#handles.releaseAll();
    for (const { machine } of this.#blocks.values()) machine.end();
    this.#ended();
  }

  async #run(q: DriverRun): Promise<DriverResult> {
    const loaded = this.#blocks.get(q.block);
    if (loaded === undefined) throw new InvalidRequestError(`the program has no block ${q.block}`, { where: 'block' });
    const { inFlightMax, unsettled } = this.#queue;
    if (unsettled >= inFlightMax) {
      throw new InvalidRequestError(`${inFlightMax} runs are in flight, the device takes no more`);
    }
    // Looked up now: releasing a handle after the call does not take its state from the run.
    const from = q.start.kind === 'resume' ? this.#handles.borrow(q.start.handle, q.block) : null;
    const signals = [q.signal, this.#closing.signal, this.#lost];
    const context = {
      ...loaded,
      from: from?.state ?? null,
      signals,
      handleFor: (state: KeptState) => this.#handles.add(state),
    };
    try {
      return await this.#queue.run(signals, () => executeRun(q, context));
    } finally {
      from?.giveBack();
    }
  }
}
