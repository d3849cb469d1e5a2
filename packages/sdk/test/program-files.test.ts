/** Program files as a whole: the oracle's vectors and rejected files, and reading what was written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isIsinglassError } from '../src/errors/isinglass-error.ts';
import { canonicalJson } from '../src/program/canonical-json.ts';
import { createProgram } from '../src/program/create-program.ts';
import { programHash } from '../src/program/program-hash.ts';
import { inspectProgramFile, readProgram } from '../src/program/read-program.ts';
import { readContainer } from '../src/program/safetensors.ts';
import { elementBytes } from '../src/program/tensor-types.ts';
import { writeProgram } from '../src/program/write-program.ts';
import { randomProgram } from '../src/testing/random-program.ts';
import { readVectorFolder } from '../src/testing/vector-folder.ts';
import { oracleDirectory, oracleVectors } from './oracle-vectors.ts';

const { reject } = readVectorFolder(`${oracleDirectory}/reject`);
const fileOf = (name: string) => reject?.files.get(name) ?? new Uint8Array();

describe('vectors of the oracle', () => {
  test.each(oracleVectors.cases)('$name is accepted, has the oracle’s hash, and is written back byte for byte', (c) => {
    expect(inspectProgramFile(c.file)).toEqual([]);
    const program = readProgram(c.file);
    expect(program.hash).toBe(c.vector.expected.programHash);
    expect(writeProgram(program)).toEqual(c.file);
  });
});

describe('rejected files of the oracle', () => {
  test('the folder has every file and control', () => {
    expect(reject?.list.length).toBeGreaterThanOrEqual(164);
    expect(reject?.controls).toHaveLength(9);
  });

  test.each(reject?.list ?? [])('$file is refused with $code at $where and nothing else', ({ file, code, where }) => {
    const violations = inspectProgramFile(fileOf(file));
    expect(violations.map((violation) => [violation.code, violation.where])).toEqual([[code, where]]);
    expect(violations[0]?.message).not.toBe('');
    expect(() => readProgram(fileOf(file))).toThrow(`${code} at ${where}`);
  });

  test.each(reject?.controls ?? [])('%s is accepted and survives writing', (name) => {
    expect(inspectProgramFile(fileOf(name))).toEqual([]);
    const program = readProgram(fileOf(name));
    expect(readProgram(writeProgram(program))).toEqual(program);
  });
});

describe('writing and reading', () => {
  test('every random program reads back equal, in canonical form and with aligned tensors in order', () => {
    const property = fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.boolean(), (seed, real) => {
      const program = randomProgram({ seed, law: real ? 'real' : 'fixed', blocks: 1 + (seed % 3) });
      const file = writeProgram(program);
      expect(readProgram(file)).toEqual(program);
      expect(writeProgram(readProgram(file))).toEqual(file);
      const container = readContainer(file);
      if (container.kind === 'invalid') throw new Error('the file is invalid');
      expect(container.programText).toBe(canonicalJson(JSON.parse(container.programText)));
      const sizes = [...container.tensors.values()].map(({ dtype }) => elementBytes(dtype));
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      const sorted = [...container.tensors].every(([name, { dtype }], n, all) => {
        const [nextName, next] = all[n + 1] ?? [];
        if (nextName === undefined || next?.dtype !== dtype) return true;
        return Buffer.compare(Buffer.from(name), Buffer.from(nextName)) < 0;
      });
      expect(sorted).toBe(true);
    });
    fc.assert(property, { numRuns: 60, seed: 1 });
  });

  test('a file at any offset of a larger buffer reads the same, and is not written to', () => {
    for (const { file } of oracleVectors.cases.slice(0, 6)) {
      const program = readProgram(file);
      for (const offset of [1, 2, 4, 7, 8]) {
        const buffer = new Uint8Array(file.length + 16);
        buffer.set(file, offset);
        const before = buffer.slice();
        expect(readProgram(buffer.subarray(offset, offset + file.length))).toEqual(program);
        expect(buffer).toEqual(before);
      }
    }
  });

  test('aligned tensors are views of the file; memory shared with others is copied', () => {
    const { file } = oracleVectors.cases[0] ?? { file: new Uint8Array() };
    for (const tensor of readProgram(file).tensors.values()) expect(tensor.data.buffer).toBe(file.buffer);
    const shared = new Uint8Array(new SharedArrayBuffer(file.length));
    shared.set(file);
    const program = readProgram(shared);
    expect(program).toEqual(readProgram(file));
    for (const tensor of program.tensors.values()) expect(tensor.data.buffer).toBeInstanceOf(ArrayBuffer);
  });

  test('the JSON of a program cannot be written to, and is not that of the caller', () => {
    const program = randomProgram({ seed: 3 });
    const stages = program.json.stages as unknown[];
    expect(() => stages.push({})).toThrow(TypeError);
    const json = structuredClone(program.json);
    const copy = createProgram(json, program.tensors);
    Reflect.set(json, 'name', 'changed');
    expect(copy).toEqual(program);
  });
});

describe('the error', () => {
  test('names the first violation, says how many there are, and carries all', () => {
    const program = randomProgram({ seed: 4 });
    const json = {
      ...program.json,
      irVersion: '1.0',
      features: ['warp-drive'],
      outputs: [{ ...spin, name: 'nowhere' }],
    };
    let error: unknown;
    try {
      createProgram(json as never, program.tensors);
    } catch (e) {
      error = e;
    }
    if (!isIsinglassError(error)) throw new Error('no error of Isinglass');
    expect(error.code).toBe('invalid-program');
    expect(error.where).toBe('features[0]');
    expect(error.message).toContain('P102 at features[0]: unknown feature "warp-drive"');
    expect(error.message).toContain('and 2 more violations');
    expect(error.diagnostics.map(({ code, where, severity }) => [code, where, severity])).toEqual([
      ['P102', 'features[0]', 'error'],
      ['P102', 'features', 'error'],
      ['P114', 'outputs[0].name', 'error'],
    ]);
  });

  const spin = { dtype: 'spin', shape: ['batch', 1] } as const;
});

describe('the hash', () => {
  const program = randomProgram({ seed: 5 });
  const { json, tensors } = program;

  test('does not depend on name, provenance, meta, key order or the order of tensors', () => {
    const reversed = Object.fromEntries(Object.entries(json).reverse());
    expect(programHash({ ...reversed, name: 'x', provenance: { y: 1 }, meta: {} }, tensors)).toBe(program.hash);
    expect(programHash(json, new Map([...tensors].reverse()))).toBe(program.hash);
  });

  test('depends on everything else: a number, a tensor’s name, dtype, shape and bytes', () => {
    const [[name, tensor] = ['', undefined]] = tensors;
    if (tensor === undefined) throw new Error('the program has no tensor');
    const others = [...tensors].slice(1);
    const bytes = new Uint8Array(tensor.data.buffer.slice(0));
    bytes[tensor.data.byteOffset] = (bytes[tensor.data.byteOffset] ?? 0) ^ 1;
    const flipped = {
      ...tensor,
      data: bytes.subarray(tensor.data.byteOffset, tensor.data.byteOffset + tensor.data.byteLength),
    };
    const hashes = [
      program.hash,
      programHash({ ...json, inputs: [] }, tensors),
      programHash(json, new Map([[`${name}x`, tensor], ...others])),
      programHash(json, new Map([[name, { ...tensor, dtype: 'BOOL' }], ...others])),
      programHash(json, new Map([[name, { ...tensor, shape: [...tensor.shape, 1] }], ...others])),
      programHash(json, new Map([[name, flipped], ...others])),
    ];
    expect(new Set(hashes).size).toBe(json.inputs.length === 0 ? 5 : 6);
    expect(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
  });

  test('is refused for what has no canonical form', () => {
    expect(() => programHash({ a: null }, tensors)).toThrow('P103 at a');
    expect(() => programHash({ a: ['\ud800'] }, tensors)).toThrow('P103 at a[0]');
    expect(programHash({ a: ['\ud800\udc00'] }, tensors)).toMatch(/^[0-9a-f]{64}$/);
  });
});
