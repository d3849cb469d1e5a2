/**
 * Cycles of the lane engine (devices.md 5.2). One chunk of a color:
 *
 *   CLEAR    u = H, A = 0                                                fetch
 *   MAC      A += w · s, W couplings in each lane     steps of a group   mac
 *   SCALE    u += scaled(A), A = 0                    after each group   scale
 *   TEMPER   u = ⌊(u · b + 32768) / 65536⌋            if there is b      scale
 *            until the numbers are drawn                                 rngStall
 *   SAMPLE   T = table[u], r is taken                                    sample
 *   WRITE    s = r < T; sums of retained sweeps                          write
 *
 * After each color `syncCycles`, after each sweep `sweepCycles`: colorStall. The static pass (CLEAR from B, MAC, SCALE, WRITE to H) is `static` as a whole. A random
 * start is a pass of CLEAR, SAMPLE and WRITE.
 */
import { generatorEntry } from '../generators/catalogue.ts';
import type { Pass } from '../host/hardware.ts';
import type { LaneParameters } from '../parameters/engine-parameters.ts';
import type { ScheduledPhase } from './lane-schedule.ts';
import type { CountedCycles, SweepTiming } from './sweep-timing.ts';

export class LaneTiming implements SweepTiming {
  readonly byColor = true;
  readonly #p: LaneParameters;
  readonly #cyclesPerDraw: number;

  constructor(p: LaneParameters) {
    this.#p = p;
    this.#cyclesPerDraw = generatorEntry(p.generator).cyclesPerDraw;
  }

  afterChunk(
    cycles: CountedCycles,
    phase: ScheduledPhase,
    { pass, tempered }: { readonly pass: Pass; readonly tempered: boolean },
  ): void {
    const mac = pass === 'start' ? 0 : phase.stepsPerChunk;
    const scale = (pass === 'start' ? 0 : phase.groups.length) + (tempered ? 1 : 0);
    if (pass === 'static') {
      cycles.static += 1 + mac + scale + 1;
      return;
    }
    cycles.fetch += 1;
    cycles.mac += mac;
    cycles.scale += scale;
    cycles.rngStall += Math.max(0, this.#cyclesPerDraw - (1 + mac + scale));
    cycles.sample += 1;
    cycles.write += 1;
  }

  afterColor(cycles: CountedCycles, pass: Pass): void {
    if (pass === 'sweep') cycles.colorStall += this.#p.syncCycles;
  }

  afterPass(cycles: CountedCycles, pass: Pass): void {
    if (pass === 'sweep') cycles.colorStall += this.#p.sweepCycles;
  }
}
