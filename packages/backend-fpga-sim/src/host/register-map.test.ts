import { expect, test } from 'vitest';
import { cycleCauses } from '../timing/cycle-causes.ts';
import { addressOf, windows, wordsPerWindow } from './hardware.ts';
import { cycleCounter, registerAt, registers } from './register-map.ts';

test('no two registers share a word, and all stand in rising order within their window', () => {
  let next = 0;
  for (const { name, offset, words } of registers) {
    expect({ name, free: offset >= next }).toEqual({ name, free: true });
    next = offset + words;
  }
  expect(next).toBeLessThanOrEqual(wordsPerWindow);
});

test('every cause of cycles that the machine knows of has a counter of 64 bits', () => {
  for (const cause of cycleCauses) {
    if (cause === 'io') continue;
    expect(registers.find(({ name }) => name === cycleCounter(cause))).toMatchObject({
      words: 2,
      access: 'read',
    });
  }
});

test('an unknown register is refused with the known ones', () => {
  expect(() => registerAt('CLOCK')).toThrow(/no register CLOCK; there are ID, VERSION/);
});

test('windows do not reach into each other', () => {
  expect(addressOf('spins', wordsPerWindow - 1)).toBe(addressOf('biases') - 1);
  expect(Math.max(...Object.values(windows)) * wordsPerWindow).toBeLessThan(2 ** 32);
});
