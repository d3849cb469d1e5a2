/**
 * A block spelled out: which spins there are, in what order they are updated, who is whose neighbour and by which weight. Everything by
 * flat number: spins of all banks in declared order, pinned ones included, without padding.
 */
import type { Bank, Block, Coupling, Gain, Program } from '@isinglass/sdk';
import { biasTerms } from './bias-terms.ts';
import { couplingLinks, elementsOf, product } from './coupling-links.ts';

export interface BlockStructure {
  readonly block: Block;
  readonly banks: readonly BankPlace[];
  /** Of all banks. */
  readonly spins: number;
  /** `spinIndex` of every spin (semantics 5.2), which its random numbers depend on. */
  readonly spinIndex: Uint32Array;
  /** Padded spins of the block. */
  readonly paddedSpins: number;
  /** Free spins by color, in the order of a sweep. */
  readonly colors: readonly (readonly number[])[];
  readonly couplings: readonly { readonly coupling: Coupling; readonly pairs: readonly Pair[] }[];
  readonly biases: readonly { readonly gain: string; readonly first: number; readonly h: Float64Array }[];
}

export interface BankPlace {
  readonly bank: Bank;
  readonly id: string;
  readonly free: boolean;
  /** Flat number of its spin 0. */
  readonly first: number;
  /** `spinIndex` of its spin 0. */
  readonly offset: number;
  readonly spins: number;
}

/** Two spins that are neighbours, by flat number. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly w: number;
}

/** `index` is Block.index; throws RangeError when the program has no such block. */
export function blockStructure(program: Program, index: number): BlockStructure {
  const block = program.json.stages.find((stage): stage is Block => stage.kind === 'block' && stage.index === index);
  if (block === undefined) throw new RangeError(`the program has no block with index ${index}`);
  const { places, paddedSpins } = placesOf(block);
  const placeOf = (id: string): BankPlace => {
    const found = places.find((place) => place.id === id);
    if (found === undefined) throw new RangeError(`the block has no bank ${id}`);
    return found;
  };
  const spins = places.reduce((sum, place) => sum + place.spins, 0);
  return {
    block,
    banks: places,
    spins,
    spinIndex: Uint32Array.from(
      places.flatMap((place) => Array.from({ length: place.spins }, (_, n) => place.offset + n)),
    ),
    paddedSpins,
    colors: colorsOf(program, block, places),
    couplings: block.couplings.map((coupling) => {
      const [from, to] = [placeOf(coupling.from), placeOf(coupling.to)];
      const { links } = couplingLinks(program, coupling, { from: from.bank.shape, to: to.bank.shape });
      return {
        coupling,
        pairs: links.map((link) => ({ a: to.first + link.to, b: from.first + link.from, w: link.w })),
      };
    }),
    biases: block.biases.map((bias) => {
      const { bank, first } = placeOf(bias.bank);
      return { gain: bias.gain, first, h: biasTerms(program, bias, bank.shape) };
    }),
  };
}

/** Value of every gain in a run: what the run sets, else the program's. */
export function gainValues(
  { gains }: { readonly gains: readonly Gain[] },
  set: Readonly<Record<string, number>> = {},
): ReadonlyMap<string, number> {
  return new Map(gains.map(({ id, value }) => [id, set[id] ?? value]));
}

function placesOf(block: Block): { readonly places: readonly BankPlace[]; readonly paddedSpins: number } {
  let first = 0;
  let offset = 0;
  const places = block.banks.map((bank) => {
    const spins = product(bank.shape);
    const place = { bank, id: bank.id, free: bank.role === 'free', first, offset, spins };
    first += spins;
    offset += 32 * Math.ceil(spins / 32);
    return place;
  });
  return { places, paddedSpins: offset };
}

function colorsOf(program: Program, { schedule }: Block, places: readonly BankPlace[]): number[][] {
  const byColor = new Map<number, number[]>(schedule.colors.map((color) => [color, []]));
  for (const { bank, first, spins } of places) {
    if (bank.role === 'pinned') continue;
    const map = bank.colorMap === undefined ? undefined : elementsOf(program, bank.colorMap);
    for (let n = 0; n < spins; n++) {
      const color = map === undefined ? (bank.color as number) : (map[n] as number);
      const list = byColor.get(color);
      if (list === undefined) throw new RangeError(`color ${color} of bank ${bank.id} is not in the schedule`);
      list.push(first + n);
    }
  }
  return [...byColor.values()];
}
