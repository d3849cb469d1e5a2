/** A program on a machine of the suite. */
import {
  DeviceClosedError,
  type DriverResult,
  type DriverRun,
  InvalidRequestError,
  type LoadedProgram,
  type Program,
} from '@isinglass/sdk';
import { checkRun } from './check-run.ts';
import { executeRun, type PreparedBlock } from './execute-run.ts';

/** What the programs of one machine share. */
export interface MachineState {
  /** Aborted when the machine dies. */
  readonly lost: AbortSignal;
  /** Runs that may be unsettled at a time, and those that are. */
  readonly inFlightMax: number;
  readonly running: Set<Promise<unknown>>;
}

export class MachineProgram implements LoadedProgram {
  readonly #program: Program;
  readonly #blocks: ReadonlyMap<number, PreparedBlock>;
  readonly #machine: MachineState;
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(program: Program, blocks: ReadonlyMap<number, PreparedBlock>, machine: MachineState) {
    this.#program = program;
    this.#blocks = blocks;
    this.#machine = machine;
  }

  run(q: DriverRun): Promise<DriverResult> {
    const running = this.#run(q);
    const sets = [this.#running, this.#machine.running];
    for (const set of sets) set.add(running);
    const forget = (): void => {
      for (const set of sets) set.delete(running);
    };
    running.then(forget, forget);
    return running;
  }

  /** The machine rounds nothing. */
  async effective(): Promise<Program> {
    return this.#program;
  }

  unload(): Promise<void> {
    return this.end(new DeviceClosedError('the program was unloaded'));
  }

  /** Rejects what is in flight with the reason. Idempotent. */
  async end(reason: DeviceClosedError): Promise<void> {
    this.#ending.abort(reason);
    await Promise.allSettled([...this.#running]);
  }

  async #run(q: DriverRun): Promise<DriverResult> {
    const { lost, running, inFlightMax } = this.#machine;
    const signals = [this.#ending.signal, lost, q.signal];
    for (const signal of signals) signal.throwIfAborted();
    if (running.size >= inFlightMax) throw new InvalidRequestError(`${inFlightMax} runs are in flight already`);
    const block = this.#blocks.get(q.block);
    if (block === undefined) throw new InvalidRequestError(`the program has no block ${q.block}`, { where: 'block' });
    checkRun(block.structure, q);
    return await executeRun(block, q, signals);
  }
}
