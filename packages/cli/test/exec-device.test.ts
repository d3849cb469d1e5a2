import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isinglass, isinglassJson, vectorFolder, workspace } from './isinglass.ts';

/** The cpu machine behind a pipe. */
const cpuProcess = `exec:'${process.execPath}' ${workspace}packages/conformance/src/provider/exec/fixtures/serve-cpu.ts ask`;
const glass = `${vectorFolder}glass-2-colors.isg`;
const pythonIsHere = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;

describe('exec: a driver in a process of its own', () => {
  it('gives every bit of the vectors', { timeout: 60_000 }, async () => {
    const { code, json } = await isinglassJson<{ passed: number; failed: number; skipped: number }>([
      'verify',
      vectorFolder,
      '--device',
      cpuProcess,
    ]);
    expect({ code, failed: json.failed, skipped: json.skipped }).toEqual({ code: 0, failed: 0, skipped: 0 });
    expect(json.passed).toBeGreaterThan(10);
  });

  it('runs programs, in Python too', async ({ skip }) => {
    if (!pythonIsHere) skip('python3 of 3.9 or newer is not installed');
    const device = `exec:python3 ${workspace}examples/python-driver/isinglass_driver.py`;
    const { code, json } = await isinglassJson<{ device: string; images: number }>(['run', glass, '--device', device]);
    expect({ code, device: json.device, images: json.images }).toEqual({ code: 0, device, images: 1 });
  });

  it.each([
    ['a program that is not there', 'exec:./no-such-driver', 2, /no-such-driver.*cannot be started/],
    ['a quote that is not closed', `exec:python3 'driver`, 2, /quote at character 9 is not closed/],
    [
      'a process that ends at once',
      `exec:'${process.execPath}' -e "console.error('no licence'); process.exit(4)"`,
      1,
      /exit code 4.*no licence/s,
    ],
  ])('%s is said', async (_, device, expected, says) => {
    const { code, stderr } = await isinglass(['run', glass, '--device', device]);
    expect(code).toBe(expected);
    expect(stderr).toMatch(says);
  });
});
