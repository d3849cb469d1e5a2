/** A block of a program in the simplest terms: spins, colors, fields and couplings. Forms of couplings and biases are unrolled here. */
import { type Block, biasValues, blockLayout, couplingView, type Program } from '@isinglass/sdk';

export interface IsingBlock {
  /** Banks in declared order; spins of a bank are `first … first + spins − 1`. */
  readonly banks: readonly {
    readonly id: string;
    readonly free: boolean;
    readonly first: number;
    readonly spins: number;
  }[];
  readonly spins: number;
  /** Free spins by color, in the order of a sweep. Spins of one color are not coupled: a machine may update them at once. */
  readonly colors: readonly (readonly number[])[];
  /** β·h of every spin, gains multiplied in. */
  readonly fields: Float64Array;
  /** β·J between every spin and its partners, gains multiplied in; every coupling is listed at both of its ends. */
  readonly partners: readonly (readonly Partner[])[];
}

export interface Partner {
  readonly spin: number;
  readonly J: number;
}

/** `gains`: those of the run. */
export function isingBlock(program: Program, block: Block, gains: Readonly<Record<string, number>>): IsingBlock {
  let spins = 0;
  const banks = blockLayout(block).map(({ bank, spinCount }) => {
    const first = spins;
    spins += spinCount;
    return { id: bank.id, free: bank.role === 'free', first, spins: spinCount, bank };
  });
  const firstOf = (id: string): number => banks.find((bank) => bank.id === id)?.first ?? 0;
  const { schedule } = block;
  const beta = typeof schedule.beta === 'number' ? schedule.beta : Math.max(...schedule.beta.map((step) => step.beta));
  const factorOf = (id: string): number => beta * (gains[id] ?? block.gains.find((gain) => gain.id === id)?.value ?? 1);

  const fields = new Float64Array(spins);
  for (const bias of block.biases) {
    const bank = banks.find(({ id }) => id === bias.bank)?.bank;
    if (bank === undefined) continue;
    const first = firstOf(bias.bank);
    for (const [n, h] of biasValues(bias, bank, program.tensors).entries()) {
      fields[first + n] = (fields[first + n] ?? 0) + factorOf(bias.gain) * h;
    }
  }

  const partners = Array.from({ length: spins }, (): Partner[] => []);
  for (const coupling of block.couplings) {
    const view = couplingView(coupling, block, program.tensors);
    const [from, to] = [firstOf(coupling.from), firstOf(coupling.to)];
    const within = coupling.from === coupling.to;
    for (let n = 0; n < view.toCount; n++) {
      for (const [other, weight] of view.neighbours('to', n)) {
        const J = factorOf(coupling.gain) * weight;
        partners[to + n]?.push({ spin: from + other, J });
        // A coupling of a bank with itself shows both of its ends already.
        if (!within) partners[from + other]?.push({ spin: to + n, J });
      }
    }
  }
  return {
    banks: banks.map(({ bank: _, ...rest }) => rest),
    spins,
    colors: colorsOf(program, block, firstOf),
    fields,
    partners,
  };
}

function colorsOf(program: Program, block: Block, firstOf: (id: string) => number): number[][] {
  const byColor = new Map(block.schedule.colors.map((color): [number, number[]] => [color, []]));
  for (const { bank, spinCount } of blockLayout(block)) {
    if (bank.role !== 'free') continue;
    const map = bank.colorMap === undefined ? undefined : program.tensors.get(bank.colorMap.tensor)?.data;
    for (let n = 0; n < spinCount; n++) {
      byColor.get(map === undefined ? (bank.color ?? 0) : Number(map[n]))?.push(firstOf(bank.id) + n);
    }
  }
  return [...byColor.values()];
}
