import { expect, test } from 'vitest';
import { RandomStream } from '../../random/random-stream.ts';
import { WindowSet } from './window-set.ts';

const random = new RandomStream(3n, 'bits');
const fair = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => random.integer(0, 1));

function repeats(windows: WindowSet, source: string, bits: Uint8Array): string[] {
  const found: string[] = [];
  windows.add(
    { source, place: (offset) => `${offset}`, bit: (n) => bits[n] as number, count: bits.length },
    (known, here, there) => found.push(`${here} ${known} ${there}`),
  );
  return found;
}

test('fair bits have no window twice', () => {
  const windows = new WindowSet();
  expect(repeats(windows, 'a', fair(5000))).toEqual([]);
  expect(repeats(windows, 'b', fair(5000))).toEqual([]);
});

test('128 bits that come again are found where they are, also with all signs turned; 127 are not', () => {
  const first = fair(400);
  const copied = (count: number, turn: 0 | 1): Uint8Array => {
    const bits = fair(300);
    bits.set(
      first.subarray(50, 50 + count).map((bit) => bit ^ turn),
      7,
    );
    // The bit before and the bit after differ, so that no longer window comes again.
    bits[6] = (first[49] as number) ^ turn ^ 1;
    bits[7 + count] = (first[50 + count] as number) ^ turn ^ 1;
    return bits;
  };
  const repeated = (copy: Uint8Array): string[] => {
    const windows = new WindowSet();
    repeats(windows, 'first', first);
    return repeats(windows, 'copy', copy);
  };
  expect(repeated(copied(128, 0))).toEqual(['7 first 50']);
  expect(repeated(copied(128, 1))).toEqual(['7 first 50']);
  expect(repeated(copied(127, 0))).toEqual([]);
});
