/** What is legal in a program but seldom meant. */
import { type Block, couplingView, multiplier, type Program, scaled } from '@isinglass/sdk';

export interface ProgramWarning {
  readonly code: 'gain-above-one' | 'inert-coupling' | 'even-samples';
  /** Path in the program JSON. */
  readonly where: string;
  readonly message: string;
}

export function programWarnings(program: Program): readonly ProgramWarning[] {
  return program.json.stages.flatMap((stage, s) =>
    stage.kind === 'block'
      ? [
          ...highGains(stage, `stages[${s}]`),
          ...inertCouplings(stage, program.tensors, `stages[${s}]`),
          ...evenSamples(stage, `stages[${s}]`),
        ]
      : [],
  );
}

/** A temperature gradient above 1 makes the later bank colder than the one that was trained (P133). */
function highGains(block: Block, where: string): readonly ProgramWarning[] {
  const high = block.gains.map((gain, g) => ({ gain, g })).filter(({ gain }) => gain.value > 1);
  return high.map(({ gain, g }) => ({
    code: 'gain-above-one',
    where: `${where}.gains[${g}]`,
    message: `gain ${gain.id} is ${gain.value}; a temperature gradient is above 0 and at most 1`,
  }));
}

/** A coupling whose largest possible sum is below half a field unit has no effect at all (semantics 4.3). */
function inertCouplings(block: Block, tensors: Program['tensors'], where: string): readonly ProgramWarning[] {
  const { fixed } = block;
  if (fixed === undefined) return [];
  return block.couplings.flatMap((coupling, c): ProgramWarning[] => {
    const gain = block.gains.find(({ id }) => id === coupling.gain)?.value;
    if (gain === undefined || coupling.scale === undefined) return [];
    const { beta, fractionBits } = fixed;
    const m = multiplier({ beta, gain, scale: coupling.scale, fractionBits });
    if ('shiftOutOfRange' in m) return [];
    const view = couplingView(coupling, block, tensors);
    const sums = [...view.absoluteSums('to'), ...view.absoluteSums('from')];
    const largest = sums.reduce((a, b) => Math.max(a, b), 0);
    if (scaled(largest, m) !== 0) return [];
    const message = `coupling ${coupling.id} is inert: its largest sum ${largest} scales to 0 field units`;
    return [{ code: 'inert-coupling', where: `${where}.couplings[${c}]`, message }];
  });
}

/** Sums of an even number of ±1 can be zero, and then the tie rule decides the sign (semantics 2.2). */
function evenSamples({ schedule, readouts }: Block, where: string): readonly ProgramWarning[] {
  const { sweeps, burnIn, stride, chains } = schedule;
  const samples = Math.floor((sweeps - burnIn) / stride) * chains;
  if (samples % 2 === 1) return [];
  return readouts.flatMap((readout, r): ProgramWarning[] => {
    if (readout.observable !== 'spin-sum' || readout.signs === undefined) return [];
    const message = `${samples} samples per spin, an even number: a sum can be zero, and then its sign is ${readout.tie}`;
    return [{ code: 'even-samples', where: `${where}.readouts[${r}]`, message }];
  });
}
