/**
 * Cycles of the lane engine in closed form (devices.md 5.2), for C colors of n_c spins, P lanes of W couplings and, in each color, coupling groups of at most
 * d_g neighbours:
 *
 *   sweep  = Σ_c [ ⌈n_c/P⌉ · (1 + Σ_g (⌈d_g/W⌉ + 1) + temper + stall_c + 2) + t_sync ] + t_sweep
 *   stall_c = max(0, draw − (1 + Σ_g (⌈d_g/W⌉ + 1) + temper))
 *
 * With one group, no multiplier and a generator that is ready at once it is the published ⌈n_c/P⌉ · (⌈d_c/W⌉ + t_fix). Knows nothing of the emulator's walk,
 * which it is a witness of.
 */
import { addCycles, type PartialCycles } from '../add-cycles.ts';
import type { CycleCounts } from '../cycle-causes.ts';

/** One color, of a sweep or of the static pass. */
export interface LaneColor {
  /** n_c: its free spins. */
  readonly spins: number;
  /** d_g of each coupling group: the most neighbours of any of these spins in one coupling. */
  readonly degrees: readonly number[];
}

export interface LaneSchedule {
  /** P. */
  readonly lanes: number;
  /** W. */
  readonly couplingsPerLane: number;
  /** t_sync, after each color. */
  readonly syncCycles: number;
  /** t_sweep. */
  readonly sweepCycles: number;
  /** From the first cycle of a chunk until its random numbers can be used: 10 for philox, 0 for generators that are ready at once. */
  readonly drawCycles: number;
  /** 1 where the run has temperatures, else 0. */
  readonly temperCycles: 0 | 1;
}

/** One sweep. */
export function laneSweepCycles(colors: readonly LaneColor[], schedule: LaneSchedule): CycleCounts {
  const { temperCycles, drawCycles, syncCycles, sweepCycles } = schedule;
  const parts = colors.map(({ spins, degrees }): PartialCycles => {
    const chunks = Math.ceil(spins / schedule.lanes);
    const mac = macCycles(degrees, schedule);
    const scale = degrees.length + temperCycles;
    return {
      fetch: chunks,
      mac: chunks * mac,
      scale: chunks * scale,
      rngStall: chunks * Math.max(0, drawCycles - (1 + mac + scale)),
      sample: chunks,
      write: chunks,
      colorStall: syncCycles,
    };
  });
  return addCycles(...parts, { colorStall: sweepCycles });
}

/** The static pass, once for each image: H = B + Σ_g scaled(A_g) over couplings to pinned spins. A color with none of them still takes its biases. */
export function laneStaticCycles(
  colors: readonly LaneColor[],
  schedule: Pick<LaneSchedule, 'lanes' | 'couplingsPerLane'>,
): CycleCounts {
  const cycles = colors.map(
    ({ spins, degrees }) => Math.ceil(spins / schedule.lanes) * (1 + macCycles(degrees, schedule) + degrees.length + 1),
  );
  return addCycles({ static: cycles.reduce((sum, each) => sum + each, 0) });
}

/** Random initial states: one draw in each update slot, in one pass through all chunks. */
export function laneStartCycles(
  colors: readonly Pick<LaneColor, 'spins'>[],
  { lanes, drawCycles }: Pick<LaneSchedule, 'lanes' | 'drawCycles'>,
): CycleCounts {
  const chunks = colors.reduce((sum, { spins }) => sum + Math.ceil(spins / lanes), 0);
  return addCycles({
    fetch: chunks,
    rngStall: chunks * Math.max(0, drawCycles - 1),
    sample: chunks,
    write: chunks,
  });
}

const macCycles = (degrees: readonly number[], { couplingsPerLane }: Pick<LaneSchedule, 'couplingsPerLane'>): number =>
  degrees.reduce((sum, degree) => sum + Math.ceil(degree / couplingsPerLane), 0);
