/** Is any parameter of a small probe off? χ² of the whole score, β alone, each h and J alone. */
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import { chiSquareTail } from '../../statistics/chi-square.ts';
import { meanEffect } from '../../statistics/effect.ts';
import { normalTwoSidedP } from '../../statistics/normal.ts';
import type { Hypothesis } from '../check.ts';
import { familyHypothesis, type Member } from './family.ts';
import { inverseOf, momentsOf, parametersOf, sampleMeans } from './score.ts';

/** Rows are independent draws from `law`, one of all 2^n states. Normal approximations: for n of thousands. */
export function scoreHypotheses(
  label: string,
  states: SpinRows,
  { loaded, law }: { readonly loaded: LoadedProbe; readonly law: Float64Array },
): readonly Hypothesis[] {
  const parameters = parametersOf(loaded.probe);
  const { mean, covariance } = momentsOf(parameters, law);
  const inverse = inverseOf(covariance);
  const d = parameters.length;
  const n = states.rows;
  const observed = sampleMeans(parameters, states);
  const moved = observed.map((value, k) => value - (mean[k] as number));
  const product = (matrix: Float64Array, x: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: d }, (_, k) => {
      let sum = 0;
      for (let l = 0; l < d; l++) sum += (matrix[k * d + l] as number) * (x[l] as number);
      return sum;
    });
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += (x[k] as number) * (y[k] as number);
    return sum;
  };
  const off = product(inverse, moved);
  const theta = parameters.map(({ value }) => value);
  const betaInformation = n * dot(theta, product(covariance, theta));
  const betaOff = (n * dot(theta, moved)) / betaInformation;
  const members = parameters.map(({ name }, k): Member => {
    const standardError = Math.sqrt((inverse[k * d + k] as number) / n);
    return {
      name,
      p: normalTwoSidedP((off[k] as number) / standardError),
      observed: observed[k] as number,
      expected: mean[k] as number,
      effect: meanEffect({ name, unit: 'k_B·T', mean: off[k] as number, standardError }),
    };
  });
  return [
    { name: `${label}: all parameters`, p: chiSquareTail(n * dot(moved, off), d), n },
    {
      name: `${label}: β`,
      p: normalTwoSidedP(betaOff * Math.sqrt(betaInformation)),
      n,
      effect: meanEffect({
        name: 'β',
        unit: 'relative β',
        mean: betaOff,
        standardError: 1 / Math.sqrt(betaInformation),
      }),
    },
    familyHypothesis(`${label}: single parameters`, n, members),
  ];
}
