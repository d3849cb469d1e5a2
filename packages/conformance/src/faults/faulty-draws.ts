/** Where a faulty machine has its random numbers from: those of semantics 5, spoiled on their way, or of another generator. */
import type { DriverRun } from '@isinglass/sdk';
import type { BlockStructure } from '../oracle/block-structure.ts';
import { type BlockDraws, blockAndChain, keyWords } from '../oracle/philox.ts';
import { philoxInto } from '../random/philox-into.ts';
import { mixedOf } from './mixing.ts';
import type { SamplerFault, UniformFault } from './sampler-fault.ts';
import { jumped, nextRegister, registerJump } from './shift-register.ts';

/** The random numbers of one run. */
export interface Draws {
  /** r of every free spin of a row into `r`, flat; `t` counts from 0, the initial state. */
  fill(r: Uint16Array, row: number, t: number): void;
  /** Where the numbers are those of Philox as they are: what they are made from. */
  readonly philox?: {
    readonly block: BlockDraws;
    readonly key: readonly [number, number];
    /** Counter words 1, and 2 and 3 of a row. */
    c1(t: number): number;
    c2(row: number): number;
    c3(row: number): number;
  };
}

/** What kinds of draws are made of. */
interface DrawPlace {
  readonly structure: BlockStructure;
  readonly run: DriverRun;
  readonly rows: number;
  /** First free neighbour of every free spin, flat; −1: none. */
  readonly partner: Int32Array;
}

/** The generator of the law, then every fault in turn. */
export function faultyDraws(place: DrawPlace, base: BlockDraws, faults: readonly SamplerFault[]): Draws {
  const uniform = faults.filter((fault): fault is UniformFault => fault.kind === 'uniform');
  const alike = Math.max(0, ...uniform.map((fault) => (fault.change === 'shared-by-chains' ? fault.chains : 0)));
  return uniform.reduce((draws, fault) => withFault(draws, fault, place), philoxDraws(place, base, alike));
}

function philoxDraws({ structure, run }: DrawPlace, base: BlockDraws, alike: number): Draws {
  const key = keyWords(run.seed);
  const { index } = structure.block;
  const { images, chains, chainOffset, sweepOffset } = run;
  const philox: NonNullable<Draws['philox']> = {
    block: base,
    key,
    c1: (t) => (t === 0 ? 0 : sweepOffset + t),
    c2: (row) => images[Math.floor(row / chains)] as number,
    c3: (row) => {
      const chain = chainOffset + (row % chains);
      return blockAndChain(index, chain < alike ? 0 : chain);
    },
  };
  return {
    philox,
    fill: (r, row, t) => base.fillWords(r, key, philox.c1(t), philox.c2(row), philox.c3(row)),
  };
}

function withFault(draws: Draws, fault: UniformFault, place: DrawPlace): Draws {
  switch (fault.change) {
    case 'bits':
    case 'shared-by-chains':
      return draws;
    case 'shared-in-color':
      return sharedInColor(draws, place);
    case 'shared-by-neighbours':
      return sharedByNeighbours(draws, place, fault.probability);
    case 'lag':
      return lagged(draws, place, fault.probability);
    case 'lfsr':
      return registers(draws, place, { bits: fault.bits, phase: undefined });
    case 'phase-shifted-lfsr':
      return registers(draws, place, { bits: 32, phase: fault.sweeps });
    case 'period':
      return periodic(place, fault.draws);
    default:
      return fault satisfies never;
  }
}

function sharedInColor(draws: Draws, { structure: { colors } }: DrawPlace): Draws {
  return {
    fill(r, row, t) {
      draws.fill(r, row, t);
      for (const color of colors) for (const spin of color) r[spin] = r[color[0] as number] as number;
    },
  };
}

/** Four words that tell runs, rows and sweeps apart. */
function rowKey({ run, structure }: DrawPlace, row: number): number {
  const [low, high] = keyWords(run.seed);
  const image = run.images[Math.floor(row / run.chains)] as number;
  return mixedOf(low, high, image, blockAndChain(structure.block.index, run.chainOffset + (row % run.chains)));
}

/** Whether the coin of a spin falls, with this probability. */
function coin(key: number, sweep: number, spin: number, probability: number): boolean {
  return mixedOf(key, sweep, spin) < probability * 2 ** 32;
}

function sharedByNeighbours(draws: Draws, place: DrawPlace, probability: number): Draws {
  const { partner, run } = place;
  const own = new Uint16Array(partner.length);
  return {
    fill(r, row, t) {
      draws.fill(r, row, t);
      own.set(r);
      const key = rowKey(place, row);
      for (const color of place.structure.colors) {
        for (const spin of color) {
          const other = partner[spin] as number;
          if (other >= 0 && coin(key, run.sweepOffset + t, spin, probability)) r[spin] = own[other] as number;
        }
      }
    },
  };
}

function lagged(draws: Draws, place: DrawPlace, probability: number): Draws {
  const before = new Uint16Array(place.structure.spins);
  return {
    fill(r, row, t) {
      draws.fill(r, row, t);
      if (t < 2) return;
      draws.fill(before, row, t - 1);
      const key = rowKey(place, row);
      for (const color of place.structure.colors) {
        for (const spin of color) {
          if (coin(key, place.run.sweepOffset + t, spin, probability)) r[spin] = before[spin] as number;
        }
      }
    },
  };
}

/** Registers start anew in every run, from its seed; sweeps 0, the initial state, keeps the numbers of the law. */
function registers(
  draws: Draws,
  place: DrawPlace,
  o: { readonly bits: 16 | 32; readonly phase: number | undefined },
): Draws {
  const { structure, rows, run } = place;
  const { spins } = structure;
  const free = structure.colors.flat().toSorted((a, b) => a - b);
  const states = new Uint32Array(rows * spins);
  const jump = o.phase === undefined ? undefined : registerJump(o.phase);
  for (let row = 0; row < rows; row++) {
    const key = rowKey(place, row);
    let shared = mixedOf(key, run.sweepOffset, 0x51ed) || 1;
    for (const spin of free) {
      const own = mixedOf(key, run.sweepOffset, spin);
      const seed = o.bits === 16 ? own & 0xffff : own;
      states[row * spins + spin] = jump === undefined ? seed || 1 : shared;
      if (jump !== undefined) shared = jumped(shared, jump);
    }
  }
  return {
    fill(r, row, t) {
      if (t === 0) {
        draws.fill(r, row, t);
        return;
      }
      for (const spin of free) {
        const next = nextRegister(states[row * spins + spin] as number, o.bits);
        states[row * spins + spin] = next;
        r[spin] = next & 0xffff;
      }
    },
  };
}

function periodic(place: DrawPlace, period: number): Draws {
  const order = place.structure.colors.flat();
  const words = new Uint32Array(4);
  return {
    fill(r, row, t) {
      const first = (place.run.sweepOffset + t) * order.length;
      const key = rowKey(place, row);
      let block = -1;
      for (const [n, spin] of order.entries()) {
        const draw = (first + n) % period;
        if (draw >>> 3 !== block) {
          block = draw >>> 3;
          philoxInto(words, block, 0, 0, 0, key, 0x9e37);
        }
        r[spin] = ((words[(draw >>> 1) & 3] as number) >>> (16 * (draw & 1))) & 0xffff;
      }
    },
  };
}
