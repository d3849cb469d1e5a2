/** Random runs of a program's blocks: every start, every readout, images and chains anywhere in their ranges. */
import type { ReadoutRequest, Start } from '../contract/driver.ts';
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import { scheduleTemperatures } from '../law/temperature.ts';
import { type BankLayout, blockLayout } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import { emptySpins, type PackedSpins, type Words } from '../spins/packed-spins.ts';
import { Dice } from './dice.ts';
import { type RunData, runtimeGains } from './vector-run.ts';

export interface RandomRunOptions {
  /** Default: any of the three. */
  readonly starts?: readonly ('random' | 'feed-forward' | 'given')[];
  /** Default 10. */
  readonly sweepsMax?: number;
  /** Default 4. */
  readonly imagesMax?: number;
  /** Default 3. */
  readonly chainsMax?: number;
}

/** A valid run of one of the program's blocks, chosen by the seed. `keep` is `host`: the last state can be compared too. */
export function randomRun(program: Program, seed: number, o: RandomRunOptions = {}): RunData {
  const dice = new Dice(seed, 1);
  const blocks = program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
  if (blocks.length === 0) throw new InvalidRequestError('the program has no block to run');
  const block = dice.pick(blocks);
  const layout = blockLayout(block);
  const images = randomImages(dice, dice.integer(1, o.imagesMax ?? 4));
  const chains = dice.integer(1, o.chainsMax ?? 3);
  const sweeps = dice.integer(1, o.sweepsMax ?? 10);
  const burnIn = dice.integer(0, sweeps - 1);
  return {
    block: block.index,
    gains: randomGainValues(dice, block),
    images,
    inputs: randomBanks(dice, layout, { role: 'pinned', rows: images.length }),
    chains,
    chainOffset: dice.pick([0, 0, dice.integer(1, 1000), 2 ** 24 - chains]),
    sweeps,
    burnIn,
    stride: dice.integer(1, Math.min(3, sweeps - burnIn)),
    sweepOffset: dice.pick([0, 0, dice.integer(1, 100), 2 ** 32 - 1 - sweeps]),
    temperatures: randomTemperatures(dice, block, sweeps),
    seed: dice.bits64(),
    start: randomStart(dice, layout, {
      kinds: o.starts ?? ['random', 'feed-forward', 'given'],
      rows: images.length * chains,
    }),
    keep: 'host',
    readouts: randomRequests(dice, layout),
  };
}

/** Distinct, in no order, the largest possible number now and then. */
function randomImages(dice: Dice, count: number): Words {
  const images = new Set<number>(dice.chance(0.2) ? [0xffffffff] : []);
  while (images.size < count) images.add(dice.chance(0.5) ? dice.integer(0, 20) : dice.word());
  return Uint32Array.from(dice.shuffled([...images]));
}

/** Runtime gains within a factor that keeps a random program's multipliers and field bound valid. */
function randomGainValues(dice: Dice, block: Block): Record<string, number> {
  const gains = runtimeGains(block);
  for (const id of Object.keys(gains)) {
    if (dice.chance(0.5)) gains[id] = (gains[id] ?? 1) * (0.6 + 0.9 * dice.uniform());
  }
  return gains;
}

function randomTemperatures(dice: Dice, block: Block, sweeps: number): Words | null {
  if (dice.chance(0.7)) return scheduleTemperatures(block.schedule, sweeps);
  return Uint32Array.from({ length: sweeps }, () => dice.pick([0, 65536, 65535, dice.integer(1, 65535)]));
}

function randomStart(
  dice: Dice,
  layout: readonly BankLayout[],
  o: { kinds: readonly ('random' | 'feed-forward' | 'given')[]; rows: number },
): Start {
  const kind = dice.pick(o.kinds);
  return kind === 'given' ? { kind, states: randomBanks(dice, layout, { role: 'free', rows: o.rows }) } : { kind };
}

function randomRequests(dice: Dice, layout: readonly BankLayout[]): ReadoutRequest[] {
  const free = layout.filter(({ bank }) => bank.role === 'free');
  return free.flatMap(({ bank }) =>
    (['spin-sum', 'conditional-sum', 'state'] as const).map((observable) => ({
      bank: bank.id,
      observable,
      as: observable === 'state' ? ('sums' as const) : dice.pick(['sums', 'signs', 'both'] as const),
      tie: dice.pick([1, -1] as const),
    })),
  );
}

function randomBanks(
  dice: Dice,
  layout: readonly BankLayout[],
  o: { role: 'free' | 'pinned'; rows: number },
): Readonly<Record<string, PackedSpins>> {
  const banks = layout.filter(({ bank }) => bank.role === o.role);
  return Object.fromEntries(banks.map(({ bank, spinCount }) => [bank.id, randomSpins(dice, o.rows, spinCount)]));
}

/** Fair coins. */
export function randomSpins(dice: Dice, rows: number, spinCount: number): PackedSpins {
  const packed = emptySpins(rows, spinCount);
  const stride = packed.words.length / Math.max(1, rows);
  for (let w = 0; w < packed.words.length; w++) {
    const inLast = (w + 1) % stride === 0 && (spinCount & 31) !== 0;
    packed.words[w] = dice.word() & (inLast ? 2 ** (spinCount & 31) - 1 : 0xffffffff);
  }
  return packed;
}
