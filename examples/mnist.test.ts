import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const demo = (count: string) =>
  promisify(execFile)(process.execPath, [fileURLToPath(new URL('mnist.ts', import.meta.url)), count]);

it('the demo compiles the shipped model, runs it in both ways and prints what it found', async () => {
  const { stdout } = await demo('12');
  const rows = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
  const table = Object.fromEntries(rows.map(([name, ...cells]) => [name, cells]));
  const number = expect.stringMatching(/^\d+(\.\d+)?$/);
  // The first twelve images are not hard: the network, the program and its samples read all of them right.
  expect(table).toMatchObject({
    accuracy: ['as feed-forward', 'seconds', 'ms per image', 'GSOP/s'],
    'Ising, conditional-sum, 8 sweeps': ['100.00 %', '100.00 %', number, number, number],
    'Ising, spin-sum, 187 sweeps': ['100.00 %', '100.00 %', number, number, number],
    'the program feed-forward': ['100.00 %', '100.00 %', number, number],
    'the original network': ['100.00 %', '100.00 %', number, number],
    images: ['12 of 10,000 test images'],
    'spins per image': ['8,232 sampled, 3,136 pinned'],
    couplings: ['3,166,080'],
    'multiply-adds offloaded': ['97.69 %'],
    program: ['out/mnist-1block.isg'],
    'all of this took': [expect.stringMatching(/^\d+\.\d s$/)],
  });
  expect(stdout).toMatch(/^Sampling 12 of 10,000 test images on device cpu \(this processor, .+\), seed 7\.$/m);
  expect(existsSync(fileURLToPath(new URL('../out/mnist-1block.isg', import.meta.url)))).toBe(true);
  expect(stdout.match(/^ {2}npx --yes pnpm@12\.21\.0 --silent isinglass /gm)).toHaveLength(2);
});

it.each(['10001', 'all'])('the demo refuses %s as a number of images, and says how many there are', async (count) => {
  await expect(demo(count)).rejects.toMatchObject({
    code: 2,
    stderr: `demo: ${count} is not a number of test images; 1 to 10,000 are shipped\n`,
  });
});
