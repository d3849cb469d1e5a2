/** Means of the free spins of a block, without sampling. */
import type { BlockLaw } from '../oracle/block-law.ts';

/** Up to so many free spins all states are enumerated. */
const enumeratedSpinsMax = 12;
/** Rounds of the mean-field equations beyond that. */
const rounds = 60;

/** Exact up to 12 free spins (odds of neighbouring states multiplied along a Gray code), else m = tanh βf(m). Pinned spins stay as given. */
export function blockMeans(law: BlockLaw, pinned: Float64Array): Float64Array {
  const free = law.colors.flat();
  return free.length <= enumeratedSpinsMax ? enumeratedMeans(law, free, pinned) : meanField(law, free, pinned);
}

function enumeratedMeans(law: BlockLaw, free: readonly number[], pinned: Float64Array): Float64Array {
  const states = pinned.slice();
  for (const spin of free) states[spin] = -1;
  const sums = new Float64Array(states.length);
  let [logWeight, total] = [0, 0];
  const count = 2 ** free.length;
  for (let n = 0; n < count; n++) {
    if (n > 0) {
      const spin = free[31 - Math.clz32(n & -n)] as number;
      // No spin is certain: an update probability of 0 or 1 counts as half a draw.
      const up = Math.min(65535.5, Math.max(0.5, law.up(spin, states)));
      const direction = (states[spin] as number) < 0 ? 1 : -1;
      logWeight += direction * Math.log(up / (65536 - up));
      states[spin] = direction;
    }
    const weight = Math.exp(logWeight);
    total += weight;
    for (const spin of free) sums[spin] = (sums[spin] as number) + weight * (states[spin] as number);
  }
  const means = pinned.slice();
  for (const spin of free) means[spin] = (sums[spin] as number) / total;
  return means;
}

function meanField(law: BlockLaw, free: readonly number[], pinned: Float64Array): Float64Array {
  const means = pinned.slice();
  for (let round = 0; round < rounds; round++) {
    for (const spin of free) means[spin] = law.up(spin, means) / 32768 - 1;
  }
  return means;
}
