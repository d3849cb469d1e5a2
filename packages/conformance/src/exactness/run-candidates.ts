/** Smaller and simpler runs of one program. */
import { type PackedSpins, wordsPerRow } from '@isinglass/sdk';
import type { Candidate, ExactCase } from './exact-case.ts';
import type { RunPlan } from './run-plan.ts';

/** In the order in which they are tried: what removes most comes first. */
export function runCandidates({ program, run }: ExactCase): Candidate[] {
  const out: Candidate[] = [];
  const offer = (changed: Partial<RunPlan>): void => {
    out.push(() => ({ program, run: { ...run, ...changed } }));
  };
  if (run.next !== undefined) {
    const { next: _, ...first } = run;
    out.push(() => ({ program, run: first }));
    if (run.next.sweeps > 1) offer({ next: { sweeps: 1, burnIn: 0, stride: 1 } });
  }
  for (const images of halves(run.images.length)) out.push(() => ({ program, run: withImages(run, images) }));
  if (run.chains > 1) {
    out.push(() => ({ program, run: withChains(run, 0, 1) }));
    out.push(() => ({ program, run: withChains(run, 1, run.chains - 1) }));
  }
  for (const sweeps of new Set([1, run.sweeps >> 1, run.sweeps - 1])) {
    if (sweeps >= 1 && sweeps < run.sweeps) out.push(() => ({ program, run: withSweeps(run, sweeps) }));
  }
  if (run.traced) offer({ traced: false });
  if (run.temperatures !== null) offer({ temperatures: null });
  if (run.burnIn > 0) offer({ burnIn: 0 });
  if (run.stride > 1) offer({ stride: 1 });
  if (run.readouts.length > 1) {
    for (const n of run.readouts.keys()) offer({ readouts: [run.readouts[n] as RunPlan['readouts'][number]] });
    for (const n of run.readouts.keys()) offer({ readouts: run.readouts.filter((_, other) => other !== n) });
  }
  for (const [n, ask] of run.readouts.entries()) {
    if (ask.as !== 'sums') offer({ readouts: run.readouts.with(n, { ...ask, as: 'sums' }) });
  }
  if (run.keep !== 'nothing' && run.next === undefined) offer({ keep: 'nothing' });
  if (run.keep === 'device') offer({ keep: 'host' });
  if (run.start.kind !== 'random') offer({ start: { kind: 'random' } });
  if (run.chainOffset !== 0) offer({ chainOffset: 0 });
  if (run.sweepOffset !== 0) offer({ sweepOffset: 0 });
  if (run.images.some((image, n) => image !== n)) offer({ images: run.images.map((_, n) => n) });
  if (run.seed !== 0n) offer({ seed: 0n });
  return out;
}

/** Which images to keep: one half or the other, or all but one. */
function halves(count: number): readonly (readonly number[])[] {
  if (count < 2) return [];
  const all = Array.from({ length: count }, (_, n) => n);
  const middle = count >> 1;
  const some = [all.slice(0, middle), all.slice(middle)];
  return count < 4 ? some : [...some, ...all.map((n) => all.filter((other) => other !== n))];
}

/** Some images of a run, by their places in it. */
export function withImages(run: RunPlan, images: readonly number[]): RunPlan {
  const rows = images.flatMap((image) => Array.from({ length: run.chains }, (_, chain) => image * run.chains + chain));
  return {
    ...run,
    images: Uint32Array.from(images, (n) => run.images[n] as number),
    inputs: eachBank(run.inputs, (spins) => withRows(spins, images)),
    start: startWithRows(run.start, rows),
  };
}

/** Chains `first` … `first + chains − 1` of a run. */
export function withChains(run: RunPlan, first: number, chains: number): RunPlan {
  const rows = [...run.images.keys()].flatMap((image) =>
    Array.from({ length: chains }, (_, chain) => image * run.chains + first + chain),
  );
  return { ...run, chains, chainOffset: run.chainOffset + first, start: startWithRows(run.start, rows) };
}

function withSweeps(run: RunPlan, sweeps: number): RunPlan {
  const stride = Math.min(run.stride, sweeps);
  return {
    ...run,
    sweeps,
    stride,
    burnIn: Math.min(run.burnIn, sweeps - stride),
    temperatures: run.temperatures?.slice(0, sweeps) ?? null,
  };
}

function startWithRows(start: RunPlan['start'], rows: readonly number[]): RunPlan['start'] {
  if (start.kind !== 'given') return start;
  return { kind: 'given', states: eachBank(start.states, (spins) => withRows(spins, rows)) };
}

function withRows({ words, spinCount }: PackedSpins, rows: readonly number[]): PackedSpins {
  const width = wordsPerRow(spinCount);
  return {
    rows: rows.length,
    spinCount,
    words: Uint32Array.from(rows.flatMap((row) => [...words.subarray(row * width, (row + 1) * width)])),
  };
}

/** The same for every bank. */
export function eachBank(
  banks: Readonly<Record<string, PackedSpins>>,
  change: (spins: PackedSpins, bank: string) => PackedSpins,
): Record<string, PackedSpins> {
  return Object.fromEntries(Object.entries(banks).map(([id, spins]) => [id, change(spins, id)]));
}
