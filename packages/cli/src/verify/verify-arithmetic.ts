/** `arithmetic.json`: the small functions of the law, as the sdk computes them in this JavaScript engine. */
import {
  activation,
  activationTable,
  biasUnits,
  blockAndChain,
  feedForwardMean,
  multiplier,
  philox4x32,
  philoxKey,
  scaled,
  spinDraw,
  temper,
} from '@isinglass/sdk';
import type { ArithmeticVectors, VectorDifference } from '@isinglass/sdk/testing';
import { activationHash } from './activation-hash.ts';
import type { CaseReport } from './case-report.ts';
import { firstDifference } from './first-difference.ts';

/** One case per function. */
export function verifyArithmetic(vectors: ArithmeticVectors): readonly CaseReport[] {
  return functions.map(({ name, difference }): CaseReport => {
    const found = difference(vectors);
    const place = `arithmetic.${name}`;
    return found === undefined
      ? { name: place, status: 'passed', notes: [] }
      : { name: place, status: 'failed', difference: found };
  });
}

interface LawFunction {
  readonly name: string;
  readonly difference: (vectors: ArithmeticVectors) => VectorDifference | undefined;
}

const functions: readonly LawFunction[] = [
  lawFunction('philox', ({ philox }) => ({
    expected: philox.flatMap(({ out }) => out.map(word)),
    actual: philox.flatMap(({ counter, key }) => [
      ...philox4([...counter.map(word)] as Quad, key.map(word) as [number, number]),
    ]),
  })),
  lawFunction('lanes', ({ lanes }) => ({
    expected: lanes.flatMap(({ r }) => r),
    actual: lanes.flatMap(({ seed, block, image, chain, sweep, r }) =>
      r.map((_, spin) => {
        const counter: Quad = [spin >>> 3, sweep, image, blockAndChain(block, chain)];
        return spinDraw(philox4(counter, philoxKey(BigInt(seed))), spin);
      }),
    ),
  })),
  lawFunction('multipliers', ({ multipliers }) => ({
    expected: multipliers.map((entry) => ('M' in entry ? `${entry.M} / 2^${entry.sh}` : 'rejected')),
    actual: multipliers.map(({ beta, gain, scale, k }) => {
      const m = multiplier({ beta, gain, scale, fractionBits: k });
      return 'M' in m ? `${m.M} / 2^${m.sh}` : 'rejected';
    }),
  })),
  lawFunction('scaled', (vectors) => ({
    expected: vectors.scaled.map(([, , , result]) => result),
    actual: vectors.scaled.map(([A, M, sh]) => scaled(A, { M, sh })),
  })),
  lawFunction('tables', ({ tables }) => ({
    expected: tables.map(({ sha256 }) => sha256),
    actual: tables.map(({ k }) => activationHash(k)),
  })),
  lawFunction('temper', (vectors) => ({
    expected: vectors.temper.map(([, , result]) => result),
    actual: vectors.temper.map(([u, b]) => temper(u, b)),
  })),
  lawFunction('bias', ({ bias }) => ({
    expected: bias.map(({ B }) => B),
    actual: bias.map(({ beta, gain, h, k }) => biasUnits({ beta, gain, fractionBits: k }, h)),
  })),
  lawFunction('sample', ({ sample }) => ({
    expected: sample.map(([, , , spin]) => spin),
    actual: sample.map(([k, u, r]) => (r < activation(activationTable(k), k, u) ? 1 : -1)),
  })),
  lawFunction('mean', ({ mean }) => ({
    expected: mean.map(([, , result]) => result),
    actual: mean.map(([k, u]) => feedForwardMean(activationTable(k), k, u)),
  })),
];

type Values = readonly (number | string)[];
type Quad = [number, number, number, number];

function lawFunction(
  name: string,
  values: (vectors: ArithmeticVectors) => { readonly expected: Values; readonly actual: Values },
): LawFunction {
  return {
    name,
    difference: (vectors) => {
      const { expected, actual } = values(vectors);
      return firstDifference(name, expected, actual);
    },
  };
}

function philox4(counter: Quad, key: readonly [number, number]): Uint32Array {
  const out = new Uint32Array(4);
  philox4x32(...counter, ...key, out);
  return out;
}

function word(hex: string): number {
  return Number.parseInt(hex, 16);
}
