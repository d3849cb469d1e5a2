import { expect, test } from 'vitest';
import { oracleVectors } from '../../test/oracle-vectors.ts';
import { isIsinglassError } from '../errors/isinglass-error.ts';
import type { ProgramTensor } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import { readProgram } from '../program/read-program.ts';
import { vectorRun } from '../testing/vector-run.ts';
import { fieldLimit, fixedBlock, fixedBlockFaults, gainsOfRun } from './fixed-block.ts';

test('multipliers, biases and field bounds are those of the oracle, with the gains of each vector', () => {
  expect(oracleVectors.cases).toHaveLength(18);
  for (const { name, vector, file } of oracleVectors.cases) {
    const program = readProgram(file);
    const { block, run, expected } = vectorRun(vector, program);
    const fixed = fixedBlock(program, block, run.gains);
    expect(fixed.multipliers, name).toEqual(expected.multipliers);
    expect(fixed.biases, name).toEqual(expected.biases);
    expect(fixed.fieldBound, name).toBe(vector.expected.fieldBound);
  }
});

/** Two free banks of two spins, joined one to one by ±w with J = scale·w, one bias on the first. */
function pairBlock(o: { scale: number; w: number; h: number; gain?: number }) {
  const tensors = new Map<string, ProgramTensor>([
    ['w', { dtype: 'I8', shape: [2], data: Int8Array.of(o.w, -1) }],
    ['h', { dtype: 'F32', shape: [2], data: Float32Array.of(0, o.h) }],
  ]);
  const block: Block = {
    kind: 'block',
    id: 'b',
    index: 0,
    banks: [
      { id: 'p', role: 'free', shape: [2], color: 0 },
      { id: 'q', role: 'free', shape: [2], color: 1 },
    ],
    gains: [
      { id: 'one', value: 1, runtime: false },
      { id: 'delta', value: o.gain ?? 1, runtime: true },
    ],
    couplings: [
      {
        id: 'j',
        from: 'p',
        to: 'q',
        gain: 'delta',
        scale: o.scale,
        form: { kind: 'diagonal', value: { tensor: 'w' } },
      },
    ],
    biases: [{ bank: 'p', gain: 'one', form: 'spin', values: { tensor: 'h' } }],
    readouts: [],
    schedule: { sweeps: 1, burnIn: 0, stride: 1, chains: 1, colors: [0, 1], init: 'random', beta: 1 },
    fixed: { fractionBits: 9, beta: 1 },
  };
  return { program: { tensors }, block };
}

interface Fault {
  readonly code: string;
  readonly where: string | undefined;
  readonly diagnostics: readonly { code: string }[];
}

function faultOf(run: () => unknown): Fault | 'accepted' {
  try {
    run();
    return 'accepted';
  } catch (e) {
    if (isIsinglassError(e)) return { code: e.code, where: e.where, diagnostics: e.diagnostics };
    throw e;
  }
}

test('a field bound of 2^26 − 1 is accepted and 2^26 refused, naming the largest contribution', () => {
  // w = 1 with scale 2^-9 at k = 9 adds exactly 1 to every spin; the bias of p[1] makes up the rest.
  const at = (units: number) => pairBlock({ scale: 2 ** -9, w: 1, h: units / 512 });
  const { program, block } = at(fieldLimit - 4);
  expect(fixedBlock(program, block, {}).fieldBound).toBe(fieldLimit - 3);
  const over = at(fieldLimit);
  expect(fixedBlockFaults(over.program, over.block, {})).toEqual([
    { place: 'biases[0].values', message: expect.stringContaining('spin 1 of bank "p"') },
  ]);
  expect(faultOf(() => fixedBlock(over.program, over.block, {}))).toMatchObject({
    code: 'invalid-request',
    diagnostics: [{ code: 'P132' }],
  });
});

test('a runtime gain that moves a shift out of range is refused, the program’s own is not', () => {
  const { program, block } = pairBlock({ scale: 2 ** -9, w: 3, h: 0 });
  expect(faultOf(() => fixedBlock(program, block, { delta: 0.5 }))).toBe('accepted');
  expect(faultOf(() => fixedBlock(program, block, { delta: 2 ** -30 }))).toMatchObject({ code: 'invalid-request' });
  expect(faultOf(() => fixedBlock(program, block, { delta: Number.NaN }))).toMatchObject({ code: 'invalid-request' });
  expect(fixedBlockFaults(program, block, { delta: 2 ** -30 })[0]?.place).toBe('couplings[0].scale');
});

test('a run sets runtime gains only', () => {
  const { block } = pairBlock({ scale: 1, w: 1, h: 0, gain: 0.25 });
  expect([...gainsOfRun(block, {}).entries()]).toEqual([
    ['one', 1],
    ['delta', 0.25],
  ]);
  expect([...gainsOfRun(block, { delta: 0.5 }).values()]).toEqual([1, 0.5]);
  for (const [gains, where] of [
    [{ one: 7 }, 'gains.one'],
    [{ detla: 0.5 }, 'gains.detla'],
    [{ delta: 0 }, 'gains.delta'],
    [{ delta: Number.POSITIVE_INFINITY }, 'gains.delta'],
  ] as const) {
    expect(faultOf(() => gainsOfRun(block, gains))).toMatchObject({ code: 'invalid-request', where });
  }
});

test('a real-law block has no fixed constants', () => {
  const { program, block } = pairBlock({ scale: 1, w: 1, h: 0 });
  const { fixed: _, ...real } = block;
  expect(faultOf(() => fixedBlock(program, real, {}))).toMatchObject({ code: 'invalid-program' });
});
