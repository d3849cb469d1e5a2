import type { DeviceProfile } from '@isinglass/sdk';
import { testProfile } from '@isinglass/sdk/testing';

/** A device that takes everything but weights of more than `bits` bits (null: its vendor does not say). */
export function profileWithWeightBits(bits: number | null): DeviceProfile {
  return testProfile({ name: 'narrow', weights: { bits } });
}
