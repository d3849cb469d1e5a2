/** What every run needs of the GPU: its buffers, submits, read-back, and a clean end whatever goes wrong. */
import { fullTemperature } from '@isinglass/sdk';
import { eventLoopTurn } from '@isinglass/sdk/machine-driver';
import { type Dispatch, type DispatchSpec, prepareDispatches } from './dispatch.ts';
import type { GpuContext } from './gpu-context.ts';
import { StagingRing } from './staging-ring.ts';
import { Submitter, type SweepParams } from './submitter.ts';

/** No temperature, nothing retained, no coins; rows come with each dispatch. */
export const plainSweep: SweepParams = {
  counter: 0,
  temperature: fullTemperature,
  retained: 0,
  coins: 0,
  row_first: 0,
  row_count: 0,
  first: 0,
  count: 0,
};

export class RunHost {
  readonly gpu: GpuContext;
  readonly signals: readonly AbortSignal[];
  readonly ring: StagingRing;
  readonly submitter: Submitter;
  readonly #buffers: GPUBuffer[] = [];

  constructor(gpu: GpuContext, signals: readonly AbortSignal[]) {
    this.gpu = gpu;
    this.signals = signals;
    this.ring = new StagingRing(gpu);
    this.submitter = new Submitter(gpu, signals);
  }

  /** Zeroed; freed with the run. */
  storage(label: string, words: number): GPUBuffer {
    const buffer = this.gpu.memory.storage(label, 4 * words);
    this.#buffers.push(buffer);
    return buffer;
  }

  /** With these contents; freed with the run. */
  filled(label: string, data: Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.gpu.memory.filled(label, data);
    this.#buffers.push(buffer);
    return buffer;
  }

  /** To be encoded as often as the run likes. */
  async prepare(specs: readonly DispatchSpec[]): Promise<readonly Dispatch[]> {
    const { dispatches, uniforms } = await prepareDispatches(this.gpu, specs);
    this.#buffers.push(uniforms);
    return dispatches;
  }

  /** Once, to its end, with uniforms of its own. */
  async compute(specs: readonly DispatchSpec[], rows: number, params: SweepParams = plainSweep): Promise<void> {
    if (specs.length === 0) return;
    const { dispatches, uniforms } = await prepareDispatches(this.gpu, specs);
    try {
      for (const dispatch of dispatches)
        await this.addRows([dispatch], params, { rows, costPerRow: dispatch.costPerRow });
      await this.submitter.finish();
    } finally {
      await this.submitter.drain();
      this.gpu.memory.free([uniforms]);
    }
  }

  /** These dispatches one after another, in slices of rows that fit into a submit. */
  async addRows(
    dispatches: readonly Dispatch[],
    params: SweepParams,
    { rows, costPerRow }: { readonly rows: number; readonly costPerRow: number },
  ): Promise<void> {
    for (let first = 0; first < rows; ) {
      const most = Math.max(1, Math.floor(this.submitter.budget / Math.max(1, costPerRow)));
      const count = Math.min(most, rows - first);
      await this.submitter.add(dispatches, { ...params, row_first: first, row_count: count });
      first += count;
    }
  }

  /** Whatever goes wrong, nothing is on its way afterwards; a lost GPU is the reason of whatever else it makes fail. */
  async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.submitter.drain();
      // The event may come after the failure that it explains.
      await eventLoopTurn();
      this.gpu.lost.throwIfAborted();
      throw error;
    }
  }

  end(): void {
    this.gpu.memory.free(this.#buffers.splice(0));
    this.submitter.end();
    this.ring.end();
  }
}
