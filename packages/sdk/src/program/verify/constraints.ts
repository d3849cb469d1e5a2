/** P124: the promises of a coupling's `constraint` hold. */
import type { WeightData } from '../../couplings/tensor-values.ts';
import type { CouplingFacts, ProgramContext } from './context.ts';
import { degreeMax } from './coupling-maxima.ts';

export function checkConstraint(coupling: CouplingFacts, { law, tensors, found }: ProgramContext): void {
  const { constraint } = coupling.coupling;
  if (constraint === undefined) return;
  const refuse = (key: string, message: string) => found.add('P124', `${coupling.where}.constraint.${key}`, message);
  const { weights } = coupling;
  const { magnitudeMax, nonzeros } = tensors.scan(weights);
  const { weightBits, levels, nonzerosMax, degreeToMax, degreeFromMax } = constraint;
  if (weightBits !== undefined) {
    if (law === 'real') refuse('weightBits', 'real weights have no weightBits');
    else if (weightBitsOf(magnitudeMax) > weightBits) {
      refuse(
        'weightBits',
        `a weight of magnitude ${magnitudeMax} needs ${weightBitsOf(magnitudeMax)} bits, not ${weightBits}`,
      );
    }
  }
  if (levels !== undefined) {
    const other = firstOutside(weights, levels);
    if (other >= 0) refuse('levels', `element ${other} is ${weights[other]}, which is none of ${levels.length} levels`);
  }
  if (nonzerosMax !== undefined && nonzeros > nonzerosMax) {
    refuse('nonzerosMax', `${nonzeros} entries are not zero, at most ${nonzerosMax} are promised`);
  }
  checkDegree('to', 'degreeToMax', degreeToMax);
  checkDegree('from', 'degreeFromMax', degreeFromMax);

  function checkDegree(side: 'from' | 'to', key: string, promised: number | undefined): void {
    if (promised === undefined) return;
    const degree = degreeMax(coupling, side);
    if (degree > promised)
      refuse(key, `a spin of ${coupling[side].bank.id} has ${degree} couplings, ${promised} promised`);
  }
}

/** The smallest b with max|w| ≤ 2^(b−1) − 1 (semantics 4.1). */
export function weightBitsOf(magnitudeMax: number): number {
  return 1 + Math.ceil(Math.log2(magnitudeMax + 1));
}

/** Index of the first weight that is no level, or −1. Levels are rounded to the weights' type. */
function firstOutside(weights: WeightData, levels: readonly number[]): number {
  const allowed = new Set(weights instanceof Float32Array ? levels.map(Math.fround) : levels);
  return weights.findIndex((weight) => !allowed.has(weight));
}
