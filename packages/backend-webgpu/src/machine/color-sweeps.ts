/** Sweeps color by color: for each color its fields, its updates, and what convolutions read of them. */
import { emptySpins, fullTemperature, type PackedSpins } from '@isinglass/sdk';
import { retainedIndex } from '@isinglass/sdk/machine-driver';
import { meanPlanes } from '../block/footprint.ts';
import type { GpuBank } from '../block/gpu-block.ts';
import type { Dispatch } from '../gpu/dispatch.ts';
import { plainSweep } from '../gpu/run-host.ts';
import { feedForwardDispatches } from './feed-forward.ts';
import type { RowSums } from './read-sums.ts';
import { realFeedForward } from './real-feed-forward.ts';
import { RetainedStates } from './retained-states.ts';
import { runBuffers } from './run-buffers.ts';
import type { RunContext, RunSweeps } from './run-sweeps.ts';
import {
  coinDispatches,
  retainDispatches,
  type SweepContext,
  spreadDispatches,
  staticDispatches,
  sweepDispatches,
} from './sweep-dispatches.ts';

/** Computes the static fields. */
export async function colorSweeps({ host, block, run, law, rows }: RunContext): Promise<RunSweeps> {
  const buffers = runBuffers(host, block, run, law);
  const unasked = [host.storage('no spin-sum', 1), host.storage('no conditional-sum', 1)] as const;
  const context: SweepContext = { host, block, run, law, rows, buffers, unasked };
  await host.compute(staticDispatches(context), run.images.length);
  const free = block.banks.filter((bank) => bank.free);
  const sources = free.map((bank) => ({
    label: bank.bank.id,
    rowWords: bank.words,
    banks: [{ bank, firstWord: 0 }],
  }));
  const states = new RetainedStates(host, run, sources);
  const updating = sweepDispatches(context);
  const retained = await host.prepare([...updating, ...retainDispatches(context, states)]);
  return new ColorSweeps(context, { states, plain: retained.slice(0, updating.length), retained });
}

/** What `colorSweeps` makes. */
interface Prepared {
  readonly states: RetainedStates;
  /** A sweep; one whose states are retained. */
  readonly plain: readonly Dispatch[];
  readonly retained: readonly Dispatch[];
}

class ColorSweeps implements RunSweeps {
  readonly states: RetainedStates;
  readonly #context: SweepContext;
  readonly #prepared: Prepared;
  readonly #costPerRow: number;

  constructor(context: SweepContext, prepared: Prepared) {
    this.states = prepared.states;
    this.#context = context;
    this.#prepared = prepared;
    this.#costPerRow = prepared.retained.reduce((sum, dispatch) => sum + dispatch.costPerRow, 0);
  }

  tossCoins(): Promise<void> {
    const { host, rows } = this.#context;
    return host.compute(coinDispatches(this.#context), rows, { ...plainSweep, coins: 1 });
  }

  async feedForward(): Promise<void> {
    const { host, block, run, law, rows } = this.#context;
    if (law.kind === 'real') return this.place(realFeedForward(block, run));
    const { before, steps, buffers } = feedForwardDispatches(this.#context);
    try {
      await host.compute(before, rows * meanPlanes);
      for (const { dispatches, spread } of steps) {
        await host.compute(dispatches, rows);
        await host.compute(spread, rows * meanPlanes);
      }
    } finally {
      host.gpu.memory.free(buffers);
    }
    await this.#spread();
  }

  async place(start: Readonly<Record<string, PackedSpins>>): Promise<void> {
    const { host, buffers } = this.#context;
    for (const { bank, states } of buffers.banks) {
      if (bank.free) host.gpu.device.queue.writeBuffer(states, 0, (start[bank.bank.id] as PackedSpins).words);
    }
    await this.#spread();
  }

  /** One sweep. */
  async add(t: number): Promise<number> {
    const { host, run, rows } = this.#context;
    const k = retainedIndex(run, t);
    const params = {
      ...plainSweep,
      counter: run.sweepOffset + t,
      temperature: run.temperatures === null ? fullTemperature : (run.temperatures[t - 1] as number),
      retained: k < 0 ? 0 : 1 + this.states.slotOf(k),
    };
    const { plain, retained } = this.#prepared;
    await host.addRows(k < 0 ? plain : retained, params, { rows, costPerRow: this.#costPerRow });
    return t;
  }

  async pack(): Promise<Readonly<Record<string, PackedSpins>>> {
    const { host, buffers, rows } = this.#context;
    const packed: Record<string, PackedSpins> = {};
    for (const { bank, states } of buffers.banks) {
      if (!bank.free) continue;
      const spins = emptySpins(rows, bank.spins);
      if (spins.words.length > 0) await host.ring.read(states, spins.words);
      packed[bank.bank.id] = spins;
    }
    return packed;
  }

  async flips(): Promise<number> {
    const { host, buffers, rows } = this.#context;
    const words = new Uint32Array(2 * rows);
    if (words.length > 0) await host.ring.read(buffers.flips, words);
    return words.reduce((sum, word, n) => sum + (n % 2 === 0 ? word : word * 2 ** 32), 0);
  }

  sumsOf(bank: GpuBank, observable: 'spin-sum' | 'conditional-sum'): RowSums {
    const own = this.#context.buffers.banks[bank.index];
    const buffer = (observable === 'spin-sum' ? own?.spinSums : own?.conditionalSums) ?? null;
    if (buffer === null) throw new TypeError(`no sums of bank ${bank.bank.id}`);
    return { bank, buffer, first: 0, stride: bank.spins };
  }

  /** After a start that did not come by updates. */
  #spread(): Promise<void> {
    const { host, rows } = this.#context;
    return host.compute(spreadDispatches(this.#context), rows);
  }
}
