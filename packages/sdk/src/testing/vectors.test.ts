import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isIsinglassError } from '../errors/isinglass-error.ts';
import type { Program } from '../program/program.ts';
import { compareReadouts, compareTrace } from './vector-check.ts';
import { readVectorFolder } from './vector-folder.ts';
import { vectorRequest } from './vector-request.ts';
import { vectorRun } from './vector-run.ts';
import { parseVector, type Vector } from './vectors.ts';

const folder = readVectorFolder(fileURLToPath(new URL('../../test/fixtures/oracle', import.meta.url)));
const glass = folder.cases.find((entry) => entry.name === 'glass-2-colors')?.vector as Vector;

/** The program text of `glass-2-colors`, written out: one 4×4 bank, no tensors needed here. */
const program: Program = {
  hash: '',
  tensors: new Map(),
  json: {
    irVersion: '1.0',
    features: [],
    name: 'glass',
    provenance: {},
    law: { kind: 'fixed' },
    inputs: [],
    outputs: [],
    stages: [
      {
        kind: 'block',
        id: 'glass',
        index: 0,
        banks: [{ id: 's', role: 'free', shape: [4, 4], colorMap: { tensor: 'color' } }],
        gains: [{ id: 'one', value: 1, runtime: false }],
        couplings: [
          {
            id: 'j',
            from: 's',
            to: 's',
            gain: 'one',
            scale: 1,
            form: {
              kind: 'sparse',
              rowStart: { tensor: 'r' },
              column: { tensor: 'c' },
              value: { tensor: 'v' },
            },
          },
        ],
        biases: [],
        readouts: [
          { id: 's', bank: 's', observable: 'spin-sum', tie: 1 },
          { id: 'c', bank: 's', observable: 'conditional-sum', tie: -1 },
        ],
        schedule: { sweeps: 20, burnIn: 5, stride: 1, chains: 1, colors: [0, 1], init: 'random', beta: 1 },
        fixed: { fractionBits: 9, beta: 1 },
      },
    ],
  },
};

function placeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (e) {
    if (isIsinglassError(e) && e.code === 'invalid-request') return e.where;
    throw e;
  }
  return undefined;
}

const changed = (change: (vector: { [key: string]: unknown } & Vector) => void): unknown => {
  const copy = structuredClone(glass) as Vector & { [key: string]: unknown };
  change(copy);
  return copy;
};

test('a folder gives every case with its program, the arithmetic and nothing else', () => {
  expect(folder.cases.length).toBe(18);
  expect(folder.cases.every((entry) => entry.file.length > 0)).toBe(true);
  expect(folder.arithmetic?.philox.length).toBe(3);
  expect(folder.reject).toBeUndefined();
});

test('a folder with reject.json gives its list, files and controls', () => {
  const { reject } = readVectorFolder(fileURLToPath(new URL('../../test/fixtures/oracle/reject', import.meta.url)));
  expect(reject?.list.length).toBeGreaterThan(50);
  expect(reject?.controls.length).toBe(9);
  expect(reject?.list.every((entry) => reject.files.has(entry.file) && reject.files.has(entry.control))).toBe(true);
});

describe('a vector is read strictly', () => {
  test('control: the unchanged vector is accepted', () => {
    expect(
      placeOf(() =>
        parseVector(
          changed(() => {}),
          'v',
        ),
      ),
    ).toBeUndefined();
  });
  test.each<[string, string, (vector: Vector & { [key: string]: unknown }) => void]>([
    ['an unknown key', 'v.extra', (vector) => Object.assign(vector, { extra: 1 })],
    ['a missing key', 'v.text', (vector) => Reflect.deleteProperty(vector, 'text')],
    ['a short seed', 'v.request.seed', (vector) => Object.assign(vector.request, { seed: '0x7' })],
    [
      'an image number above 32 bits',
      'v.request.imageOffset',
      (vector) => Object.assign(vector.request, { imageOffset: 2 ** 32 }),
    ],
    [
      'a word of 7 digits',
      'v.expected.signs.s.0.0',
      (vector) => Object.assign(vector.expected.signs, { s: [['0000000']] }),
    ],
    [
      'a sum beyond int32',
      'v.expected.sums.s.0.0',
      (vector) => Object.assign(vector.expected.sums, { s: [[2 ** 31]] }),
    ],
  ])('%s is refused at its place', (_, where, change) => {
    expect(placeOf(() => parseVector(changed(change), 'v'))).toBe(where);
  });
});

describe('a run becomes a request again', () => {
  test('that of the vector', () => {
    const { run } = vectorRun(glass, program);
    expect(vectorRequest(run)).toEqual({ ...glass.request, gains: {} });
    const states = { s: { words: Uint32Array.of(1, 2, 3, 4, 5, 0xffff), rows: 6, spinCount: 16 } };
    const given = vectorRequest({ ...run, start: { kind: 'given', states } });
    expect(given.initial?.s?.flat()).toEqual(['00000001', '00000002', '00000003', '00000004', '00000005', '0000ffff']);
  });
  test.each([
    ['images', { images: Uint32Array.of(0, 2, 1) }],
    ['sweepOffset', { sweepOffset: 1 }],
    ['start', { start: { kind: 'resume', handle: { release() {} }, rows: Uint32Array.of(0) } }],
  ] as const)('%s that a vector cannot say are refused', (where, change) => {
    expect(placeOf(() => vectorRequest({ ...vectorRun(glass, program).run, ...change }))).toBe(where);
  });
});

describe('a vector becomes a run', () => {
  test('the request and the expected values have the shapes of the contract', () => {
    const { run, expected } = vectorRun(glass, program);
    expect([...run.images]).toEqual([0, 1, 2]);
    expect(run).toMatchObject({ seed: 0x15n, chains: 2, sweeps: 20, burnIn: 5, temperatures: null, keep: 'nothing' });
    expect(run.readouts.map((readout) => readout.observable)).toEqual(['spin-sum', 'conditional-sum']);
    expect(expected.readouts[0]?.sums?.length).toBe(3 * 16);
    expect(expected.states[0]?.s).toMatchObject({ rows: 6, spinCount: 16 });
    expect(expected.states[0]?.s?.words[0]).toBe(0xf08f);
    expect(expected.multipliers.get('j')).toEqual({ M: 59559, sh: 14 });
    expect(expected.traceHashes.get(0)?.length).toBe(6);
  });
  test.each<[string, string, (vector: Vector & { [key: string]: unknown }) => void]>([
    ['a block that is not there', 'block', (vector) => Object.assign(vector, { block: 1 })],
    ['an input for no bank', 'request.inputs', (vector) => Object.assign(vector.request.inputs, { x: [['00000000']] })],
    ['a given state with init random', 'request.initial', (vector) => Object.assign(vector.request, { initial: {} })],
    [
      'temperatures of another length',
      'request.temperatures',
      (vector) => Object.assign(vector.request, { temperatures: [1] }),
    ],
    [
      'a gain that no run may set',
      'request.gains.one',
      (vector) => Object.assign(vector.request, { gains: { one: 2 } }),
    ],
    [
      'dirty padding',
      'expected.signs.s',
      (vector) => Object.assign(vector.expected.signs, { s: Array(3).fill(['00010000']) }),
    ],
    ['a row too few', 'expected.sums.c', (vector) => vector.expected.sums.c?.pop()],
  ])('%s is refused at its place', (_, where, change) => {
    const vector = parseVector(changed(change));
    expect(placeOf(() => vectorRun(vector, program))).toBe(where);
  });
});

describe('a result is compared with the vector', () => {
  const ready = vectorRun(glass, program);
  test('the expected values themselves agree, hashes included', () => {
    expect(compareReadouts(ready, ready.expected.readouts)).toEqual([]);
    ready.expected.states.forEach((state, sweep) => {
      expect(compareTrace(ready, sweep, state)).toEqual([]);
    });
  });
  test('one changed bit of a state is named in the state and in its hash', () => {
    const state = structuredClone(ready.expected.states[1]) ?? {};
    const words = state.s?.words as Uint32Array;
    words[3] = (words[3] as number) ^ 4;
    expect(compareTrace(ready, 1, state).map((difference) => difference.where)).toEqual([
      'states[1].s[3]',
      'traceHashes (sweep 1)[3]',
    ]);
  });
  test('one changed sum is named', () => {
    const readouts = structuredClone(ready.expected.readouts);
    const sums = readouts[1]?.sums as Int32Array;
    sums[5] = (sums[5] as number) + 1;
    expect(compareReadouts(ready, readouts).map((difference) => difference.where)).toEqual([
      'readouts[1] (conditional-sum of s).sums[5]',
    ]);
  });
  test('a missing readout is named', () => {
    expect(compareReadouts(ready, []).length).toBe(4);
  });
});
