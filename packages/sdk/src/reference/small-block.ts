/**
 * Blocks small enough to list every state. A state of the free spins is a number: bit n is the n-th free spin in order
 * of `spinIndex` (1 is +1), so state 0 is all −1.
 */
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import type { PackedSpins } from '../spins/packed-spins.ts';
import { checkBanks, pinnedBanks } from './check-run.ts';
import { pinnedRow } from './feed-forward.ts';
import { type FreeSpin, spinGraph } from './spin-graph.ts';
import type { UpdateLaw } from './update-law.ts';

/** Which law of a block is asked for. */
export interface StateRequest {
  /** Runtime gains; absent ones keep the program's. */
  readonly gains?: Readonly<Record<string, number>>;
  /** The pinned banks, one row each. */
  readonly input?: Readonly<Record<string, PackedSpins>>;
}

/** A block with its pinned spins in place. */
export interface SmallBlock {
  readonly freeSpins: readonly FreeSpin[];
  /** Free spins of each color in the order of a sweep. */
  readonly colors: readonly (readonly FreeSpin[])[];
  /** The field of free spin `n` in a state; it does not depend on the spin itself. */
  field(state: number, n: number): number;
}

/** Throws InvalidRequestError when the block has more than `freeSpinsMax` free spins. */
export function smallBlock(
  program: Pick<Program, 'tensors'>,
  block: Block,
  o: StateRequest & { readonly law: UpdateLaw; readonly freeSpinsMax: number },
): SmallBlock {
  const input = o.input ?? {};
  checkBanks('input', input, pinnedBanks(block), 1);
  const graph = spinGraph(program, block);
  const count = graph.freeSpins.length;
  if (count > o.freeSpinsMax) {
    throw new InvalidRequestError(
      `Block "${block.id}" has ${count} free spins; at most ${o.freeSpinsMax} can be listed.`,
      {
        where: block.id,
      },
    );
  }
  const spins = new Int8Array(graph.stateLength);
  const pinned = pinnedRow(input, 0);
  for (const { bank, offset } of graph.layout) spins.set(pinned.get(bank.id) ?? [], offset);
  const staticFields = graph.freeSpins.map((spin) => o.law.staticField(spin, spins));
  return {
    freeSpins: graph.freeSpins,
    colors: graph.colors,
    field(state, n) {
      for (const { spinIndex, order } of graph.freeSpins) spins[spinIndex] = (state >>> order) & 1 ? 1 : -1;
      return o.law.field(graph.freeSpins[n] as FreeSpin, staticFields[n] as number, spins);
    },
  };
}

/** Σ p(state)·s per spin: the means of a law over states. */
export function lawMeans(probabilities: Float64Array, spinCount: number): Float64Array<ArrayBuffer> {
  const means = new Float64Array(spinCount);
  probabilities.forEach((p, state) => {
    for (let n = 0; n < spinCount; n++) means[n] = (means[n] as number) + ((state >>> n) & 1 ? p : -p);
  });
  return means;
}
