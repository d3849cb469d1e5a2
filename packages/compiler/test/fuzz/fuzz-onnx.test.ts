/** A short run of the fuzzer of models, in a process of its own with bounded memory. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const cases = 10_000;
const program = fileURLToPath(new URL('./fuzz-onnx.ts', import.meta.url));

function fuzz(...args: readonly string[]): { outcomes: Record<string, number>; memoryBytes: number } {
  const output = execFileSync(process.execPath, ['--max-old-space-size=512', program, ...args], {
    encoding: 'utf8',
    timeout: 110_000,
  });
  return JSON.parse(output);
}

test(`${cases} damaged models compile or are refused: no crash, no hang, no other error, at most 512 MB`, {
  timeout: 120_000,
}, () => {
  const { outcomes, memoryBytes } = fuzz('--cases', String(cases), '--seed', '1');
  expect(memoryBytes).toBeLessThan(512 * 2 ** 20);
  expect(Object.values(outcomes).reduce((a, b) => a + b)).toBe(cases);
  // Much of the damage is refused, and much of it leaves a model that compiles: both ways are walked.
  expect(outcomes['invalid-model']).toBeGreaterThan(cases / 4);
  expect(outcomes.compiled).toBeGreaterThan(cases / 10);
});

test('a case is made again by its seed and number', () => {
  const again = () => execFileSync(process.execPath, [program, '--seed', '3', '--only', '77'], { encoding: 'utf8' });
  expect(again()).toBe(again());
  expect(JSON.parse(again())).toMatchObject({ case: 77, outcome: expect.any(String) });
});
