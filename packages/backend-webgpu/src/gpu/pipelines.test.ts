import { describe, expect, test } from 'vitest';
import { kernels, preludes } from '../kernels/generated/shaders.ts';
import { type KernelName, sweepFields, vectorsPerK } from './pipelines.ts';

const names = Object.keys(kernels) as KernelName[];

test('what the host writes for each dispatch is what shaders read', () => {
  const body = /struct Sweep \{([^}]*)\}/.exec(preludes.sweep)?.[1] ?? '';
  const fields = [...body.matchAll(/^ {2}(\w+): u32,$/gm)].map(([, name]) => name);
  expect(fields).toEqual([...sweepFields]);
});

describe.each(names)('kernel %s', (name) => {
  test('has no more bindings than every implementation of WebGPU allows', () => {
    // Core WebGPU: 8 storage buffers and 12 uniform buffers in a stage; one uniform is that of the sweep.
    const kinds: readonly string[] = kernels[name].bindings;
    expect(kinds.filter((kind) => kind !== 'uniform').length).toBeLessThanOrEqual(8);
    expect(kinds[0]).toBe('uniform');
  });
  test('has parameters, each once', () => {
    const params: readonly string[] = kernels[name].params;
    expect(params.length).toBeGreaterThan(0);
    expect(new Set(params).size).toBe(params.length);
  });
});

test.each([
  [{ kind: 'packed' }, 8 * 32],
  [{ kind: 'planes', planes: 1 }, 4 * 8 * 2],
  [{ kind: 'planes', planes: 8 }, 4 * 8 * 9],
  [{ kind: 'real' }, 4 * 8 * 32],
] as const)('the weights of 8 receivers and 32 givers as %o have %i bytes', (products, bytes) => {
  expect(16 * vectorsPerK(products)).toBe(bytes);
});
