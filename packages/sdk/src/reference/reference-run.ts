/**
 * What a reference machine is asked and what it answers: a driver's run, synchronous and without callbacks but the
 * trace.
 */
import type { DriverResult, DriverRun } from '../contract/driver.ts';
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import type { PackedSpins } from '../spins/packed-spins.ts';

/** As DriverRun; a `resume` handle must come from a reference machine. */
export type ReferenceRun = Omit<DriverRun, 'signal' | 'onProgress' | 'trace'> & {
  /** Called for sweep 0 (the initial state) … sweeps with every bank in declared order, one row per (image, chain). */
  readonly trace?: (sweep: number, banks: Readonly<Record<string, PackedSpins>>) => void;
};

/** As DriverResult; `counters.flips` counts the updates that changed their spin. */
export type ReferenceResult = DriverResult;

/** The block of a program with this `Block.index`. */
export function blockWithIndex(program: Pick<Program, 'json'>, index: number): Block {
  for (const stage of program.json.stages) {
    if (stage.kind === 'block' && stage.index === index) return stage;
  }
  throw new InvalidRequestError(`The program has no block with index ${index}.`, { where: 'block' });
}

/** Retained sweeps per chain (semantics 1.7). */
export function retainedSweeps(run: Pick<DriverRun, 'sweeps' | 'burnIn' | 'stride'>): number {
  return Math.floor((run.sweeps - run.burnIn) / run.stride);
}
