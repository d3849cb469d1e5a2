/** The first place where two answers to one run differ, in words; null: they are equal to the bit. */
import { type PackedSpins, type Program, wordsPerRow } from '@isinglass/sdk';
import { freeLayout, type RunOutcome, type RunPlan, type TracedStates } from './run-plan.ts';

/** `actual` is the device's, `expected` the law's; only what the plan asks for is compared. */
export function firstDifference(
  program: Program,
  plan: RunPlan,
  actual: RunOutcome,
  expected: RunOutcome,
): string | null {
  return (
    traceDifference(plan, actual, expected) ??
    readoutDifference(program, plan, actual, expected) ??
    lastDifference(program, plan, actual, expected) ??
    continuationDifference(program, plan, actual, expected)
  );
}

function continuationDifference(program: Program, plan: RunPlan, actual: RunOutcome, expected: RunOutcome) {
  const { next: then, ...first } = plan;
  if (then === undefined || expected.next === undefined) return null;
  if (actual.next === undefined) return 'the continued run has no result';
  const found = firstDifference(program, { ...first, ...then, keep: 'host' }, actual.next, expected.next);
  return found === null ? null : `continued run: ${found}`;
}

function traceDifference({ traced, sweeps }: RunPlan, actual: RunOutcome, expected: RunOutcome): string | null {
  for (let sweep = 0; traced && sweep <= sweeps; sweep++) {
    const [found, wanted] = [actual.trace[sweep], expected.trace[sweep] as TracedStates];
    if (found === undefined) return `trace: sweep ${sweep} is missing`;
    for (const [bank, spins] of Object.entries(wanted)) {
      const difference = spinsDifference(found[bank], spins);
      if (difference !== null) return `trace at sweep ${sweep}, bank ${bank}: ${difference}`;
    }
  }
  return null;
}

function readoutDifference(program: Program, plan: RunPlan, actual: RunOutcome, expected: RunOutcome): string | null {
  for (const [n, ask] of plan.readouts.entries()) {
    const [found, wanted] = [actual.result.readouts[n], expected.result.readouts[n]];
    const name = `${ask.observable} of bank ${ask.bank}`;
    if (ask.observable === 'state') {
      const difference = spinsDifference(found?.states, wanted?.states as PackedSpins);
      if (difference !== null) return `${name}: ${difference}`;
      continue;
    }
    if (ask.as !== 'signs') {
      const spins = freeLayout(program, plan.block).find(({ bank }) => bank.id === ask.bank)?.spinCount ?? 1;
      const difference = sumsDifference(found?.sums, wanted?.sums as Int32Array, spins);
      if (difference !== null) return `${name}: ${difference}`;
    }
    if (ask.as !== 'sums') {
      const difference = spinsDifference(found?.signs, wanted?.signs as PackedSpins);
      if (difference !== null) return `signs of ${name}: ${difference}`;
    }
  }
  return null;
}

function lastDifference(program: Program, plan: RunPlan, actual: RunOutcome, expected: RunOutcome): string | null {
  if (plan.keep !== 'host') return null;
  for (const { bank } of freeLayout(program, plan.block)) {
    const difference = spinsDifference(actual.result.last?.[bank.id], expected.result.last?.[bank.id] as PackedSpins);
    if (difference !== null) return `last state of bank ${bank.id}: ${difference}`;
  }
  return null;
}

function sumsDifference(found: Int32Array | undefined, wanted: Int32Array, spins: number): string | null {
  if (found === undefined) return 'there are no sums';
  if (found.length !== wanted.length) return `${found.length} sums instead of ${wanted.length}`;
  const at = wanted.findIndex((sum, n) => sum !== found[n]);
  if (at < 0) return null;
  return `image ${Math.floor(at / spins)}, spin ${at % spins}: ${found[at]} instead of ${wanted[at]}`;
}

function spinsDifference(found: PackedSpins | undefined, wanted: PackedSpins): string | null {
  if (found === undefined) return 'there are no spins';
  if (
    found.rows !== wanted.rows ||
    found.spinCount !== wanted.spinCount ||
    found.words.length !== wanted.words.length
  ) {
    return `${found.rows} rows of ${found.spinCount} spins instead of ${wanted.rows} of ${wanted.spinCount}`;
  }
  const at = wanted.words.findIndex((word, n) => word !== found.words[n]);
  if (at < 0) return null;
  const width = wordsPerRow(wanted.spinCount);
  const bits = ((found.words[at] as number) ^ (wanted.words[at] as number)) >>> 0;
  const bit = 31 - Math.clz32(bits & -bits);
  const spin = 32 * (at % width) + bit;
  const sign = ((wanted.words[at] as number) >>> bit) & 1 ? '+1' : '-1';
  const place = spin < wanted.spinCount ? `spin ${spin} is not ${sign}` : 'the padding is not zero';
  return `row ${Math.floor(at / width)}: ${place}`;
}
