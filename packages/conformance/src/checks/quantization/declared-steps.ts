/** How far the numbers that a device holds may be from those that it was asked to hold, by its profile. */
import type { DeviceProfile } from '@isinglass/sdk';
import type { ProgramParameters } from './parameters.ts';

/**
 * Half a declared step of a bias, or the declared tolerance if that is more; undefined where the profile states neither bits nor range. Under the fixed law bits
 * are those of whole field units: biases fit as they are, or the program does not.
 */
export function fieldStep(
  { bias }: DeviceProfile,
  { law, field }: { readonly law: 'fixed' | 'real'; readonly field: number },
): number | undefined {
  if (law === 'fixed' || bias.bits === 'unlimited') return field;
  if (bias.bits === null || bias.range.max === null || bias.range.min === null) return undefined;
  return Math.max(field, (bias.range.max - bias.range.min) / (2 ** bias.bits - 1) / 2);
}

/** The same of a coupling. Stored integers of the fixed law are exact where every coupling has a scale of its own. */
export function couplingStep(
  { weights }: DeviceProfile,
  { J }: ProgramParameters,
  { law, field }: { readonly law: 'fixed' | 'real'; readonly field: number },
): number | undefined {
  if (weights.bits === 'unlimited' || (law === 'fixed' && weights.scalePer === 'coupling')) return field;
  // Digital devices of the real law hold float32: bits are those of the fixed law's integers.
  if (law === 'real' && weights.levels === null && weights.range.max === null) return undefined;
  if (weights.bits === null) return undefined;
  const largest = Math.max(...[...J.values()].map(Math.abs));
  return Math.max(field, largest / (2 ** (weights.bits - 1) - 1) / 2);
}
