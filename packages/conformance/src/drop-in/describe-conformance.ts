/** The suite inside a test runner: one test per check, in vitest, in node:test, or in anything that takes tests alike. */
import { catalogue } from '../checks/catalogue.ts';
import type { Check, Level } from '../checks/check.ts';
import type { Provider } from '../provider/provider.ts';
import { explainCase } from '../report/explain.ts';
import type { HeaderRecord } from '../report/records.ts';
import { caseId } from '../suite/case-id.ts';
import { type Deadlines, defaultDeadlines } from '../suite/deadlines.ts';
import { makeHeader } from '../suite/header.ts';
import { runCase } from '../suite/run-case.ts';
import { randomSeed, seedText } from '../suite/seeds.ts';
import { selectedChecks } from '../suite/selection.ts';
import { wholeSuite } from '../suite/shard.ts';

/** What a runner hands to a test, as far as it is used. */
export interface TestContext {
  skip?(reason?: string): unknown;
}

export interface ConformanceTests {
  /** `test` or `it` of vitest or node:test. */
  readonly test: (
    name: string,
    o: { readonly timeout: number },
    run: (context: TestContext) => Promise<void>,
  ) => unknown;
  /** `describe` of the same runner: puts the tests under one title. */
  readonly describe?: (name: string, define: () => void) => unknown;
  readonly provider: Provider;
  /** Default: quick. */
  readonly level?: Level;
  /** Default: random; every failure names it. */
  readonly seed?: bigint;
  /** As `--only` of the command. */
  readonly only?: string;
  readonly flags?: Readonly<Record<string, string>>;
  readonly deadlines?: Partial<Deadlines>;
  /** Default: the catalogue. */
  readonly checks?: readonly Check[];
}

/** A check that failed or is inconclusive; the message explains it. */
export class ConformanceFailure extends Error {
  override readonly name = 'ConformanceFailure';
}

/**
 * Defines one test per check of the level, named by its id. Unsupported checks are skipped with what the profile does not declare; failed and
 * inconclusive ones fail with their explanation, and the seed that gives the same programs and requests again.
 *
 * @example
 * ```ts
 * import { test } from 'vitest';
 * describeConformance({ test, provider, level: 'quick' });
 * ```
 */
export function describeConformance(o: ConformanceTests): void {
  const checks = o.checks ?? catalogue;
  const level = o.level ?? 'quick';
  const seed = o.seed ?? randomSeed();
  const deadlines = { ...defaultDeadlines[level], ...o.deadlines };
  const selected = selectedChecks(checks, { level, only: o.only ?? null });
  const signal = new AbortController().signal;
  const setting = { provider: o.provider, flags: o.flags ?? {}, level, seed, deadlines, signal };
  let opened: Promise<HeaderRecord> | undefined;
  const header = (): Promise<HeaderRecord> => {
    opened ??= makeHeader({
      ...setting,
      device: 'provider',
      opened: 'provider',
      checks,
      selected,
      shard: wholeSuite,
      only: o.only ?? null,
    });
    return opened;
  };

  const define = (): void => {
    for (const check of checks.filter((each) => selected.includes(each))) {
      o.test(caseId(check.plan), { timeout: deadlines.caseMs + 2 * deadlines.callMs }, async (context) => {
        const { profile, tolerances, absent } = await header();
        if (absent?.kind === 'unavailable') return void skip(context, absent.reason);
        if (profile === null) throw new ConformanceFailure(`the device did not open: ${absent?.reason ?? ''}`);
        const record = await runCase(check, { ...setting, profile, tolerances });
        if (record.verdict === 'pass') return;
        if (record.verdict === 'unsupported') return void skip(context, record.reason ?? 'unsupported');
        throw new ConformanceFailure(
          `${explainCase({ record, plan: check.plan })}Seed: ${seedText(seed)}, level ${level}`,
        );
      });
    }
  };
  if (o.describe === undefined) define();
  else o.describe(`conformance, level ${level}, seed ${seedText(seed)}`, define);
}

/** Ends the test as skipped; runners without a way to say so count it as passed, which an undeclared ability may be. */
function skip(context: TestContext | undefined, reason: string): void {
  context?.skip?.(reason);
}
