/** How much of a machine's adders a run uses. */
import type { EngineParameters } from '../parameters/engine-parameters.ts';

/** Couplings that a machine can add in a cycle; null where it has no adders of its own for couplings. */
export function addersOf(parameters: EngineParameters): number | null {
  switch (parameters.engine) {
    case 'lane':
      return parameters.lanes * parameters.couplingsPerLane;
    case 'conv':
      return parameters.channels * parameters.taps * parameters.pixels;
    case 'fabric':
    case 'dense-serial':
      return null;
    default:
      return parameters satisfies never;
  }
}

/** Synaptic operations over cycles · adders: 1 where every adder adds a coupling in every cycle. null where there are no cycles. */
export const utilisation = (o: {
  readonly synapticOperations: number;
  readonly cycles: number;
  readonly adders: number;
}): number | null => (o.cycles === 0 ? null : o.synapticOperations / (o.cycles * o.adders));
