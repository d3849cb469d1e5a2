/** Energies of sampled states under the real couplings of a workload, so that what an implementation rounds shows. */
import type { ConvWorkload, GraphWorkload, Workload } from '../workloads/workload.ts';

/** Of one state of one row. `spins` are ±1 of all free spins, s1 before s2; `row` is the image (its fields differ). */
export function energyPerSpin(workload: Workload, row: number, spins: Int8Array): number {
  return workload.kind === 'conv' ? convEnergy(workload, row, spins) : graphEnergy(workload, spins);
}

function graphEnergy({ spinCount, h, u, v, J }: GraphWorkload, spins: Int8Array): number {
  let energy = 0;
  for (let pair = 0; pair < u.length; pair++) {
    energy -= (J[pair] as number) * (spins[u[pair] as number] as number) * (spins[v[pair] as number] as number);
  }
  for (let i = 0; i < spinCount; i++) energy -= (h[i] as number) * (spins[i] as number);
  return energy / spinCount;
}

/**
 * E = −Σ s2·(h2 + δ·conv(s1, K)) − Σ s1·h1. The maps of s1 stand in a frame of zeros, so that every tap of an output is
 * the same distance away and one loop runs over a whole map: 2,304 taps of every output spin make this the slowest part of a check.
 */
function convEnergy(w: ConvWorkload, row: number, spins: Int8Array): number {
  const { channels1, channels2, height, width } = w;
  const map = height * width;
  const stride = width + 2;
  const framed = stride * (height + 2);
  const from = new Float32Array(channels1 * framed);
  const at = (channel: number, y: number, x: number): number => channel * framed + (y + 1) * stride + x + 1;
  let energy = 0;
  for (let c = 0; c < channels1; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = c * map + y * width + x;
        const s = spins[i] as number;
        from[at(c, y, x)] = s;
        energy -= s * (w.h1[row * channels1 * map + i] as number);
      }
    }
  }
  const field = new Float32Array(framed);
  const first = at(0, 0, 0);
  const last = at(0, height - 1, width - 1);
  for (let c = 0; c < channels2; c++) {
    field.fill(0);
    for (let tap = 0; tap < channels1 * 9; tap++) {
      const weight = w.kernel[c * channels1 * 9 + tap] as number;
      const shift = Math.floor(tap / 9) * framed + (Math.floor((tap % 9) / 3) - 1) * stride + (tap % 3) - 1;
      for (let i = first; i <= last; i++) field[i] = (field[i] as number) + weight * (from[i + shift] as number);
    }
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = c * map + y * width + x;
        const f = (w.h2[row * channels2 * map + i] as number) + w.delta * (field[at(0, y, x)] as number);
        energy -= (spins[channels1 * map + i] as number) * f;
      }
    }
  }
  return energy / ((channels1 + channels2) * map);
}
