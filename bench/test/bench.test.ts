/** The command as a user runs it, with sizes that take a second: structure and physics, never speed. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { BenchDocument } from '../src/report/bench-document.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'isinglass-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function bench(...args: readonly string[]): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe('the bench', () => {
  it('measures a workload and the network, and writes what it prints', async () => {
    const out = join(folder, 'now.json');
    const args = ['--quick', '--only', 'W3,C', '--variants', 'relaxed', '--repeat', '2', '--json', '--out', out];
    const { code, stdout } = await bench(...args);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as BenchDocument;
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(document);
    expect(document).toMatchObject({
      format: 'isinglass-bench-1',
      size: 'quick',
      failures: [],
      ratios: [],
      changes: [],
    });
    expect(
      document.rows.map(({ workload, implementation, variant, threads, passes }) => [
        workload,
        implementation,
        variant,
        threads,
        passes,
      ]),
    ).toEqual(['W3', 'C'].map((name) => [name, 'isinglass cpu', 'relaxed', 1, 2]));
    for (const { gsopPerSecond, updatesPerNs, spread, repetitions, sweeps, device } of document.rows) {
      for (const value of [gsopPerSecond, updatesPerNs, repetitions, sweeps, device?.peakBytes, device?.plannedBytes]) {
        expect(value).toBeGreaterThan(0);
      }
      expect(spread.passBest).toBeGreaterThanOrEqual(gsopPerSecond);
      expect(spread.passWorst).toBeLessThanOrEqual(gsopPerSecond);
    }
    // The ground state of a ±J lattice lies near −1.8 a spin, free spins at 0: samples at β = 0.8 are well below.
    expect(document.rows[0]?.checkEnergyPerSpin).toBeLessThan(-1.3);
  }, 30_000);

  it('compares with an earlier run, and fails when a row became slower than it may', async () => {
    const out = join(folder, 'before.json');
    const common = ['--quick', '--only', 'W4', '--device', 'cpu:scalar', '--variants', 'standard'];
    expect((await bench(...common, '--out', out)).code).toBe(0);
    const before = JSON.parse(readFileSync(out, 'utf8')) as BenchDocument;
    const faster = (factor: number): string => {
      const path = join(folder, `${factor}.json`);
      const rows = before.rows.map((row) => ({ ...row, gsopPerSecond: row.gsopPerSecond * factor }));
      writeFileSync(path, JSON.stringify({ ...before, rows }));
      return path;
    };
    const same = await bench(...common, '--out', join(folder, 'a.json'), '--against', faster(0.001));
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining('slower by')]);
    const slow = await bench(...common, '--out', join(folder, 'b.json'), '--against', faster(1000));
    expect([slow.code, slow.stdout]).toEqual([1, expect.stringContaining('TOO SLOW')]);
  }, 30_000);

  it.each([
    ['an unknown flag', ['--fast'], /unknown option '--fast'/],
    ['an unknown device', ['--quick', '--only', 'W3', '--device', 'nowhere'], /nowhere/],
    ['an unknown device option', ['--quick', '--only', 'W3', '--device', 'cpu?speed=9'], /speed/],
    ['a file that is not there', ['--against', 'nowhere.json'], /nowhere\.json cannot be read/],
  ])('refuses %s with exit code 2 and says what is known', async (_, args, message) => {
    const { code, stdout, stderr } = await bench(...args, '--out', join(folder, 'refused.json'));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('prints an error as a document with --json', async () => {
    const { code, stdout } = await bench('--only', 'W9', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'invalid-request', message: expect.stringContaining('W9') } });
  });
});
