/**
 * Cycles of a machine that updates spins one after the other, k of them in a cycle (devices.md 5.3): `sample` for each started group of k, and one cycle in which the
 * last group leaves the pipeline, `colorStall`. A generator that takes longer than a cycle holds every group up: `rngStall`. A random start is a pass like a sweep;
 * so is the static pass, all of it `static`.
 */
import { generatorEntry } from '../generators/catalogue.ts';
import type { Pass } from '../host/hardware.ts';
import type { ScheduledPhase } from '../lane/lane-schedule.ts';
import type { CountedCycles, SweepTiming } from '../lane/sweep-timing.ts';
import type { DenseSerialParameters } from '../parameters/engine-parameters.ts';

export class DenseSerialTiming implements SweepTiming {
  readonly byColor = false;
  readonly #parallelPaths: number;
  readonly #drawStall: number;

  constructor({ parallelPaths, generator }: DenseSerialParameters) {
    this.#parallelPaths = parallelPaths;
    this.#drawStall = Math.max(0, generatorEntry(generator).cyclesPerDraw - 1);
  }

  /** A chunk is a spin; groups do not heed colors. */
  afterChunk(
    cycles: CountedCycles,
    _phase: ScheduledPhase,
    { pass, chunk }: { readonly pass: Pass; readonly chunk: number },
  ): void {
    if (chunk % this.#parallelPaths !== 0) return;
    if (pass === 'static') {
      cycles.static += 1;
      return;
    }
    cycles.sample += 1;
    cycles.rngStall += this.#drawStall;
  }

  afterColor(): void {}

  afterPass(cycles: CountedCycles, pass: Pass): void {
    if (pass === 'static') cycles.static += 1;
    else cycles.colorStall += 1;
  }
}
