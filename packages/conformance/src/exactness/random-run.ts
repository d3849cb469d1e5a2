/** Random runs of a program within a profile: every start and readout, images, chains and sweeps anywhere in their ranges. */
import {
  type BankLayout,
  type Block,
  blockLayout,
  type DeviceProfile,
  emptySpins,
  type Limit,
  type PackedSpins,
  type Program,
  type ReadoutRequest,
  type Words,
  wordsPerRow,
} from '@isinglass/sdk';
import type { RandomStream } from '../random/random-stream.ts';
import type { Continuation, PlannedStart, RunPlan } from './run-plan.ts';

export interface RandomRunOptions {
  readonly profile: DeviceProfile;
  /** Default 8. */
  readonly sweepsMax?: number;
  /** Default 4. */
  readonly imagesMax?: number;
  /** Default 3. */
  readonly chainsMax?: number;
}

/** A valid run of one block, chosen by `random`. */
export function randomRun(program: Program, random: RandomStream, o: RandomRunOptions): RunPlan {
  const { profile } = o;
  const blocks = program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
  const block = random.pick(blocks);
  const layout = blockLayout(block);
  const { images: imageCount, chains } = randomRows(random, o);
  const images = randomImages(random, imageCount);
  const sums = profile.readout.observables.filter((observable) => observable !== 'state');
  const counter = Math.min(...sums.map((observable) => samplesMax(profile, observable)), 2 ** 31);
  const schedule = randomSweeps(random, o, Math.max(1, Math.floor(counter / chains)));
  const keep = random.pick([
    'nothing',
    'host',
    ...(profile.init.includes('resume') ? (['device'] as const) : []),
  ] as const);
  const goesOn = keep === 'device' || (keep === 'host' && profile.init.includes('given'));
  const then =
    goesOn && random.chance(0.6) ? randomSweeps(random, o, Math.max(1, Math.floor(counter / chains))) : undefined;
  return {
    block: block.index,
    gains: randomGains(random, block, profile),
    images,
    inputs: spinsOf(random, layout, { role: 'pinned', rows: images.length }),
    chains,
    chainOffset: random.pick([0, 0, random.integer(1, 1000), 2 ** 24 - chains]),
    ...schedule,
    sweepOffset: random.pick([0, 0, random.integer(1, 100), 2 ** 32 - 1 - schedule.sweeps - (then?.sweeps ?? 0)]),
    temperatures: randomTemperatures(random, block, profile, schedule.sweeps),
    seed: random.pick([random.bits64(), random.bits64(), random.bits64(), 0n, 0xffffffffffffffffn]),
    start: randomStart(random, layout, profile, images.length * chains),
    keep,
    readouts: randomRequests(
      random,
      layout,
      profile,
      Math.floor((schedule.sweeps - schedule.burnIn) / schedule.stride) * chains,
    ),
    traced: profile.readout.trace && random.chance(0.3),
    ...(then === undefined ? {} : { next: then }),
  };
}

const atMost = (limit: Limit, wanted: number): number => (typeof limit === 'number' ? Math.min(limit, wanted) : wanted);

function randomRows(random: RandomStream, o: RandomRunOptions): { images: number; chains: number } {
  const { imagesMax, chainsMax, rowsMax } = o.profile.batch;
  const rows = atMost(rowsMax, Number.POSITIVE_INFINITY);
  const chains = random.integer(1, Math.min(rows, atMost(chainsMax, o.chainsMax ?? 3)));
  const most = Math.max(1, Math.min(Math.floor(rows / chains), atMost(imagesMax, o.imagesMax ?? 4)));
  return { images: random.integer(1, most), chains };
}

/** Distinct, in no order, the largest number now and then. */
function randomImages(random: RandomStream, count: number): Words {
  const images = new Set<number>(random.chance(0.2) ? [0xffffffff] : []);
  while (images.size < count) images.add(random.chance(0.5) ? random.integer(0, 20) : random.word());
  return Uint32Array.from(random.shuffled([...images]));
}

/** Retained sweeps of one chain that a run may sum, by the width of counters (semantics 2.4). */
function samplesMax({ readout }: DeviceProfile, observable: ReadoutRequest['observable']): number {
  const counter = 2 ** (Math.min(32, atMost(readout.counterBits, 32)) - 1) - 1;
  if (observable === 'state') return Number.POSITIVE_INFINITY;
  return observable === 'spin-sum' ? counter : Math.max(1, Math.floor(counter / 65536));
}

function randomSweeps(random: RandomStream, o: RandomRunOptions, retainedMax: number): Continuation {
  const { strideMin } = o.profile.readout;
  const stride = Math.max(strideMin, random.pick([1, 1, 2, 3]));
  const most = Math.max(stride, o.sweepsMax ?? 8);
  const sweeps = random.integer(stride, most);
  const least = Math.max(0, sweeps - (retainedMax + 1) * stride + 1);
  return { sweeps, burnIn: random.integer(least, sweeps - stride), stride };
}

/** Smaller than the program's, so that nothing that was in range leaves it; a little larger where weights may be of any size. */
function randomGains(random: RandomStream, block: Block, { weights, bias }: DeviceProfile): Record<string, number> {
  const wide = [weights.range, bias.range].every(({ min, max }) => (min ?? 0) <= -1e6 && (max ?? 0) >= 1e6);
  const most = wide && bias.bits === 'unlimited' ? 1.4 : 1;
  const gains: Record<string, number> = {};
  for (const { id, value, runtime } of block.gains) {
    if (runtime) gains[id] = random.chance(0.5) ? value : value * (0.6 + (most - 0.6) * random.uniform());
  }
  return gains;
}

function randomTemperatures(random: RandomStream, block: Block, profile: DeviceProfile, sweeps: number): Words | null {
  if (!profile.features.includes('temperature') || random.chance(0.5)) return null;
  const { dynamics } = profile;
  const { beta } = block.schedule;
  const reference = typeof beta === 'number' ? beta : Math.max(...beta.map((step) => step.beta));
  const least = 'betaRange' in dynamics ? Math.ceil((65536 * (dynamics.betaRange.min ?? 0)) / reference) : 0;
  return Uint32Array.from({ length: sweeps }, () =>
    Math.max(Math.min(least, 65536), random.pick([0, 65536, 65535, 32768, random.integer(1, 65535)])),
  );
}

function randomStart(
  random: RandomStream,
  layout: readonly BankLayout[],
  { init }: DeviceProfile,
  rows: number,
): PlannedStart {
  const kinds = init.filter((kind) => kind !== 'resume');
  const kind = kinds.length === 0 ? 'random' : random.pick(kinds);
  return kind === 'given' ? { kind, states: spinsOf(random, layout, { role: 'free', rows }) } : { kind };
}

/** Each free bank and observable with probability ½, at least one. `samples`: retained sweeps × chains. */
function randomRequests(
  random: RandomStream,
  layout: readonly BankLayout[],
  profile: DeviceProfile,
  samples: number,
): readonly ReadoutRequest[] {
  const { observables, signs } = profile.readout;
  const all = layout
    .filter(({ bank }) => bank.role === 'free')
    .flatMap(({ bank }) =>
      observables
        .filter((observable) => observable === 'state' || samples <= samplesMax(profile, observable))
        .map((observable) => ({
          bank: bank.id,
          observable,
          as: observable === 'state' || !signs ? ('sums' as const) : random.pick(['sums', 'signs', 'both'] as const),
          tie: random.pick([1, -1] as const),
        })),
    );
  const some = all.filter(() => random.chance(0.5));
  return random.shuffled(some.length > 0 ? some : all.slice(0, 1));
}

function spinsOf(
  random: RandomStream,
  layout: readonly BankLayout[],
  { role, rows }: { readonly role: 'free' | 'pinned'; readonly rows: number },
): Readonly<Record<string, PackedSpins>> {
  const banks = layout.filter(({ bank }) => bank.role === role);
  return Object.fromEntries(banks.map(({ bank, spinCount }) => [bank.id, randomSpins(random, rows, spinCount)]));
}

/** Fair coins; the padding is zero. */
export function randomSpins(random: RandomStream, rows: number, spinCount: number): PackedSpins {
  const packed = emptySpins(rows, spinCount);
  const width = wordsPerRow(spinCount);
  const used = spinCount & 31;
  for (let n = 0; n < packed.words.length; n++) {
    const last = (n + 1) % width === 0 && used !== 0;
    packed.words[n] = random.word() & (last ? 2 ** used - 1 : 0xffffffff);
  }
  return packed;
}
