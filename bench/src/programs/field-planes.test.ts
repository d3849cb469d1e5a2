import { type Block, createProgram, programFeatures } from '@isinglass/sdk';
import { fixedStaticFields } from '@isinglass/sdk/reference';
import { describe, expect, it } from 'vitest';
import { fieldPlanes } from './field-planes.ts';

const fractionBits = 9;

/** The static fields, in units of 2⁻⁹, that the fixed law computes from the planes of h `[2][2][1][3]`. */
function unitsOf(h: readonly number[], beta: number): number[] {
  const bank = { id: 's', shape: [2, 1, 3] as const };
  const planes = fieldPlanes({ bank, h: Float32Array.from(h), images: 2, fractionBits, beta, gain: 'one' });
  const block: Block = {
    kind: 'block',
    id: 'block',
    index: 0,
    banks: [...planes.banks, { id: 's', role: 'free', shape: [2, 1, 3], color: 0 }],
    gains: [{ id: 'one', value: 1, runtime: false }],
    couplings: planes.couplings,
    biases: [],
    readouts: [{ id: 'y', bank: 's', observable: 'spin-sum', tie: 1 }],
    schedule: { sweeps: 1, burnIn: 0, stride: 1, chains: 1, colors: [0], init: 'random', beta },
    fixed: { fractionBits, beta },
  };
  const law = { kind: 'fixed' } as const;
  const inputs = planes.banks.map(
    ({ value, shape }) => ({ name: value, dtype: 'spin', shape: ['batch', ...shape] }) as const,
  );
  const json = { irVersion: '1.0', name: 'planes', provenance: {}, law, inputs, outputs: [], stages: [block] };
  const program = createProgram({ ...json, features: programFeatures(json) }, planes.tensors);
  return [...(fixedStaticFields(program, block, { gains: {}, images: 2, inputs: planes.inputs }).get('s') ?? [])];
}

describe('fields of an image as pinned spins', () => {
  it('come back exactly as they were rounded to units', () => {
    const h = [0, 1 / 512, -1 / 512, 0.7, -0.7, 3.999, -7.99, 7.99, 0.0009, 0.001, -0.001, 1];
    for (const beta of [1, Math.fround(0.8), 1.9]) {
      const units = Array.from(Float32Array.from(h), (value) => Math.floor(beta * value * 512 + 0.5));
      expect(unitsOf(h, beta)).toEqual(units);
    }
  });

  it('take every digit where a field needs it, and no more', () => {
    const zeros = Array<number>(11).fill(0);
    const reached = 63 + 64 * 127;
    expect(unitsOf([reached / 512, ...zeros], 1)[0]).toBe(reached);
    expect(() => unitsOf([(reached + 1) / 512, ...zeros], 1)).toThrow(/beyond 8191/);
  });
});
