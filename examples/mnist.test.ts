import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('the demo compiles the shipped model, runs it and prints what it found', async () => {
  const script = fileURLToPath(new URL('mnist.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, '12']);
  const table = Object.fromEntries(
    stdout.split('\n').flatMap((line) => {
      const [name, value] = line.split(/ {2,}/);
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
  // The first twelve images are not hard: the network, the program and its samples read all of them right.
  expect(table).toMatchObject({
    'accuracy, Ising': '100.00 %',
    'accuracy, program feed-forward': '100.00 %',
    'accuracy, original network': '100.00 %',
    'Ising and feed-forward agree': '100.00 %',
    images: '12 of 1,000',
    sweeps: '24',
    'spins per image': '8,232 sampled, 3,136 pinned',
    couplings: '3,166,080',
    'multiply-adds offloaded': '97.69 %',
    'time per image': expect.stringMatching(/^\d+\.\d ms$/),
    program: 'out/mnist-1block.isg',
  });
  expect(existsSync(fileURLToPath(new URL('../out/mnist-1block.isg', import.meta.url)))).toBe(true);
  expect(stdout.match(/^ {2}npx --yes pnpm@12\.21\.0 --silent isinglass /gm)).toHaveLength(2);
});
