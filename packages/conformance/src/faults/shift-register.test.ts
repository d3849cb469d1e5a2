import { expect, test } from 'vitest';
import { jumped, nextRegister, registerJump } from './shift-register.ts';

test('the register of 16 bits passes through all 65535 states that are not 0', () => {
  // 16 steps a draw and 65535 states have no common factor.
  const seen = new Set<number>();
  for (let state = 1; !seen.has(state); state = nextRegister(state, 16)) seen.add(state);
  expect(seen.size).toBe(65535);
});

test('the register of 32 bits has maximal period', () => {
  // Its step is a linear map of order 2^32 − 1 = 3·5·17·257·65537, no less, and 16 is prime to that.
  const order = 2 ** 32 - 1;
  expect(jumped(12345, registerJump(order))).toBe(12345);
  for (const factor of [3, 5, 17, 257, 65537]) expect(jumped(12345, registerJump(order / factor))).not.toBe(12345);
});

test('a jump is as many draws', () => {
  let state = 0xdeadbeef;
  for (let n = 0; n < 100; n++) state = nextRegister(state, 32);
  expect(jumped(0xdeadbeef, registerJump(100))).toBe(state);
  expect(jumped(77, registerJump(0))).toBe(77);
});
