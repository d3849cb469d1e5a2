/** A short run of the fuzzer of program files, in a process of its own with bounded memory. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const cases = 12_000;
const program = fileURLToPath(new URL('./fuzz-isg.ts', import.meta.url));

function fuzz(...args: readonly string[]): { outcomes: Record<string, number>; memoryBytes: number } {
  const output = execFileSync(process.execPath, ['--max-old-space-size=512', program, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return JSON.parse(output);
}

test(`${cases} damaged program files are read or refused: no crash, no hang, no other error, at most 512 MB`, {
  timeout: 70_000,
}, () => {
  const { outcomes, memoryBytes } = fuzz('--cases', String(cases), '--seed', '1');
  expect(memoryBytes).toBeLessThan(512 * 2 ** 20);
  expect(Object.values(outcomes).reduce((a, b) => a + b)).toBe(cases);
  // The damage is not all of one kind: it reaches every rule of the verifier, and some of it is harmless.
  expect(Object.keys(outcomes)).toContain('accepted');
  expect(Object.keys(outcomes).length).toBeGreaterThanOrEqual(18);
});

test('a case is made again by its seed and number', () => {
  const again = () => execFileSync(process.execPath, [program, '--seed', '3', '--only', '77'], { encoding: 'utf8' });
  expect(again()).toBe(again());
  expect(JSON.parse(again())).toMatchObject({ case: 77, outcome: expect.any(String) });
});
