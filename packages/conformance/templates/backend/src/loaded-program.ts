/** A program on the machine, and its runs. */
import { setImmediate } from 'node:timers/promises';
import {
  type Block,
  DeviceClosedError,
  type DriverResult,
  type DriverRun,
  InvalidRequestError,
  type LoadedProgram,
  type Program,
} from '@isinglass/sdk';
import { isingBlock } from './ising-block.ts';
import { packedBanks, Readouts, startRows } from './rows.ts';
import { sweep } from './sampler.ts';

/** Time at work before the event loop gets its turn, and with it an abort. */
const turnMs = 10;

export class MachineProgram implements LoadedProgram {
  readonly #program: Program;
  readonly #ending = new AbortController();

  constructor(program: Program) {
    this.#program = program;
  }

  /** One run: everything that it needs is in the request, nothing is carried over from runs before. */
  async run(q: DriverRun): Promise<DriverResult> {
    const signals = [q.signal, this.#ending.signal];
    const throwIfAborted = (): void => {
      for (const signal of signals) signal.throwIfAborted();
    };
    throwIfAborted();
    const stages = this.#program.json.stages;
    const stage = stages.find((each): each is Block => each.kind === 'block' && each.index === q.block);
    if (stage === undefined) throw new InvalidRequestError(`the program has no block ${q.block}`, { where: 'block' });
    const block = isingBlock(this.#program, stage, q.gains);
    const rows = startRows(block, q);
    const readouts = new Readouts(block, q);
    const trace = async (t: number): Promise<void> => q.trace?.(t, packedBanks(block, rows, 'all'));
    let turn = performance.now();
    await trace(0);
    for (let t = 1; t <= q.sweeps; t++) {
      const temperature = (q.temperatures?.[t - 1] ?? 65536) / 65536;
      for (const { states, randomOf } of rows) {
        sweep(block, states, { temperature, random: randomOf(q.sweepOffset + t) });
        if (performance.now() - turn < turnMs) continue;
        await setImmediate();
        throwIfAborted();
        turn = performance.now();
      }
      await trace(t);
      throwIfAborted();
      if (t > q.burnIn && (t - q.burnIn) % q.stride === 0) readouts.add(rows);
      q.onProgress?.(t);
    }
    const last = q.keep === 'host' ? { last: packedBanks(block, rows, 'free') } : {};
    return { readouts: readouts.results(), ...last, counters: {} };
  }

  async unload(): Promise<void> {
    this.end(new DeviceClosedError('the program was unloaded'));
  }

  /** Rejects what is in flight and everything later. */
  end(reason: DeviceClosedError): void {
    this.#ending.abort(reason);
  }
}
