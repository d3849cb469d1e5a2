/** A block with the numbers that the program stores: int8 weights with a scale (fixed law) or float32 (real law). */
import type { ProgramTensor } from '@isinglass/sdk';
import type { FoldedCoupling } from '../fold/folded-block.ts';
import type { GainedBlock } from '../schedule/scale-delta-pass.ts';
import type { QuantizationQuality } from './quantize-values.ts';

/** A coupling as the program stores it. */
export interface RoundedCoupling extends Omit<FoldedCoupling, 'values'> {
  readonly tensor: ProgramTensor;
  /** Fixed law only. */
  readonly rounding: { readonly scale: number; readonly quality: QuantizationQuality } | null;
}

/** A block whose couplings are rounded. */
export interface RoundedBlock extends Omit<GainedBlock, 'couplings'> {
  readonly couplings: readonly RoundedCoupling[];
}
