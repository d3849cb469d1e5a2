/** Keys under which the scrambled seed of a lane is 0, which no stream may begin with. */
import type { StreamKey } from '../../src/generators/lane-generators.ts';
import { goldenStep, splitmix32, streamSeedWord } from '../../src/generators/splitmix32.ts';

/** The word that splitmix32 gives `scrambled` for as its state: the finalizer of MurmurHash3 backwards. */
function splitmix32Backwards(scrambled: number): number {
  let z = scrambled;
  z ^= z >>> 16;
  z = Math.imul(z, 0x7ed1b41d); // 0xc2b2ae35⁻¹ modulo 2³²
  z ^= (z >>> 13) ^ (z >>> 26);
  z = Math.imul(z, 0xa5cb9243); // 0x85ebca6b⁻¹ modulo 2³²
  z ^= z >>> 16;
  return (z - goldenStep) >>> 0;
}

/** The key, of which only the sweep offset is chosen, for which word 0 of a lane is 0. */
export function zeroSeedKey(lane: number): StreamKey {
  const key = { seed: 5n, image: 6, blockAndChain: 7, sweepOffset: 0 };
  // What the key makes before the lane is taken in, for offset 0; it must become `before` for some other one.
  const before = (splitmix32Backwards(0) ^ lane) >>> 0;
  const withoutOffset = splitmix32Backwards(splitmix32Backwards(streamSeedWord(key, 0, 0)));
  const found = { ...key, sweepOffset: (splitmix32Backwards(before) ^ withoutOffset) >>> 0 };
  if (streamSeedWord(found, lane, 0) !== 0 || splitmix32(splitmix32Backwards(1)) !== 1)
    throw new Error('not backwards');
  return found;
}
