import { describe, expect, it } from 'vitest';
import { convWorkload } from '../workloads/conv-workload.ts';
import { randomStream } from '../workloads/random-stream.ts';
import { spinsPerRow } from '../workloads/workload.ts';
import { energyPerSpin } from './energy-per-spin.ts';

describe('the energy per spin', () => {
  it('of a graph is minus the couplings of aligned pairs and the fields of raised spins', () => {
    const graph = {
      kind: 'graph',
      spinCount: 3,
      colorCount: 3,
      chains: 1,
      beta: 1,
      h: Float32Array.of(0.5, 0, -1),
      color: Int32Array.of(0, 1, 2),
      u: Int32Array.of(0, 1),
      v: Int32Array.of(1, 2),
      J: Float32Array.of(2, -4),
    } as const;
    // −2·(1·−1) − (−4)·(−1·1) − 0.5·1 − (−1)·1 = 2 − 4 − 0.5 + 1
    expect(energyPerSpin(graph, 0, Int8Array.of(1, -1, 1))).toBeCloseTo(-1.5 / 3, 12);
  });

  it('of a convolution counts every in-bounds tap once, and the fields of its own image', () => {
    const w = { ...convWorkload({ seed: 1n, channels1: 3, channels2: 2, size: 4, batch: 2 }), height: 2, width: 8 };
    const random = randomStream(2n);
    const spins = Int8Array.from({ length: spinsPerRow(w) }, () => (random.word() & 1 ? 1 : -1));
    const map = w.height * w.width;
    for (const image of [0, 1]) {
      let energy = 0;
      for (let i = 0; i < 3 * map; i++) energy -= (w.h1[image * 3 * map + i] as number) * (spins[i] as number);
      for (let i = 0; i < 2 * map; i++)
        energy -= (w.h2[image * 2 * map + i] as number) * (spins[3 * map + i] as number);
      for (const [out, from, tap] of triples()) {
        const [oc, y, x] = [Math.floor(out / map), Math.floor((out % map) / w.width), out % w.width];
        const [iy, ix] = [y + Math.floor(tap / 3) - 1, x + (tap % 3) - 1];
        if (iy < 0 || iy >= w.height || ix < 0 || ix >= w.width) continue;
        const weight = w.kernel[(oc * 3 + from) * 9 + tap] as number;
        const source = spins[from * map + iy * w.width + ix] as number;
        energy -= w.delta * weight * source * (spins[3 * map + out] as number);
      }
      expect(energyPerSpin(w, image, spins)).toBeCloseTo(energy / (5 * map), 5);
    }

    /** Output spin, input channel, tap. */
    function triples(): [number, number, number][] {
      return Array.from({ length: 2 * map * 3 * 9 }, (_, n) => [Math.floor(n / 27), Math.floor(n / 9) % 3, n % 9]);
    }
  });
});
