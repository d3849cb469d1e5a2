/**
 * Both laws, spin by spin, as semantics says them: slow and obvious.
 *
 *   for every color in order, every spin i of the color:
 *       n = #{r: spin i ends up}, from its field       s_i = +1  iff  r_i < n
 *
 * Spins of one color are never coupled, so updating them one after another is updating them at once (semantics 1.4, 1.5).
 */
import type { DriverRun, Program } from '@isinglass/sdk';
import { activation, activationTable, feedForwardMean, plusDrawsOfReal } from './activation.ts';
import { blockConstants, realConstants } from './block-constants.ts';
import type { BlockStructure } from './block-structure.ts';
import type { MachineRows, Sampler } from './machine/sampler.ts';
import { type Multiplier, scaled, scaledMeans, tempered } from './multiplier.ts';
import { BlockDraws } from './philox.ts';

/** One coupling's neighbours of one spin. */
interface Term {
  /** Number of the coupling. */
  readonly coupling: number;
  readonly links: readonly { readonly neighbour: number; readonly w: number }[];
}

/** Terms of every spin by where its neighbours are; a coupling joins a bank with pinned spins only, or free ones only. */
export interface SpinTerms {
  readonly pinned: readonly Term[];
  readonly free: readonly Term[];
}

/** What makes the laws different. */
interface SpinLaw {
  /** H_i, or the part of f_i that does not change: biases, and `sums` of pinned neighbours. */
  staticField(spin: number, sums: Sums): number;
  /** What Σ w·s over free neighbours adds. */
  freeField(sums: Sums): number;
  /** What Σ w·m over visited neighbours adds in a feed-forward start, m as `mean` gives it. */
  meanField(sums: Sums): number;
  mean(field: number): number;
  /** n of P(up) = n/65536. */
  plusDraws(field: number, b: number): number;
}

/** Σ_j w_ij s_j of several couplings. */
type Sums = readonly { readonly coupling: number; readonly A: number }[];

/** Terms of every spin, by flat number. */
export function spinTerms({ spins, banks, couplings }: BlockStructure): SpinTerms[] {
  const freeBank = new Map(banks.map(({ id, free }) => [id, free]));
  const lists = Array.from({ length: spins }, () => couplings.map((): { neighbour: number; w: number }[] => []));
  for (const [n, { pairs }] of couplings.entries()) {
    for (const { a, b, w } of pairs) {
      lists[a]?.[n]?.push({ neighbour: b, w });
      lists[b]?.[n]?.push({ neighbour: a, w });
    }
  }
  return banks.flatMap(({ id, first, spins: count }) =>
    lists.slice(first, first + count).map((byCoupling) => {
      const terms = byCoupling.map((links, coupling) => ({ coupling, links })).filter(({ links }) => links.length > 0);
      const otherIsFree = ({ coupling: n }: Term): boolean => {
        const { coupling } = couplings[n] as BlockStructure['couplings'][number];
        return freeBank.get(coupling.to === id ? coupling.from : coupling.to) === true;
      };
      return { pinned: terms.filter((term) => !otherIsFree(term)), free: terms.filter(otherIsFree) };
    }),
  );
}

function sumsOf(terms: readonly Term[], values: ArrayLike<number>, offset: number): Sums {
  return terms.map(({ coupling, links }) => ({
    coupling,
    A: links.reduce((sum, { neighbour, w }) => sum + w * (values[offset + neighbour] as number), 0),
  }));
}

/** The law of the program, plain. */
export function preparePlain(program: Program, structure: BlockStructure) {
  const terms = spinTerms(structure);
  const draws = new BlockDraws(structure);
  return (run: DriverRun, rows: MachineRows): Sampler => {
    const law = program.json.law.kind === 'fixed' ? fixedSpinLaw(structure, run) : realSpinLaw(structure, run);
    return new PlainSampler({ structure, terms, draws, law, run, rows });
  };
}

interface PlainParts {
  readonly structure: BlockStructure;
  readonly terms: readonly SpinTerms[];
  readonly draws: BlockDraws;
  readonly law: SpinLaw;
  readonly run: DriverRun;
  readonly rows: MachineRows;
}

/** In one call of `sweepRows`. */
const updatesAtOnce = 200;

class PlainSampler implements Sampler {
  readonly rowsAtOnce: number;
  readonly #o: PlainParts;
  readonly #r: Uint16Array;
  /** H of every row and free spin. */
  readonly #static: Float64Array;

  constructor(o: PlainParts) {
    this.#o = o;
    const { spins, colors } = o.structure;
    this.rowsAtOnce = Math.max(1, Math.floor(updatesAtOnce / spins));
    this.#r = new Uint16Array(spins);
    this.#static = new Float64Array(o.rows.count * spins);
    for (let row = 0; row < o.rows.count; row++) {
      for (const spin of colors.flat()) {
        const sums = sumsOf((o.terms[spin] as SpinTerms).pinned, o.rows.states, row * spins);
        this.#static[row * spins + spin] = o.law.staticField(spin, sums);
      }
    }
  }

  begin(start: 'random' | 'feed-forward'): void {
    const { structure, rows } = this.#o;
    for (let row = 0; row < rows.count; row++) {
      if (start === 'feed-forward') {
        this.#feedForward(row);
        continue;
      }
      this.#draw(row, 0);
      for (const spin of structure.colors.flat()) {
        rows.states[row * structure.spins + spin] = (this.#r[spin] as number) < 32768 ? 1 : -1;
      }
    }
  }

  sweepRows(first: number, count: number, t: number): number {
    let flips = 0;
    for (let row = first; row < first + count; row++) flips += this.#sweepRow(row, t);
    return flips;
  }

  #sweepRow(row: number, t: number): number {
    const { structure, terms, law, run, rows } = this.#o;
    const offset = row * structure.spins;
    const b = run.temperatures?.[t - 1] ?? 65536;
    this.#draw(row, run.sweepOffset + t);
    let flips = 0;
    for (const spin of structure.colors.flat()) {
      const sums = sumsOf((terms[spin] as SpinTerms).free, rows.states, offset);
      const field = (this.#static[offset + spin] as number) + law.freeField(sums);
      const n = law.plusDraws(field, b);
      const next = (this.#r[spin] as number) < n ? 1 : -1;
      if (next !== rows.states[offset + spin]) flips++;
      rows.states[offset + spin] = next;
      rows.plusDraws[offset + spin] = n;
    }
    return flips;
  }

  #draw(row: number, sweep: number): void {
    const { structure, draws, run } = this.#o;
    draws.fill(this.#r, {
      seed: run.seed,
      block: structure.block.index,
      image: run.images[Math.floor(row / run.chains)] as number,
      chain: run.chainOffset + (row % run.chains),
      sweep,
    });
  }

  /** Semantics 4.8: colors in order, spins not yet visited lend nothing. */
  #feedForward(row: number): void {
    const { structure, terms, law, rows } = this.#o;
    const offset = row * structure.spins;
    const means = new Float64Array(structure.spins);
    for (const spin of structure.colors.flat()) {
      const sums = sumsOf((terms[spin] as SpinTerms).free, means, 0);
      const field = (this.#static[offset + spin] as number) + law.meanField(sums);
      means[spin] = law.mean(field);
      rows.states[offset + spin] = field >= 0 ? 1 : -1;
    }
  }
}

function fixedSpinLaw(structure: BlockStructure, { gains }: DriverRun): SpinLaw {
  const { B, multipliers, fractionBits } = blockConstants(structure, gains);
  const table = activationTable(fractionBits);
  const total = (sums: Sums, scale: (A: number, m: Multiplier) => number): number =>
    sums.reduce((sum, { coupling, A }) => sum + scale(A, multipliers[coupling] as Multiplier), 0);
  return {
    staticField: (spin, sums) => (B[spin] as number) + total(sums, scaled),
    freeField: (sums) => total(sums, scaled),
    meanField: (sums) => total(sums, scaledMeans),
    mean: (field) => feedForwardMean(table, field),
    plusDraws: (field, b) => activation(table, tempered(field, b)),
  };
}

function realSpinLaw(structure: BlockStructure, { gains }: DriverRun): SpinLaw {
  const { beta, strengths, h } = realConstants(structure, gains);
  const total = (sums: Sums): number =>
    sums.reduce((sum, { coupling, A }) => sum + (strengths[coupling] as number) * A, 0);
  return {
    staticField: (spin, sums) => (h[spin] as number) + total(sums),
    freeField: total,
    meanField: total,
    mean: (field) => Math.tanh(beta * field),
    plusDraws: (field, b) => plusDrawsOfReal((beta * b * field) / 65536),
  };
}
