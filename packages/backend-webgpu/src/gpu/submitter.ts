/**
 * Packs dispatches into submits that the device finishes in about `submitMs`, two of them on their way: a run can be stopped between two, and the
 * device is never without work. How much fits is measured.
 */
import { type Dispatch, uniformStride } from './dispatch.ts';
import type { GpuContext } from './gpu-context.ts';
import { sweepFields } from './pipelines.ts';

/** What `prelude/sweep.wgsl` says of these. */
export type SweepParams = Readonly<Record<(typeof sweepFields)[number], number>>;

export class Submitter {
  readonly #gpu: GpuContext;
  readonly #signals: readonly AbortSignal[];
  readonly #sweepBuffer: GPUBuffer;
  readonly #sweepGroup: GPUBindGroup;
  readonly #sweepWords: Uint32Array<ArrayBuffer>;
  readonly #stride: number;
  readonly #underway: {
    readonly done: Promise<unknown>;
    readonly cost: number;
    readonly notify: readonly (() => void)[];
  }[] = [];
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #cost = 0;
  #dispatches = 0;
  #sweeps = 0;
  #notify: (() => void)[] = [];
  #budget: number;
  #lastDone = 0;

  /** Aborts reject `add`, `flush` and `finish` with their reason, when nothing is on its way any more. */
  constructor(gpu: GpuContext, signals: readonly AbortSignal[]) {
    this.#gpu = gpu;
    this.#signals = signals;
    this.#budget = gpu.pieces.submitCostFirst;
    this.#stride = uniformStride(gpu);
    this.#sweepWords = new Uint32Array((this.#stride / 4) * gpu.pieces.submitSweepsMax);
    this.#sweepBuffer = gpu.memory.uniform('sweeps', this.#sweepWords);
    this.#sweepGroup = gpu.device.createBindGroup({
      label: 'sweep',
      layout: gpu.pipelines.sweepLayout,
      entries: [{ binding: 0, resource: { buffer: this.#sweepBuffer, size: 4 * sweepFields.length } }],
    });
  }

  /** Operations that one submit should have. */
  get budget(): number {
    return this.#budget;
  }

  /** These dispatches, one after another. */
  async add(dispatches: readonly Dispatch[], sweep: SweepParams): Promise<void> {
    if (sweep.row_count === 0) return;
    const { submitDispatchesMax, submitSweepsMax } = this.#gpu.pieces;
    let offset: number | undefined;
    for (const dispatch of dispatches) {
      if (this.#cost >= this.#budget || this.#dispatches >= submitDispatchesMax) {
        await this.flush();
        offset = undefined;
      }
      if (offset === undefined) {
        if (this.#sweeps === submitSweepsMax) await this.flush();
        offset = this.#writeSweep(sweep);
      }
      this.#encode(dispatch, offset, sweep.row_count);
    }
  }

  /** Called when all that was added before has been computed. */
  whenDone(notify: () => void): void {
    this.#notify.push(notify);
  }

  /** Sends off what has been added. Resolves when at most one submit is on its way. */
  async flush(): Promise<void> {
    if (this.#pass !== undefined && this.#encoder !== undefined) {
      this.#pass.end();
      const { queue } = this.#gpu.device;
      queue.writeBuffer(this.#sweepBuffer, 0, this.#sweepWords, 0, (this.#sweeps * this.#stride) / 4);
      queue.submit([this.#encoder.finish()]);
      if (this.#underway.length === 0) this.#lastDone = performance.now();
    }
    if (this.#pass !== undefined || this.#notify.length > 0) {
      const done = this.#gpu.device.queue.onSubmittedWorkDone();
      this.#underway.push({ done, cost: this.#cost, notify: this.#notify });
    }
    this.#encoder = undefined;
    this.#pass = undefined;
    this.#cost = 0;
    this.#dispatches = 0;
    this.#sweeps = 0;
    this.#notify = [];
    while (this.#underway.length > 1) await this.#settleFirst();
    await this.#check();
  }

  /** Sends off what has been added and waits for it. */
  async finish(): Promise<void> {
    await this.flush();
    while (this.#underway.length > 0) await this.#settleFirst();
    await this.#check();
  }

  /** Nothing may be on its way. */
  end(): void {
    this.#gpu.memory.free([this.#sweepBuffer]);
  }

  #writeSweep(sweep: SweepParams): number {
    const at = this.#sweeps++ * this.#stride;
    for (const [n, name] of sweepFields.entries()) this.#sweepWords[at / 4 + n] = sweep[name];
    return at;
  }

  #encode(
    { pipeline, bindGroup, invocationsPerRow, layers, costPerRow }: Dispatch,
    offset: number,
    rows: number,
  ): void {
    this.#encoder ??= this.#gpu.device.createCommandEncoder();
    this.#pass ??= this.#encoder.beginComputePass();
    const workgroups = Math.ceil((rows * invocationsPerRow) / this.#gpu.pipelines.workgroupSize);
    if (workgroups === 0) return;
    const columns = Math.min(this.#gpu.pieces.workgroupsMax, workgroups);
    this.#pass.setPipeline(pipeline);
    this.#pass.setBindGroup(0, bindGroup);
    this.#pass.setBindGroup(1, this.#sweepGroup, [offset]);
    this.#pass.dispatchWorkgroups(columns, Math.ceil(workgroups / columns), layers);
    this.#cost += costPerRow * rows;
    this.#dispatches++;
  }

  async #settleFirst(): Promise<void> {
    const first = this.#underway[0];
    if (first === undefined) return;
    await first.done;
    this.#underway.shift();
    const now = performance.now();
    const ms = Math.max(0.05, now - this.#lastDone);
    this.#lastDone = now;
    const { submitMs, submitCostMin } = this.#gpu.pieces;
    // Half-filled submits say little about the speed; a submit that is too long says enough.
    if (first.cost >= this.#budget / 2 || ms > submitMs) {
      const factor = Math.min(8, Math.max(0.25, submitMs / ms));
      this.#budget = Math.max(submitCostMin, this.#budget * factor);
    }
    for (const notify of first.notify) notify();
  }

  /** Rejects with the reason of an aborted signal once the device is idle. */
  async #check(): Promise<void> {
    const aborted = this.#signals.find((signal) => signal.aborted);
    if (aborted === undefined) return;
    await this.drain();
    throw aborted.reason;
  }

  /** Waits for what is on its way, and forgets what has not been sent. */
  async drain(): Promise<void> {
    this.#pass?.end();
    this.#pass = undefined;
    this.#encoder = undefined;
    this.#notify = [];
    this.#cost = 0;
    this.#dispatches = 0;
    this.#sweeps = 0;
    const underway = this.#underway.splice(0);
    await Promise.all(underway.map(({ done }) => done));
  }
}
