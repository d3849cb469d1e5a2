/** Something that the selftest says about the suite. */

export interface SelftestItem {
  readonly name: string;
  readonly ok: boolean;
  /** What was looked at, or how it went wrong; one sentence. */
  readonly what: string;
}

/** One item: what holds in a healthy suite, and how it is found out. */
export interface SelftestQuestion {
  readonly name: string;
  readonly what: string;
  /** Problems, one sentence each; none: healthy. What it throws is a problem, too. */
  ask(): readonly string[] | Promise<readonly string[]>;
}

export async function answered({ name, what, ask }: SelftestQuestion): Promise<SelftestItem> {
  try {
    const problems = await ask();
    return problems.length === 0 ? { name, ok: true, what } : { name, ok: false, what: problems.join('; ') };
  } catch (error) {
    return {
      name,
      ok: false,
      what: `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
    };
  }
}

/** A problem for each entry whose value is not the expected one. */
export function mismatches<T>(entries: readonly (readonly [label: string, found: T, expected: T])[]): string[] {
  return entries
    .filter(([, found, expected]) => found !== expected)
    .map(([label, found, expected]) => `${label}: ${String(found)} instead of ${String(expected)}`);
}

/** A problem for each value outside its range. */
export function outside(
  entries: readonly (readonly [label: string, value: number, low: number, high: number])[],
): string[] {
  return entries
    .filter(([, value, low, high]) => !(value >= low && value <= high))
    .map(([label, value, low, high]) => `${label}: ${value} is not within ${low} … ${high}`);
}
