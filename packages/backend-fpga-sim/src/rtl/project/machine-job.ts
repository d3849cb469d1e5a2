/** What the testbench does with the machine: memory images, registers, and how many sweeps. Plain data, so that emulator and testbench do the same. */
import type { Block, DriverRun, Program } from '@isinglass/sdk';
import { ConstantsOfGains, fixedConstants, Slicer } from '@isinglass/sdk/machine-driver';
import type { PlacedBlock } from '../../driver/placed-block.ts';
import type { Window } from '../../host/hardware.ts';
import type { Burst } from '../../host/machine-host.ts';
import { flags, starts } from '../../host/register-map.ts';
import type { ProjectEngine } from './project-engine.ts';

/** What a driver is asked for; of several images and chains the first row is run. A start must be one that a machine has: random or given. */
export type RtlRun = Pick<
  DriverRun,
  | 'gains'
  | 'images'
  | 'inputs'
  | 'chainOffset'
  | 'sweeps'
  | 'burnIn'
  | 'stride'
  | 'sweepOffset'
  | 'temperatures'
  | 'seed'
  | 'start'
  | 'readouts'
>;

/** Consecutive words of a window, in a file of their own. */
export interface MemoryImage extends Burst {
  /** `phases-steps`: of the file, without its ending. */
  readonly name: string;
}

export interface MachineJob {
  /** In the order in which they are written; none is empty. */
  readonly images: readonly MemoryImage[];
  /** By register, in the order in which they are written; COMMAND and SWEEPS are not among them. */
  readonly registers: Readonly<Record<string, number>>;
  readonly sweeps: number;
  /** One for each sweep, or null. */
  readonly temperatures: Uint32Array | null;
  /** Words of SPINS that the block uses. */
  readonly spinWords: number;
  /** The update slots of all free banks: rising, apart, ends left out. What is between them is padding, which need not hold anything. */
  readonly slots: readonly (readonly [begin: number, end: number])[];
  readonly conditionalSums: boolean;
  readonly placed: PlacedBlock;
}

export interface MachineJobOptions {
  readonly program: Program;
  readonly block: Block;
  readonly engine: ProjectEngine;
  readonly run: RtlRun;
  readonly signal: AbortSignal;
}

/** Rejects with the reason of an aborted signal. */
export async function machineJob({ program, block, engine, run, signal }: MachineJobOptions): Promise<MachineJob> {
  const slicer = new Slicer([signal]);
  const placed = await slicer.drain(engine.engine.place(program, block));
  const gains = new ConstantsOfGains((of) => fixedConstants(program, block, placed.sumBounds, of));
  const constants = await slicer.drain(gains.of(run.gains));
  const conditionalSums = run.readouts.some(({ observable }) => observable === 'conditional-sum');
  const spins = { window: 'spins', offset: 0, words: firstStates(block, placed, run) } as const;
  const bursts = [...placed.image(), ...placed.constants(constants), spins].filter(({ words }) => words.length > 0);
  return {
    images: bursts.map((burst) => ({ ...burst, name: imageName(burst, engine.phaseParts) })),
    registers: {
      SEED_LOW: Number(run.seed & 0xffff_ffffn),
      SEED_HIGH: Number(run.seed >> 32n),
      IMAGE: run.images[0] ?? 0,
      BLOCK_CHAIN: ((block.index << 24) | run.chainOffset) >>> 0,
      SWEEP_OFFSET: run.sweepOffset,
      BURN_IN: run.burnIn,
      STRIDE: run.stride,
      START: run.start.kind === 'random' ? starts.random : starts.given,
      FLAGS:
        flags.staticPass |
        flags.clearSums |
        (run.temperatures === null ? 0 : flags.temperatures) |
        (conditionalSums ? flags.conditionalSums : 0),
    },
    sweeps: run.sweeps,
    temperatures: run.temperatures === null ? null : Uint32Array.from(run.temperatures),
    spinWords: placed.spinWords,
    slots: slotRanges(block, placed),
    conditionalSums,
    placed,
  };
}

/** The pinned spins of the row, and its free ones where they are given. */
function firstStates({ banks }: Block, placed: PlacedBlock, run: RtlRun): Uint32Array {
  if (run.start.kind !== 'random' && run.start.kind !== 'given') {
    throw new TypeError(`start ${run.start.kind}: the sdk lowers it for machines that do not have it`);
  }
  const words = new Uint32Array(placed.spinWords);
  for (const { id, role } of banks) {
    const states = role === 'pinned' ? run.inputs : run.start.kind === 'given' ? run.start.states : {};
    const packed = states[id];
    if (packed !== undefined) placed.putStates(words, id, packed, 0);
  }
  return words;
}

function slotRanges({ banks }: Block, placed: PlacedBlock): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  const ofBanks = banks.filter(({ role }) => role === 'free').map(({ id }) => placed.slotsOf(id));
  for (const { first, count } of ofBanks.toSorted((a, b) => a.first - b.first)) {
    const last = ranges.at(-1);
    if (last !== undefined && first <= last[1]) last[1] = Math.max(last[1], first + count);
    else ranges.push([first, first + count]);
  }
  return ranges;
}

/** `conditional-sums` of conditionalSums. */
export const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `CONDITIONAL_SUMS` of conditionalSums: how memory maps write it. */
export const windowText = (window: Window): string => dashed(window).replaceAll('-', '_').toUpperCase();

function imageName({ window, offset }: Burst, phaseParts: ProjectEngine['phaseParts']): string {
  if (window !== 'phases') return dashed(window);
  const part = Object.entries(phaseParts).find(([, begin]) => begin === offset)?.[0];
  if (part === undefined) throw new TypeError(`no part of PHASES begins at ${offset}`);
  return `phases-${dashed(part)}`;
}
