/** A device made of block machines: plans, loads, runs, closes. It is lost when its machines are. */
import type { BlockPlan, Driver, LoadedProgram, LoadOptions, Misfit, Plan } from '../contract/driver.ts';
import { DeviceClosedError } from '../errors/isinglass-error.ts';
import type { Logger } from '../logging/logger.ts';
import type { DeviceProfile } from '../profile/device-profile.ts';
import { misfitError } from '../profile/misfit-error.ts';
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import { type LoadedBlock, MachineProgram } from './machine-program.ts';
import type { Machines } from './machines.ts';
import { RunQueue } from './run-queue.ts';

/** What a device is made of. */
export interface MachineDriverOptions {
  /** Plain frozen data. At most `batch.inFlight` runs are unsettled: one at work, the others waiting for it. */
  readonly profile: DeviceProfile;
  /** The driver closes them. */
  readonly machines: Machines;
  readonly logger: Logger;
}

/**
 * The contract's `Driver` over `Machines`. Runs of all its programs start in call order, one at a time; a load is all
 * blocks or none; every promise settles, whatever is aborted, closed or lost, and what machines hold is freed first.
 */
export class MachineDriver implements Driver {
  readonly profile: DeviceProfile;
  readonly #machines: Machines;
  readonly #logger: Logger;
  readonly #queue: RunQueue;
  readonly #programs = new Set<MachineProgram>();
  readonly #loading = new Set<Promise<unknown>>();
  readonly #ending = new AbortController();
  #closing: Promise<void> | undefined;

  constructor({ profile, machines, logger }: MachineDriverOptions) {
    this.profile = profile;
    this.#machines = machines;
    this.#logger = logger;
    this.#queue = new RunQueue(profile.batch.inFlight);
  }

  /** The machines' signal. */
  get lost(): AbortSignal {
    return this.#machines.lost;
  }

  /** Whether the machines fill timelines. */
  get fillsTimelines(): boolean {
    return this.#machines.fillsTimelines === true;
  }

  /** The machines' plan. */
  plan(program: Program): Plan | readonly Misfit[] {
    return this.#machines.plan(program);
  }

  /**
   * Rejects with DoesNotFitError (UnsupportedError for a feature that the device lacks), DeviceClosedError, the reason of
   * `lost` or of the caller's signal; nothing is loaded then.
   */
  load(program: Program, o: LoadOptions): Promise<LoadedProgram> {
    const loading = this.#load(program, o);
    this.#loading.add(loading);
    const forget = (): void => void this.#loading.delete(loading);
    loading.then(forget, forget);
    return loading;
  }

  /** Rejects what is in flight with DeviceClosedError, ends every program, closes the machines. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #load(program: Program, o: LoadOptions): Promise<LoadedProgram> {
    this.#assertOpen();
    o.signal?.throwIfAborted();
    const signals = [this.lost, this.#ending.signal, ...(o.signal === undefined ? [] : [o.signal])];
    for (const block of blocksOf(program)) await this.#machines.measure?.(program, block, signals);
    const plan = this.plan(program);
    if (!('blocks' in plan)) throw misfitError(program, this.profile.name, plan);
    const loaded = await this.#loadBlocks(program, plan, signals);
    this.#logger.debug({ hash: program.hash, bytes: plan.bytes, blocks: plan.blocks.length }, 'program loaded');
    return loaded;
  }

  /** All blocks, or none: what an aborted load had made is freed. */
  async #loadBlocks(program: Program, plan: Plan, signals: readonly AbortSignal[]): Promise<MachineProgram> {
    const blocks: LoadedBlock[] = [];
    try {
      for (const [n, block] of blocksOf(program).entries()) {
        const machine = await this.#machines.load({ program, block, plan: plan.blocks[n] as BlockPlan, signals });
        blocks.push({ block, machine });
      }
      // Machines may be deaf to the signals.
      this.#assertOpen();
    } catch (e) {
      for (const { machine } of blocks) machine.end();
      throw e;
    }
    const loaded: MachineProgram = new MachineProgram(program, blocks, {
      queue: this.#queue,
      lost: this.lost,
      effective: this.#machines.effective?.bind(this.#machines),
      ended: () => this.#programs.delete(loaded),
    });
    // At once: whoever closes the device from now on finds the program.
    this.#programs.add(loaded);
    return loaded;
  }

  async #close(): Promise<void> {
    const reason = new DeviceClosedError('the device was closed');
    this.#ending.abort(reason);
    const programs = [...this.#programs].map((program) => program.end(reason));
    await Promise.all([...programs, Promise.allSettled(this.#loading)]);
    await this.#machines.close();
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new DeviceClosedError('the device is closed');
    this.lost.throwIfAborted();
  }
}

function blocksOf(program: Program): readonly Block[] {
  return program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
}
