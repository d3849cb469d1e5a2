/** The CPU as a device: plans, loads, closes. It is lost when a thread of its machines dies. */
import {
  type Block,
  type BlockPlan,
  DeviceClosedError,
  type DeviceProfile,
  DoesNotFitError,
  type Driver,
  type LoadedProgram,
  type LoadOptions,
  type Logger,
  type Misfit,
  type OpenOptions,
  type Plan,
  type Program,
} from '@isinglass/sdk';
import type { CpuOptions } from '../device-options.ts';
import { cpuProfile } from '../profile.ts';
import { CpuProgram, type LoadedBlock } from './cpu-program.ts';
import type { Machines } from './machines.ts';
import { planBlocks } from './plan-blocks.ts';
import { RunQueue } from './run-queue.ts';

export class CpuDriver implements Driver {
  readonly profile: DeviceProfile;
  readonly #options: CpuOptions;
  readonly #machines: Machines;
  readonly #logger: Logger;
  readonly #queue = new RunQueue();
  readonly #programs = new Set<CpuProgram>();
  readonly #ending = new AbortController();
  #closing: Promise<void> | undefined;

  /** The driver closes `machines`. */
  constructor(options: CpuOptions, machines: Machines, { logger }: Pick<OpenOptions, 'logger'>) {
    this.#options = options;
    this.#machines = machines;
    this.#logger = logger;
    this.profile = cpuProfile(options);
  }

  get lost(): AbortSignal {
    return this.#machines.lost;
  }

  plan(program: Program): Plan | readonly Misfit[] {
    return planBlocks(program, this.#options, this.#machines.footprint);
  }

  async load(program: Program, o: LoadOptions): Promise<LoadedProgram> {
    this.#assertOpen();
    o.signal?.throwIfAborted();
    const signals = [this.lost, this.#ending.signal, ...(o.signal === undefined ? [] : [o.signal])];
    for (const block of blocksOf(program)) await this.#machines.measure(program, block, signals);
    const plan = this.plan(program);
    if (!('blocks' in plan)) {
      throw new DoesNotFitError(`the program does not fit: ${plan.map(describe).join('; ')}`, {
        diagnostics: plan.map((misfit) => ({
          code: misfit.limit,
          severity: 'error',
          message: describe(misfit),
          where: misfit.where,
        })),
      });
    }
    const blocks = await this.#loadBlocks(program, plan, signals);
    const loaded = new CpuProgram(program, blocks, { queue: this.#queue, lost: this.lost });
    this.#programs.add(loaded);
    this.#logger.debug({ hash: program.hash, bytes: plan.bytes, blocks: blocks.length }, 'program loaded');
    return loaded;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** All blocks, or none: what an aborted load had made is freed. */
  async #loadBlocks(program: Program, plan: Plan, signals: readonly AbortSignal[]): Promise<LoadedBlock[]> {
    const blocks: LoadedBlock[] = [];
    try {
      for (const [n, block] of blocksOf(program).entries()) {
        const machine = await this.#machines.load({ program, block, plan: plan.blocks[n] as BlockPlan, signals });
        blocks.push({ block, machine });
      }
      this.#assertOpen();
      return blocks;
    } catch (e) {
      for (const { machine } of blocks) machine.end();
      throw e;
    }
  }

  async #close(): Promise<void> {
    const reason = new DeviceClosedError('the device was closed');
    this.#ending.abort(reason);
    await Promise.all([...this.#programs].map((program) => program.end(reason)));
    this.#programs.clear();
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

function describe(misfit: Misfit): string {
  return `${misfit.where}: ${misfit.limit} needs ${misfit.needed}, available ${misfit.available ?? 'not stated'}`;
}
