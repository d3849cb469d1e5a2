/**
 * Cycles of a fabric (devices.md 5.1): sums are wires, so that all spins of a color are updated in k cycles, `sample`; or all colors in one, where each has a clock of
 * its own that is shifted in phase. Random numbers are drawn beside: a circuit needs one in each sweep, and a sweep waits where that takes longer than the sweep
 * itself, `rngStall`. A random start takes a sweep; the fields that pinned spins make are latched in one cycle, `static`.
 */
import { generatorEntry } from '../generators/catalogue.ts';
import type { Pass } from '../host/hardware.ts';
import type { CountedCycles, SweepTiming } from '../lane/sweep-timing.ts';
import type { FabricParameters } from '../parameters/engine-parameters.ts';

export class FabricTiming implements SweepTiming {
  readonly byColor: boolean;
  readonly #p: FabricParameters;
  readonly #cyclesPerDraw: number;

  constructor(p: FabricParameters) {
    this.#p = p;
    this.byColor = p.phases === 'sequential';
    this.#cyclesPerDraw = generatorEntry(p.generator).cyclesPerDraw;
  }

  /** A chunk is a spin: it has its color's cycles. */
  afterChunk(): void {}

  afterColor(cycles: CountedCycles, pass: Pass): void {
    if (pass !== 'static' && this.#p.phases === 'sequential') cycles.sample += this.#p.cyclesPerColor;
  }

  afterPass(cycles: CountedCycles, pass: Pass, { colors }: { readonly colors: number }): void {
    if (pass === 'static') {
      cycles.static += 1;
      return;
    }
    const shifted = this.#p.phases === 'shifted';
    if (shifted) cycles.sample += 1;
    cycles.rngStall += Math.max(0, this.#cyclesPerDraw - (shifted ? 1 : colors * this.#p.cyclesPerColor));
  }
}
