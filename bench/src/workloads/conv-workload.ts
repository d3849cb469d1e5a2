import { randomStream } from './random-stream.ts';
import type { ConvWorkload } from './workload.ts';

export interface ConvSize {
  readonly seed: bigint;
  readonly channels1: number;
  readonly channels2: number;
  /** Both sides of the maps. */
  readonly size: number;
  readonly batch: number;
}

/**
 * A block like one of a trained network: K ~ N(0, 1/fan-in), h1 ~ N(0, 1) as the input and the biases of a hidden spin
 * make it, h2 ~ N(0, ¼), δ = 0.2, β = 1.
 */
export function convWorkload({ seed, channels1, channels2, size, batch }: ConvSize): ConvWorkload {
  const normal = (stream: number, count: number, sigma: number): Float32Array<ArrayBuffer> => {
    const values = new Float32Array(count);
    randomStream(seed, stream).fillNormal(values, sigma);
    return values;
  };
  return {
    kind: 'conv',
    channels1,
    channels2,
    height: size,
    width: size,
    batch,
    delta: Math.fround(0.2),
    beta: 1,
    kernel: normal(0, channels2 * channels1 * 9, 1 / Math.sqrt(channels1 * 9)),
    h1: normal(1, batch * channels1 * size * size, 1),
    h2: normal(2, batch * channels2 * size * size, 0.5),
  };
}
