/**
 * One chain of runs that each go on from where the last one ended: its state and static fields stay on the device. This is
 * what a sampler's steady state costs: random numbers, fields, activation, and the readout of the program.
 */
import type { DeviceProgram, StateHandle } from '@isinglass/sdk';
import type { BlockTask } from '../programs/block-task.ts';

export class ContinuedRun {
  readonly #loaded: DeviceProgram;
  readonly #task: BlockTask;
  readonly #rows: Uint32Array<ArrayBuffer>;
  #handle: StateHandle | undefined;
  #sweepsDone = 0;

  constructor(loaded: DeviceProgram, task: BlockTask) {
    this.#loaded = loaded;
    this.#task = task;
    this.#rows = Uint32Array.from({ length: task.images * task.chains }, (_, row) => row);
  }

  /** Wall-clock seconds from the call to the result. */
  async advance(sweeps: number): Promise<number> {
    const { block, images, chains, inputs, readouts } = this.#task;
    const from = this.#handle;
    const started = performance.now();
    const { handle } = await this.#loaded.run({
      block,
      images,
      chains,
      inputs,
      readouts,
      seed: 1n,
      sweeps,
      burnIn: 0,
      stride: 1,
      sweepOffset: this.#sweepsDone,
      start: from === undefined ? { kind: 'random' } : { kind: 'resume', handle: from, rows: this.#rows },
      keep: 'device',
    });
    const seconds = (performance.now() - started) / 1000;
    this.#sweepsDone += sweeps;
    this.#handle = handle;
    from?.release();
    return seconds;
  }

  /** Runs for at least `durationMs`, in runs that grow. */
  async warmUp(durationMs: number): Promise<void> {
    const until = performance.now() + durationMs;
    let sweeps = 1;
    for (;;) {
      const seconds = await this.advance(sweeps);
      if (performance.now() >= until) return;
      // Each run takes a fifth of the warm-up, and at most four times the sweeps of the last.
      sweeps = Math.max(1, Math.min(4 * sweeps, Math.floor((durationMs / 5000 / seconds) * sweeps)));
    }
  }

  /** How many sweeps take about `durationMs` in one run; tries, because a run costs something besides its sweeps. */
  async sweepsLasting(durationMs: number): Promise<number> {
    let sweeps = 1;
    for (;;) {
      const milliseconds = 1000 * (await this.advance(sweeps));
      if (milliseconds >= 0.8 * durationMs) return sweeps;
      sweeps = Math.ceil(sweeps * Math.min(16, durationMs / milliseconds));
    }
  }

  /** Frees the state on the device. */
  release(): void {
    this.#handle?.release();
    this.#handle = undefined;
  }
}
