import { isIsinglassError } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { type CpuOptions, parseCpuUri } from './device-options.ts';
import type { Processor } from './processor.ts';

const server: Processor = { parallelism: 96, threadsMax: 64, variants: ['relaxed', 'baseline'] };
const laptop: Processor = { parallelism: 8, threadsMax: 64, variants: ['baseline'] };
const page: Processor = { parallelism: 1, threadsMax: 1, variants: ['baseline'] };
const antique: Processor = { parallelism: 2, threadsMax: 64, variants: [] };

function refusal(uri: string, processor = server): string {
  try {
    parseCpuUri(uri, processor);
  } catch (e) {
    if (isIsinglassError(e)) return `${e.code} ${e.message}`;
    throw e;
  }
  return 'accepted';
}

test.each([
  'cpu',
  'cpu:scalar',
  'cpu?rowsMax=1',
  'cpu:scalar?memoryMiB=64&rowsMax=24',
  'cpu?threads=1&simd=relaxed',
  'cpu?threads=64&simd=baseline',
])('%s is a device', (uri) => {
  expect(refusal(uri)).toBe('accepted');
});

test('options are read; defaults are 2 GiB, no limit of rows, the best build and a thread per core', () => {
  const defaults: CpuOptions = {
    device: 'cpu',
    memoryBytesMax: 2 ** 31,
    rowsMax: Number.POSITIVE_INFINITY,
    threads: 8,
    simd: 'baseline',
  };
  expect(parseCpuUri('cpu', laptop)).toEqual(defaults);
  expect(parseCpuUri('cpu?rowsMax=24&memoryMiB=3&threads=20', laptop)).toEqual({
    ...defaults,
    memoryBytesMax: 3 * 2 ** 20,
    rowsMax: 24,
    threads: 20,
  });
  expect(parseCpuUri('cpu', server)).toEqual({ ...defaults, threads: 16, simd: 'relaxed' });
  expect(parseCpuUri('cpu?simd=baseline', server).simd).toBe('baseline');
  expect(parseCpuUri('cpu:scalar', server)).toEqual({ ...defaults, device: 'cpu:scalar', threads: 1, simd: null });
});

test('this processor has at least one thread, and what is asked of it by default is there', () => {
  const { threads } = parseCpuUri('cpu');
  expect(threads).toBeGreaterThanOrEqual(1);
  expect(threads).toBeLessThanOrEqual(16);
});

test('an unknown device is refused with the known ones', () => {
  expect(refusal('cpu:fast')).toContain('cpu, cpu:scalar');
});

test('an unknown option is refused with the known ones', () => {
  expect(refusal('cpu?rows=3')).toContain('memoryMiB, rowsMax, threads, simd');
});

test.each([
  ['cpu?rowsMax=0', 'rowsMax'],
  ['cpu?rowsMax=-1', 'rowsMax'],
  ['cpu?rowsMax=1.5', 'rowsMax'],
  ['cpu?rowsMax=', 'rowsMax'],
  ['cpu?rowsMax=1&rowsMax=2', 'rowsMax is given twice'],
  ['cpu?threads=0', 'from 1 to 64'],
  ['cpu?threads=65', 'from 1 to 64'],
  ['cpu?simd=avx2', 'baseline or relaxed'],
  ['cpu?simd=', 'baseline or relaxed'],
])('%s is refused', (uri, text) => {
  expect(refusal(uri)).toMatch(/^invalid-request /);
  expect(refusal(uri)).toContain(text);
});

describe('memory', () => {
  test('of cpu ends at what kernels can address, of cpu:scalar it does not', () => {
    expect(refusal('cpu?memoryMiB=4095')).toBe('accepted');
    expect(refusal('cpu?memoryMiB=4096')).toMatch(/^invalid-request .*at most 4095.*cpu:scalar takes more/);
    expect(refusal('cpu:scalar?memoryMiB=4096')).toBe('accepted');
  });
});

describe('what this processor does not have', () => {
  test('is unsupported: relaxed SIMD where the engine does not accept it', () => {
    expect(refusal('cpu?simd=relaxed', laptop)).toMatch(/^unsupported .*only simd=baseline/);
    expect(refusal('cpu?simd=baseline', laptop)).toBe('accepted');
    expect(refusal('cpu?simd=baseline', antique)).toMatch(/^unsupported .*no WebAssembly SIMD/);
  });
  test('is unsupported: threads where there are none', () => {
    expect(refusal('cpu?threads=2', page)).toMatch(/^unsupported .*1 thread/);
    expect(refusal('cpu?threads=1', page)).toBe('accepted');
    expect(parseCpuUri('cpu', page).threads).toBe(1);
  });
  test('without SIMD, cpu is scalar code in one thread', () => {
    expect(parseCpuUri('cpu', antique)).toMatchObject({ threads: 1, simd: null });
  });
});

test.each(['threads=2', 'simd=baseline'])('cpu:scalar refuses %s, which is an option of cpu', (option) => {
  expect(refusal(`cpu:scalar?${option}`)).toMatch(/^invalid-request .*one of cpu/);
  expect(refusal(`cpu?${option}`)).toBe('accepted');
});
