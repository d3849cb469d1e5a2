/** A run cut into parts: groups of images, groups of chains, stretches of sweeps. Their answers put together are the answer to the whole. */
import { type DriverResult, emptySpins, type PackedSpins, type Program, wordsPerRow } from '@isinglass/sdk';
import type { RandomStream } from '../random/random-stream.ts';
import { eachBank, withChains, withImages } from './run-candidates.ts';
import { freeLayout, type RunOutcome, type RunPlan } from './run-plan.ts';

/** Images `images` (places in the whole run) and chains `first` … `first + chains − 1` of it. */
export interface PlanPart {
  readonly images: readonly number[];
  readonly first: number;
  readonly chains: number;
  readonly plan: RunPlan;
}

/** Readouts as sums, since signs of parts say nothing; no trace, no continuation. */
export function wholePlan(plan: RunPlan): RunPlan {
  const { next: _, ...run } = plan;
  return {
    ...run,
    traced: false,
    keep: plan.keep === 'nothing' ? 'nothing' : 'host',
    readouts: plan.readouts.map((ask) => ({ ...ask, as: 'sums' })),
  };
}

/** Images in random groups, chains in random stretches; every group of images has stretches of its own. */
export function randomParts(plan: RunPlan, random: RandomStream): readonly PlanPart[] {
  const order = random.shuffled([...plan.images.keys()]);
  return piecesOf(order.length, random).flatMap(([from, to]) => {
    const images = order.slice(from, to);
    return piecesOf(plan.chains, random).map(([first, end]) => ({
      images,
      first,
      chains: end - first,
      plan: withChains(withImages(plan, images), first, end - first),
    }));
  });
}

/** Each row on its own. */
export function singleParts(plan: RunPlan): readonly PlanPart[] {
  return [...plan.images.keys()].flatMap((image) =>
    Array.from({ length: plan.chains }, (_, first) => ({
      images: [image],
      first,
      chains: 1,
      plan: withChains(withImages(plan, [image]), first, 1),
    })),
  );
}

/** 0 … count in stretches. */
function piecesOf(count: number, random: RandomStream): readonly (readonly [number, number])[] {
  const cuts = [0, ...Array.from({ length: count - 1 }, (_, n) => n + 1).filter(() => random.chance(0.5)), count];
  return cuts.slice(1).map((end, n) => [cuts[n] as number, end] as const);
}

/** The outcome of the whole run from those of its parts. */
export function mergedOutcome(
  program: Program,
  plan: RunPlan,
  parts: readonly { readonly part: PlanPart; readonly outcome: RunOutcome }[],
): RunOutcome {
  const layout = new Map(freeLayout(program, plan.block).map(({ bank, spinCount }) => [bank.id, spinCount]));
  const kept = Math.floor((plan.sweeps - plan.burnIn) / plan.stride);
  const readouts = plan.readouts.map((ask, n): DriverResult['readouts'][number] => {
    const spins = layout.get(ask.bank) as number;
    if (ask.observable === 'state') {
      const states = emptySpins(plan.images.length * plan.chains * kept, spins);
      for (const { part, outcome } of parts) {
        placeRows(states, outcome.result.readouts[n]?.states, { plan, part, perRow: kept });
      }
      return { states };
    }
    const sums = new Int32Array(plan.images.length * spins);
    for (const { part, outcome } of parts) {
      const found = outcome.result.readouts[n]?.sums;
      for (const [place, image] of part.images.entries()) {
        for (let spin = 0; spin < spins; spin++) {
          const at = image * spins + spin;
          sums[at] = (sums[at] as number) + (found?.[place * spins + spin] ?? Number.NaN);
        }
      }
    }
    return { sums };
  });
  if (plan.keep !== 'host') return { result: { readouts, counters: {} }, trace: [] };
  const last = Object.fromEntries(
    [...layout].map(([id, spins]) => {
      const states = emptySpins(plan.images.length * plan.chains, spins);
      for (const { part, outcome } of parts) placeRows(states, outcome.result.last?.[id], { plan, part, perRow: 1 });
      return [id, states];
    }),
  );
  return { result: { readouts, last, counters: {} }, trace: [] };
}

/** Missing rows stay −1, and so differ. */
function placeRows(
  whole: PackedSpins,
  found: PackedSpins | undefined,
  { plan, part, perRow }: { readonly plan: RunPlan; readonly part: PlanPart; readonly perRow: number },
): void {
  const width = wordsPerRow(whole.spinCount) * perRow;
  for (const [place, image] of part.images.entries()) {
    for (let chain = 0; chain < part.chains; chain++) {
      const from = (place * part.chains + chain) * width;
      const words = found?.words.subarray(from, from + width) ?? new Uint32Array(width);
      whole.words.set(words, (image * plan.chains + part.first + chain) * width);
    }
  }
}

export interface SweepSplit {
  readonly first: RunPlan;
  /** Starts from the last states of the first. */
  readonly second: Omit<RunPlan, 'start'>;
}

/** The run in two stretches of sweeps, cut after a retained sample or inside the burn-in; null where there is no such place. */
export function sweepSplit(plan: RunPlan, random: RandomStream, keep: 'host' | 'device'): SweepSplit | null {
  const kept = Math.floor((plan.sweeps - plan.burnIn) / plan.stride);
  if (kept < 2) return null;
  const samples = random.integer(1, kept - 1);
  const sweeps = plan.burnIn + samples * plan.stride;
  const { start: _, ...rest } = plan;
  return {
    first: { ...plan, keep, sweeps, temperatures: plan.temperatures?.slice(0, sweeps) ?? null },
    second: {
      ...rest,
      sweeps: plan.sweeps - sweeps,
      burnIn: 0,
      sweepOffset: plan.sweepOffset + sweeps,
      temperatures: plan.temperatures?.slice(sweeps) ?? null,
    },
  };
}

/** Sums of both stretches added, states one after the other, last states those of the second. */
export function joinedOutcome(plan: RunPlan, first: RunOutcome, second: RunOutcome, split: SweepSplit): RunOutcome {
  const rows = plan.images.length * plan.chains;
  const samplesOf = ({ sweeps, burnIn, stride }: Pick<RunPlan, 'sweeps' | 'burnIn' | 'stride'>): number =>
    Math.floor((sweeps - burnIn) / stride);
  const readouts = plan.readouts.map((_, n): DriverResult['readouts'][number] => {
    const [a, b] = [first.result.readouts[n], second.result.readouts[n]];
    if (a?.sums !== undefined && b?.sums !== undefined) {
      return { sums: a.sums.map((sum, i) => sum + (b.sums?.[i] ?? Number.NaN)) };
    }
    if (a?.states === undefined || b?.states === undefined) return {};
    return { states: interleaved(rows, [a.states, samplesOf(split.first)], [b.states, samplesOf(split.second)]) };
  });
  const { last } = second.result;
  return {
    result: { readouts, counters: {}, ...(last === undefined ? {} : { last: eachBank(last, (x) => x) }) },
    trace: [],
  };
}

/** Row by row, the samples of `a`, then those of `b`. */
function interleaved(
  rows: number,
  [a, ofA]: readonly [PackedSpins, number],
  [b, ofB]: readonly [PackedSpins, number],
): PackedSpins {
  const width = wordsPerRow(a.spinCount);
  const out = emptySpins(rows * (ofA + ofB), a.spinCount);
  for (let row = 0; row < rows; row++) {
    const at = row * (ofA + ofB) * width;
    out.words.set(a.words.subarray(row * ofA * width, (row + 1) * ofA * width), at);
    out.words.set(b.words.subarray(row * ofB * width, (row + 1) * ofB * width), at + ofA * width);
  }
  return out;
}
