/**
 * What the lanes do, chunk by chunk: for each chunk of a color fields are summed, tempered, looked up and compared with the numbers that are drawn, and states are
 * written; what it takes is asked of the machine's timing at every step (lane-timing.ts has the cycles of a chunk). Where sums are read by a walk, a retained sweep
 * ends with it: readout.
 *
 * Before the first sweep: the static pass adds what pinned spins do. A random start is a pass over all chunks with T = 32768. Setting sums to 0 takes no time: the
 * first sweep of a run begins them anew.
 */
import type { LaneGenerators } from '../generators/lane-generators.ts';
import type { Pass, PassMark } from '../host/hardware.ts';
import type { MachineCounters } from '../host/machine-counters.ts';
import type { LaneParameters } from '../parameters/engine-parameters.ts';
import type { LaneMemories } from './lane-memories.ts';
import { header } from './lane-memory-map.ts';
import type { LaneSchedule, ScheduledPhase } from './lane-schedule.ts';
import { lookUp } from './lane-table.ts';
import type { SweepTiming } from './sweep-timing.ts';

/** What of a sweep its command says. */
export interface SweepOrder {
  /** c1 of semantics 5.1. */
  readonly sweep: number;
  /** b_t, or null: without temperatures. */
  readonly temperature: number | null;
  readonly retained: boolean;
  /** Whether sums begin anew. */
  readonly clearSums: boolean;
  readonly conditionalSums: boolean;
}

export class LaneWalk {
  /** Told of every color and every pass. */
  watcher: ((mark: PassMark) => void) | null = null;
  readonly #p: LaneParameters;
  readonly #memories: LaneMemories;
  readonly #generators: LaneGenerators;
  readonly #counters: MachineCounters;
  readonly #timing: SweepTiming;
  /** u and r of the lanes of a chunk. */
  readonly #fields: Int32Array;
  readonly #draws: Uint16Array;

  constructor(
    p: LaneParameters,
    o: {
      readonly memories: LaneMemories;
      readonly generators: LaneGenerators;
      readonly timing: SweepTiming;
      readonly counters: MachineCounters;
    },
  ) {
    this.#p = p;
    this.#memories = o.memories;
    this.#generators = o.generators;
    this.#timing = o.timing;
    this.#counters = o.counters;
    this.#fields = new Int32Array(p.lanes);
    this.#draws = new Uint16Array(p.lanes);
  }

  /** Random states of all spins that are updated. */
  randomStart(schedule: LaneSchedule): void {
    const { states, capacity } = this.#memories;
    this.#pass(schedule.colorPhases, { pass: 'start', tempered: false }, (_, chunk) => {
      const first = chunk * capacity.laneStride;
      this.#draw(first, 0);
      for (let lane = 0; lane < this.#p.lanes; lane++) {
        const slot = first + lane;
        states[slot] = schedule.present[slot] === 1 && (this.#draws[lane] as number) < 32768 ? 1 : -1;
      }
    });
    this.#mark('start', null);
  }

  /** The static pass. */
  staticPass(schedule: LaneSchedule): void {
    const { biases, fields, capacity } = this.#memories;
    this.#pass(schedule.staticPhases, { pass: 'static', tempered: false }, (phase, chunk) => {
      this.#sumFields(schedule, phase, chunk, biases);
      const first = chunk * capacity.laneStride;
      for (let lane = 0; lane < this.#p.lanes; lane++) {
        if (schedule.present[first + lane] === 1) fields[first + lane] = this.#fields[lane] as number;
      }
    });
    this.#mark('static', null);
  }

  sweep(schedule: LaneSchedule, order: SweepOrder): void {
    const { fields, capacity } = this.#memories;
    const { temperature } = order;
    this.#pass(schedule.colorPhases, { pass: 'sweep', tempered: temperature !== null }, (phase, chunk) => {
      this.#sumFields(schedule, phase, chunk, fields);
      if (temperature !== null) this.#temper(temperature);
      const first = chunk * capacity.laneStride;
      this.#draw(first, order.sweep);
      this.#write(schedule, first, order);
    });
    if (order.retained && this.#p.readout === 'walk') {
      this.#counters.cycles.readout += this.#p.walkCycles * (this.#memories.header[header.spins] as number);
    }
    this.#mark('sweep', null);
  }

  /** All chunks of all colors, with their cycles. */
  #pass(
    phases: readonly ScheduledPhase[],
    { pass, tempered }: { readonly pass: Pass; readonly tempered: boolean },
    work: (phase: ScheduledPhase, chunk: number) => void,
  ): void {
    const { cycles } = this.#counters;
    for (const [n, phase] of phases.entries()) {
      for (let chunk = phase.firstChunk; chunk < phase.firstChunk + phase.chunks; chunk++) {
        work(phase, chunk);
        this.#timing.afterChunk(cycles, phase, { pass, chunk, tempered });
      }
      this.#timing.afterColor(cycles, pass);
      if (this.#timing.byColor) this.#mark(pass, n);
    }
    this.#timing.afterPass(cycles, pass, { colors: phases.length });
  }

  #mark(pass: Pass, phase: number | null): void {
    this.watcher?.({ pass, phase, cycles: this.#counters.cycles });
  }

  /** u of every lane of a chunk, counted over all colors: from `from`, plus the scaled sums of the phase's groups. */
  #sumFields(schedule: LaneSchedule, phase: ScheduledPhase, chunk: number, from: Int32Array): void {
    const { lanes, couplingsPerLane } = this.#p;
    const { capacity } = this.#memories;
    const first = chunk * capacity.laneStride;
    const couplingsPerChunk = phase.stepsPerChunk * couplingsPerLane;
    let at = phase.firstCoupling + (chunk - phase.firstChunk) * lanes * couplingsPerChunk;
    for (let lane = 0; lane < lanes; lane++) {
      if (schedule.present[first + lane] === 0) {
        at += couplingsPerChunk;
        continue;
      }
      let field = from[first + lane] as number;
      for (const { steps, factor, half, divisor } of phase.groups) {
        const end = at + steps * couplingsPerLane;
        const sum =
          this.#p.overflow === 'saturate' ? this.#saturatingSum(schedule, at, end) : this.#sum(schedule, at, end);
        at = end;
        // Exact: |A · M| < 2⁴⁸, and the divisor is a power of two. The field keeps its low 32 bits.
        field = (field + Math.floor((sum * factor + half) / divisor)) | 0;
      }
      this.#fields[lane] = field;
    }
  }

  /** Of couplings `at … end − 1` in a register of accumulatorBits, which keeps the low bits. */
  #sum({ sites, weights }: LaneSchedule, at: number, end: number): number {
    const { states } = this.#memories;
    let sum = 0;
    for (let n = at; n < end; n++) {
      sum = (sum + (weights[n] as number) * (states[sites[n] as number] as number)) | 0;
    }
    const unused = 32 - this.#p.accumulatorBits;
    return (sum << unused) >> unused;
  }

  /** The same in a register that stops at its ends: the W couplings of a step are added up, and then to the sum. */
  #saturatingSum({ sites, weights }: LaneSchedule, at: number, end: number): number {
    const { states } = this.#memories;
    const { couplingsPerLane, accumulatorBits } = this.#p;
    const max = 2 ** (accumulatorBits - 1) - 1;
    let sum = 0;
    for (let n = at; n < end; n += couplingsPerLane) {
      let step = 0;
      for (let w = n; w < n + couplingsPerLane; w++)
        step += (weights[w] as number) * (states[sites[w] as number] as number);
      sum += step;
      if (sum > max || sum < -max - 1) {
        sum = sum > max ? max : -max - 1;
        this.#counters.saturations++;
      }
    }
    return sum;
  }

  #temper(b: number): void {
    for (let lane = 0; lane < this.#p.lanes; lane++) {
      this.#fields[lane] = Math.floor(((this.#fields[lane] as number) * b + 32768) / 65536);
    }
  }

  #draw(first: number, sweep: number): void {
    this.#generators.draw(this.#draws, this.#memories.spinIndices, first, sweep);
  }

  #write(schedule: LaneSchedule, first: number, order: SweepOrder): void {
    const m = this.#memories;
    const counters = this.#counters;
    const shift = m.header[header.tableShift] as number;
    const last = m.header[header.tableLast] as number;
    const unused = 32 - this.#p.counterBits;
    for (let lane = 0; lane < this.#p.lanes; lane++) {
      const slot = first + lane;
      if (schedule.present[slot] === 0) {
        m.states[slot] = -1;
        continue;
      }
      const threshold = lookUp(m.table, shift, last, this.#fields[lane] as number);
      const state = (this.#draws[lane] as number) < threshold ? 1 : -1;
      counters.updates++;
      if (state !== m.states[slot]) counters.flips++;
      m.states[slot] = state;
      if (!order.retained && !order.clearSums) continue;
      const sum = order.clearSums ? 0 : (m.sums[slot] as number);
      const conditional = order.clearSums ? 0 : (m.conditionalSums[slot] as number);
      m.sums[slot] = ((sum + (order.retained ? state : 0)) << unused) >> unused;
      const mean = order.retained && order.conditionalSums ? 2 * threshold - 65536 : 0;
      m.conditionalSums[slot] = conditional + mean;
    }
  }
}
