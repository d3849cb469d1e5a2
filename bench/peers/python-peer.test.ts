import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeWorkload } from '../src/workloads/workload-file.ts';
import { namedWorkloads } from '../src/workloads/workload-list.ts';
import { pythonPeer } from './python-peer.ts';

const scripts = fileURLToPath(new URL('python', import.meta.url));
const facts = { name: 'numpy', modules: ['numpy'], script: 'numpy_gibbs.py', passSecondsMax: 10 };

/** Its version, or undefined where there is none that the scripts run on. */
function python3(): string | undefined {
  try {
    return execFileSync('python3', ['-c', 'import sys; assert sys.version_info >= (3, 10); print(sys.version)'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isinglass-peer-test-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it('a peer without a Python to run on is unavailable, and says why', async () => {
  vi.stubEnv('PYTHON', 'no-such-python-of-isinglass');
  await expect(pythonPeer(facts, () => folder).available()).resolves.toMatch(/no-such-python-of-isinglass/);
});

describe.skipIf(python3() === undefined)('the reader of workload files in Python (skipped without Python 3.10)', () => {
  const read = (file: string): string =>
    execFileSync('python3', ['-B', join(scripts, 'workload.py'), file], { encoding: 'utf8', stdio: 'pipe' }).trim();

  const written = (name: string, change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): string => {
    const workload = namedWorkloads.find((named) => named.name === name)?.generate('quick');
    if (workload === undefined) throw new RangeError(`no workload ${name}`);
    const file = join(folder, `${name}.bin`);
    writeFileSync(file, change(encodeWorkload(workload)));
    return file;
  };

  it('sees the spins, in-bounds couplings and images of a convolution', () => {
    expect(read(written('W1'))).toBe(`convolution: ${2 * 8 * 36} spins, ${64 * 16 * 16} couplings, 16 chains, beta 1`);
  });

  it('sees the spins, pairs and chains of a graph', () => {
    expect(read(written('W3'))).toBe('graph: 64 spins, 192 couplings, 16 chains, beta 0.8');
  });

  it.each([
    ['cut short', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 4)],
    ['too long', (bytes: Uint8Array) => Uint8Array.of(...bytes, 0)],
    ['of another kind', (bytes: Uint8Array) => Uint8Array.of(...bytes).fill(0, 0, 8)],
  ])('refuses a file that is %s', (_, change) => {
    expect(() => read(written('W3', change))).toThrow(/workload file/);
  });
});
