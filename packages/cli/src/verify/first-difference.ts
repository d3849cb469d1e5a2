import type { VectorDifference } from '@isinglass/sdk/testing';

/** The first place where two lists differ, their lengths included. A list of one is named without an index. */
export function firstDifference<T extends number | string>(
  where: string,
  expected: ArrayLike<T>,
  actual: ArrayLike<T>,
): VectorDifference | undefined {
  if (expected.length !== actual.length) {
    return { where: `${where}.length`, expected: String(expected.length), actual: String(actual.length) };
  }
  for (let i = 0; i < expected.length; i++) {
    if (expected[i] === actual[i]) continue;
    const place = expected.length === 1 ? where : `${where}[${i}]`;
    return { where: place, expected: String(expected[i]), actual: String(actual[i]) };
  }
  return undefined;
}
