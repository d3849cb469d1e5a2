/** Cycles of machines whose spins are not summed in steps, where random numbers are ready at once. */
import type { DenseSerialParameters, FabricParameters } from '../parameters/engine-parameters.ts';
import { denseSerialSweepCycles } from './formulas/dense-cycles.ts';
import { fabricSweepCycles } from './formulas/fabric-cycles.ts';

/** Of one sweep over a block; all of them sample, since sums are wires. */
export function sweepCyclesByFormula(
  parameters: FabricParameters | DenseSerialParameters,
  block: { readonly colors: number; readonly freeSpins: number },
): number {
  return parameters.engine === 'fabric'
    ? fabricSweepCycles({ ...parameters, colors: block.colors })
    : denseSerialSweepCycles({ spins: block.freeSpins, parallelPaths: parameters.parallelPaths });
}
