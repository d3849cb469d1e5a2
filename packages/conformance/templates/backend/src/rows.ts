/** The rows of a run, one per (image, chain): how they begin, and what is read from them. */
import { type DriverReadout, type DriverRun, type PackedSpins, packSpins, unpackSpins } from '@isinglass/sdk';
import type { IsingBlock } from './ising-block.ts';
import { randomOf } from './random.ts';

export interface Row {
  readonly image: number;
  /** ±1 of all spins of the block. */
  readonly states: Int8Array;
  /**
   * A generator for one sweep, numbered through all runs that go on from one another; 0 is the start. What a row draws depends on the seed, on what the
   * row is, and on the sweep: not on how a batch is split, nor on what else runs.
   */
  readonly randomOf: (sweep: number) => () => number;
}

/** Image-major. */
export function startRows(block: IsingBlock, q: DriverRun): Row[] {
  const seed = [Number(q.seed & 0xffffffffn), Number(q.seed >> 32n)];
  const given = q.start.kind === 'given' ? unpacked(q.start.states) : {};
  const pinned = unpacked(q.inputs);
  return Array.from({ length: q.images.length * q.chains }, (_, n) => {
    const image = Math.floor(n / q.chains);
    const chain = q.chainOffset + (n % q.chains);
    const randomOfSweep = (t: number) => randomOf([...seed, q.block, q.images[image] ?? 0, chain, t]);
    const random = randomOfSweep(0);
    const states = new Int8Array(block.spins);
    for (const { id, first, spins } of block.banks) {
      const [values, row] = pinned[id] === undefined ? [given[id], n] : [pinned[id], image];
      for (let spin = 0; spin < spins; spin++) {
        states[first + spin] = values?.[row * spins + spin] ?? (random() < 0.5 ? 1 : -1);
      }
    }
    return { image, states, randomOf: randomOfSweep };
  });
}

/** Every bank, or every free one, one packed row per row. */
export function packedBanks(
  block: IsingBlock,
  rows: readonly Row[],
  which: 'all' | 'free',
): Record<string, PackedSpins> {
  const banks = block.banks.filter(({ free }) => free || which === 'all');
  return Object.fromEntries(
    banks.map(({ id }) => [
      id,
      packedBank(
        block,
        id,
        rows.map(({ states }) => states),
      ),
    ]),
  );
}

/** Sums and states over the retained sweeps. */
export class Readouts {
  readonly #block: IsingBlock;
  readonly #q: DriverRun;
  readonly #sums: readonly Int32Array[];
  /** By row, retained states in order; only where a readout asks for them. */
  readonly #states: readonly Int8Array[][];

  constructor(block: IsingBlock, q: DriverRun) {
    this.#block = block;
    this.#q = q;
    this.#sums = Array.from(q.images, () => new Int32Array(block.spins));
    this.#states = Array.from({ length: q.images.length * q.chains }, () => []);
  }

  /** Takes the states after a retained sweep. */
  add(rows: readonly Row[]): void {
    const keep = this.#q.readouts.some(({ observable }) => observable === 'state');
    for (const [n, { image, states }] of rows.entries()) {
      const sums = this.#sums[image];
      for (const [spin, value] of states.entries()) if (sums !== undefined) sums[spin] = (sums[spin] ?? 0) + value;
      if (keep) this.#states[n]?.push(states.slice());
    }
  }

  /** In the order of the request. */
  results(): DriverReadout[] {
    return this.#q.readouts.map(({ bank: id, observable }) => {
      if (observable === 'state') return { states: packedBank(this.#block, id, this.#states.flat()) };
      const bank = this.#block.banks.find((each) => each.id === id);
      if (bank === undefined) throw new Error(`the block has no bank ${id}`);
      const { first, spins } = bank;
      const sums = new Int32Array(this.#q.images.length * spins);
      for (const [image, all] of this.#sums.entries()) sums.set(all.subarray(first, first + spins), image * spins);
      return { sums };
    });
  }
}

function packedBank(block: IsingBlock, id: string, states: readonly Int8Array[]): PackedSpins {
  const { first, spins } = block.banks.find((bank) => bank.id === id) ?? { first: 0, spins: 0 };
  const values = new Int8Array(states.length * spins);
  for (const [n, row] of states.entries()) values.set(row.subarray(first, first + spins), n * spins);
  return packSpins(values, states.length, spins);
}

function unpacked(banks: Readonly<Record<string, PackedSpins>>): Readonly<Record<string, Int8Array>> {
  return Object.fromEntries(Object.entries(banks).map(([id, spins]) => [id, unpackSpins(spins)]));
}
