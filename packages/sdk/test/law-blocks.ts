/**
 * Small random blocks for tests of the law, and the counting of the states that a machine visits. A test of any machine
 * (the reference, a device) runs `lawRun` on it, tallies the states that come back, and compares them with an exact
 * law.
 */
import type { DriverReadout } from '../src/contract/driver.ts';
import { freeSpinCount } from '../src/couplings/coupling-counts.ts';
import { couplingView } from '../src/couplings/coupling-view.ts';
import type { Program } from '../src/program/program.ts';
import type { Block } from '../src/program/program-json.ts';
import { type SweepKernel, sweepKernel } from '../src/reference/index.ts';
import type { PackedSpins } from '../src/spins/packed-spins.ts';
import { Dice } from '../src/testing/dice.ts';
import { randomProgram } from '../src/testing/random-program.ts';
import { randomRun } from '../src/testing/random-run.ts';
import type { RunData } from '../src/testing/vector-run.ts';
import { falseAlarmBound } from './statistics.ts';

/** A block of 4 … 12 coupled free spins, with gains, an input and a start. */
export interface LawBlock {
  readonly seed: number;
  readonly program: Program;
  readonly block: Block;
  readonly gains: Readonly<Record<string, number>>;
  /** One row per pinned bank. */
  readonly input: Readonly<Record<string, PackedSpins>>;
  /** The start of every chain, as a state number (bit n is free spin n). */
  readonly start: number;
  readonly kernel: SweepKernel;
}

/**
 * The first `count` random programs, in order of their seed, whose block has 4 … 12 free spins, coupled at least half
 * as often as there are spins.
 */
export function lawBlocks(law: 'fixed' | 'real', count: number): readonly LawBlock[] {
  const blocks: LawBlock[] = [];
  for (let seed = 0; blocks.length < count; seed++) {
    const program = randomProgram({ seed, law, freeSpinsMax: 12, pinnedSpinsMax: 12, temperature: 'constant' });
    const block = program.json.stages.find((stage) => stage.kind === 'block');
    if (block === undefined) continue;
    const spins = freeSpinCount(block);
    if (spins < 4 || freeCouplings(block, program) < spins / 2) continue;
    const { gains, inputs } = randomRun(program, seed, { imagesMax: 1 });
    const kernel = sweepKernel(program, block.index, { gains, input: inputs });
    const start = new Dice(seed, 2).integer(0, kernel.stateCount - 1);
    blocks.push({ seed, program, block, gains, input: inputs, start, kernel });
  }
  return blocks;
}

/** Couplings between two free spins that are not zero. */
function freeCouplings(block: Block, program: Program): number {
  const free = new Set(block.banks.filter((bank) => bank.role === 'free').map((bank) => bank.id));
  const couplings = block.couplings.filter(({ from, to }) => free.has(from) && free.has(to));
  return couplings.reduce((sum, coupling) => {
    const view = couplingView(coupling, block, program.tensors);
    const degrees = Array.from({ length: view.toCount }, (_, spin) => view.degree('to', spin));
    // With from = to every pair is seen from both of its ends.
    return sum + degrees.reduce((total, degree) => total + degree, 0) / (coupling.from === coupling.to ? 2 : 1);
  }, 0);
}

/**
 * `chains` independent chains from the block's start; the states of the last `samples` sweeps of `sweeps` are read out.
 */
export function lawRun(b: LawBlock, o: { sweeps: number; samples: number; chains: number; stream: number }): RunData {
  const free = freeBankSpins(b);
  return {
    block: b.block.index,
    gains: b.gains,
    images: Uint32Array.of(b.seed),
    inputs: b.input,
    chains: o.chains,
    chainOffset: 0,
    sweeps: o.sweeps,
    burnIn: o.sweeps - o.samples,
    stride: 1,
    sweepOffset: 0,
    temperatures: null,
    seed: BigInt(b.seed) * 1000n + BigInt(o.stream),
    start: { kind: 'given', states: startStates(b, o.chains) },
    keep: 'nothing',
    readouts: [...free.keys()].map((bank) => ({ bank, observable: 'state', as: 'sums', tie: 1 })),
  };
}

/** How often each state was visited in sample `k` (0 … samples − 1) of a `lawRun`. */
export function tallyStates(
  b: LawBlock,
  readouts: readonly DriverReadout[],
  o: { k: number; samples: number },
): Float64Array {
  const counts = new Float64Array(b.kernel.stateCount);
  const banks = [...freeBankSpins(b).values()];
  const rows = readouts[0]?.states?.rows ?? 0;
  for (let row = o.k; row < rows; row += o.samples) {
    let state = 0;
    banks.forEach(({ first, spinCount }, n) => {
      // At most 12 free spins: a bank is one word.
      const word = readouts[n]?.states?.words[row] as number;
      state |= (word & (2 ** spinCount - 1)) << first;
    });
    counts[state] = (counts[state] as number) + 1;
  }
  return counts;
}

/** Per free bank in declared order: the number of its first free spin, and how many it has. */
function freeBankSpins(b: LawBlock): ReadonlyMap<string, { first: number; spinCount: number }> {
  const banks = new Map<string, { first: number; spinCount: number }>();
  b.kernel.spins.forEach(({ bank }, n) => {
    const known = banks.get(bank);
    banks.set(bank, { first: known?.first ?? n, spinCount: (known?.spinCount ?? 0) + 1 });
  });
  return banks;
}

function startStates(b: LawBlock, chains: number): Readonly<Record<string, PackedSpins>> {
  return Object.fromEntries(
    [...freeBankSpins(b)].map(([bank, { first, spinCount }]) => {
      const word = (b.start >>> first) & (2 ** spinCount - 1);
      return [bank, { words: new Uint32Array(chains).fill(word), rows: chains, spinCount }];
    }),
  );
}

/**
 * False-alarm bounds of the visited states against an exact law over states, one per group of at most five spins (32
 * cells, where a test has far more power than on 4096): windows of neighbours and windows of spins far apart.
 */
export function lawBounds(counts: Float64Array, law: Float64Array): readonly number[] {
  const spinCount = Math.log2(law.length);
  return spinGroups(spinCount).map((group) => falseAlarmBound(marginal(counts, group), marginal(law, group)));
}

/** At most this many bounds per comparison. */
export const groupsMax = 6;

function spinGroups(spinCount: number): readonly (readonly number[])[] {
  const all = Array.from({ length: spinCount }, (_, n) => n);
  const apart = [
    ...all.filter((n) => n % 3 === 0),
    ...all.filter((n) => n % 3 === 1),
    ...all.filter((n) => n % 3 === 2),
  ];
  if (spinCount <= 5) return [all];
  return [all, apart].flatMap((order) => {
    const windows = Math.ceil(spinCount / 5);
    const step = (spinCount - 5) / (windows - 1);
    return Array.from({ length: windows }, (_, w) => {
      const first = Math.round(w * step);
      return order.slice(first, first + 5);
    });
  });
}

/** The law, or the counts, of a group of spins. */
function marginal(values: Float64Array, group: readonly number[]): Float64Array {
  const cells = new Float64Array(2 ** group.length);
  values.forEach((value, state) => {
    const cell = group.reduce((bits, spin, n) => bits | (((state >>> spin) & 1) << n), 0);
    cells[cell] = (cells[cell] as number) + value;
  });
  return cells;
}
