import { DoesNotFitError } from '@isinglass/sdk';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kernelMemory } from '../../load-kernels.ts';
import { DeviceMemory, type Region } from './device-memory.ts';

const mebibyte = 2 ** 20;
const uriWithMemory = (mib: number): string => `x?memoryMiB=${mib}`;
const memoryOf = (mib: number) => new DeviceMemory({ bytesMax: mib * mebibyte, uriWithMemory });

function misfitOf(action: () => unknown): DoesNotFitError {
  try {
    action();
  } catch (e) {
    if (e instanceof DoesNotFitError) return e;
    throw e;
  }
  throw new Error('nothing was refused');
}

/** A memory whose system refuses to grow it. */
const stubborn: typeof kernelMemory = (o) => {
  const { buffer } = kernelMemory(o);
  const grow = (): number => {
    throw new RangeError('Unable to grow instance memory');
  };
  return { buffer, grow };
};

test('regions of any history never overlap, are aligned, keep what is written, and leave one free stretch behind', () => {
  const step = fc.record({ bytes: fc.integer({ min: 0, max: 300_000 }), victim: fc.option(fc.nat(), { freq: 2 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const memory = memoryOf(2);
      const held: { readonly region: Region; readonly mark: number }[] = [];
      for (const [n, { bytes, victim }] of steps.entries()) {
        if (victim !== null && held.length > 0) held.splice(victim % held.length, 1)[0]?.region.free();
        const mark = (n % 255) + 1;
        try {
          const region = n % 2 === 0 ? memory.allocate(bytes, 'a test') : memory.allocateZeroed(bytes, 'a test');
          if (n % 2 === 1) expect(memory.u8(region).every((byte) => byte === 0)).toBe(true);
          expect([region.address % 128, region.bytes]).toEqual([0, bytes]);
          expect(region.address).toBeGreaterThan(0);
          memory.u8(region).fill(mark);
          held.push({ region, mark });
        } catch (e) {
          if (!(e instanceof DoesNotFitError)) throw e;
        }
        for (const other of held) expect(memory.u8(other.region).every((byte) => byte === other.mark)).toBe(true);
      }
      for (const { region } of held) region.free();
      expect(memory.bytesUsed).toBe(0);
      // All of it in one piece again.
      memory.allocate(2 * mebibyte, 'everything').free();
    }),
    { numRuns: 60 },
  );
});

test('a region of all the memory fits, one byte more does not', () => {
  memoryOf(1).allocate(mebibyte, 'all').free();
  expect(() => memoryOf(1).allocate(mebibyte + 1, 'more than all')).toThrow(DoesNotFitError);
});

test('what does not fit is an error with who asked, the numbers and the remedy, and takes nothing', () => {
  const memory = memoryOf(3);
  memory.allocate(mebibyte, 'one');
  const { message, where, code } = misfitOf(() => memory.allocate(2.5 * mebibyte, 'a run of block b'));
  expect([code, where]).toEqual(['does-not-fit', 'memoryMiB']);
  expect(message).toContain('a run of block b needs 2.5 MiB, available 2.0 MiB of 3.0 MiB');
  expect(message).toContain('open the device with more memory: x?memoryMiB=4');
  expect(memory.bytesUsed).toBe(mebibyte);
  memory.allocate(2 * mebibyte, 'the rest').free();
});

test('where there is no device with more memory, no remedy names one', () => {
  const small = new DeviceMemory({ bytesMax: mebibyte });
  expect(misfitOf(() => small.allocate(2 * mebibyte, 'a run')).message).toMatch(/open the device with more memory$/);
  const full = new DeviceMemory({ bytesMax: 4095 * mebibyte });
  expect(misfitOf(() => full.allocate(4096 * mebibyte, 'a run')).message).toMatch(
    /can address: fewer rows in one run$/,
  );
  const named = misfitOf(() => memoryOf(4095).allocate(4096 * mebibyte, 'a run'));
  expect(named.message).toMatch(/fewer rows in one run, or x\?memoryMiB=4096$/);
});

test('free memory in pieces is said to be in pieces', () => {
  const memory = memoryOf(3);
  const [first, , third] = [1, 2, 3].map((n) => memory.allocate(mebibyte, `part ${n}`));
  first?.free();
  third?.free();
  const { message } = misfitOf(() => memory.allocate(2 * mebibyte, 'two'));
  expect(message).toContain('available 2.0 MiB of 3.0 MiB, 1.0 MiB of it in one piece');
});

test('beyond what 32 bits address, the limit is 4095 MiB, and more memory is no remedy', () => {
  const memory = memoryOf(10_000);
  expect(memory.bytesMax).toBe(4095 * mebibyte);
  const { message } = misfitOf(() => memory.allocate(5000 * mebibyte, 'much'));
  expect(message).toContain('4095 MiB is the most that kernels can address');
});

test('the last byte of 4095 MiB can be written', () => {
  const memory = memoryOf(4095);
  const region = memory.allocate(4095 * mebibyte, 'all');
  const last = memory.u8(region).subarray(-1);
  last[0] = 7;
  expect(memory.u8({ ...region, address: region.address + region.bytes - 1, bytes: 1 })[0]).toBe(7);
});

test('a system that refuses to grow is an error with needed and granted, and nothing is taken', () => {
  const memory = new DeviceMemory({ bytesMax: 64 * mebibyte, uriWithMemory, create: stubborn });
  memory.allocate(1000, 'what the first page holds').free();
  const e = misfitOf(() => memory.allocate(10 * mebibyte, 'a run'));
  expect(e.message).toMatch(/a run: needed 10\.1 MiB in all, available 0\.1 MiB so far.*x\?memoryMiB=5$/);
  expect(e.cause).toBeInstanceOf(RangeError);
  expect(memory.bytesUsed).toBe(0);
  memory.allocate(1000, 'what the first page holds').free();
});

test('a system without address space is an error; any other failure stays itself', () => {
  const failing = (error: Error) =>
    new DeviceMemory({
      bytesMax: mebibyte,
      create: () => {
        throw error;
      },
    });
  expect(misfitOf(() => failing(new RangeError('could not allocate memory')).memory).cause).toBeInstanceOf(RangeError);
  expect(() => failing(new Error('other')).memory).toThrow('other');
});

test('a region is freed once; the second time is a mistake that says so', () => {
  const region = memoryOf(1).allocate(10, 'a table');
  region.free();
  expect(() => region.free()).toThrow('a table at 128 is freed twice');
});

test('views have the type asked for, over the same bytes, also after growth', () => {
  const memory = memoryOf(256);
  const region = memory.allocateZeroed(16, 'numbers');
  const before = memory.i32(region);
  memory.allocate(200 * mebibyte, 'growth');
  memory.i16(region).set([-1, 0, 2]);
  expect([...memory.u16(region).subarray(0, 3)]).toEqual([65535, 0, 2]);
  expect([...before]).toEqual([65535, 2, 0, 0]);
  expect([memory.u32(region)[0], memory.i8(region)[0], memory.u8(region)[0]]).toEqual([65535, -1, 255]);
});
