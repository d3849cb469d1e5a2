/**
 * Families of random programs of the sizes that kernels are made for: many channels, wide matrices, lattices, irregular
 * graphs. `randomProgram` says everything that the representation can say, but small. All of the fixed law, reproducible
 * by seed.
 */
import type { Program } from '../program/program.ts';
import { irregularGraph, lattice } from './graph-programs.ts';
import { convolutions, layers } from './layered-programs.ts';
import { randomProgram } from './random-program.ts';

/** Everything at once, as `randomProgram` draws it, but larger. */
function mixed(seed: number): Program {
  return randomProgram({ seed, freeSpinsMax: 700, pinnedSpinsMax: 300, strength: seed % 4 === 0 ? 4 : 0.7 });
}

/** A key of `programFamilies`. */
export type ProgramFamily = 'convolutions' | 'layers' | 'lattice' | 'irregularGraph' | 'mixed';

/**
 * By name, from a seed to a program of one block under the fixed law: two or three banks of maps joined by convolutions of
 * any geometry; layers joined by matrices; periodic lattices in two colors; irregular graphs with hubs; everything at once.
 */
export const programFamilies: Readonly<Record<ProgramFamily, (seed: number) => Program>> = {
  convolutions,
  layers,
  lattice,
  irregularGraph,
  mixed,
};
