import { describe, expect, it } from 'vitest';
import type { ValueSpec } from '../program/program-json.ts';
import { packSpins, unpackSpins } from '../spins/packed-spins.ts';
import { toHostTensor, toSpins } from './stage-value.ts';

const images = 3;
const spinSpec = (spinCount: number): ValueSpec => ({ name: 'x', dtype: 'spin', shape: ['batch', spinCount] });

describe.each([1, 31, 32, 33, 100])('a value of %i spins per image', (spinCount) => {
  const shape = [images, spinCount];
  const floats = Float32Array.from(
    { length: images * spinCount },
    (_, i) => [2, -1, 0, -0, Number.NEGATIVE_INFINITY, 1e-9][(i * 5 + (i >> 3)) % 6] as number,
  );

  it('is +1 where a float is above zero or a zero of either sign', () => {
    const spins = toSpins({ dtype: 'f32', shape, data: floats }, spinSpec(spinCount));
    expect(spins).toMatchObject({ rows: images, spinCount });
    expect([...unpackSpins(spins)]).toEqual(Array.from(floats, (x) => (x < 0 ? -1 : 1)));
  });

  it('is taken of 64-bit integers alike', () => {
    const data = BigInt64Array.from(floats, (x) => (x < -1 ? -(2n ** 63n) : BigInt(Math.round(x))));
    const spins = toSpins({ dtype: 'i64', shape, data }, spinSpec(spinCount));
    expect([...unpackSpins(spins)]).toEqual(Array.from(data, (x) => (x < 0n ? -1 : 1)));
  });

  it('has no spin for NaN, wherever it stands: the error names its place and its producer', () => {
    for (const at of new Set([0, spinCount - 1, spinCount, 2 * spinCount + (spinCount >> 1)])) {
      const data = floats.with(at, Number.NaN);
      const place = `NaN at image ${Math.floor(at / spinCount)}, element ${at % spinCount};`;
      expect(() => toSpins({ dtype: 'f32', shape, data }, spinSpec(spinCount), 'encoder')).toThrow(
        expect.objectContaining({ code: 'host-stage', where: 'encoder', message: expect.stringContaining(place) }),
      );
      expect(() => toSpins({ dtype: 'f32', shape, data }, spinSpec(spinCount))).toThrow(
        expect.objectContaining({ code: 'invalid-request', message: expect.stringContaining(place) }),
      );
    }
  });

  it('goes to a host stage as floats, ±1', () => {
    const spins = packSpins(floats, images, spinCount);
    const tensor = toHostTensor(spins, spinSpec(spinCount));
    expect(tensor).toEqual({ dtype: 'f32', shape, data: Float32Array.from(unpackSpins(spins)) });
  });
});
