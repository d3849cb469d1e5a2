import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const example = async (...machines: readonly string[]) => {
  const run = promisify(execFile)(process.execPath, [
    fileURLToPath(new URL('machines.ts', import.meta.url)),
    ...machines,
  ]);
  const { stdout } = await run;
  const rows = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
  return { stdout, table: Object.fromEntries(rows.map(([name, ...cells]) => [name, cells])) };
};

it('reads digits on emulated machines, says what it took, and every reason why one cannot', async () => {
  const { stdout, table } = await example();
  const number = expect.stringMatching(/^[\d.,]+$/);
  const cells = ['20 of 20', number, expect.stringMatching(/^mac \d+ %$/), number, 'unstated', number, 'estimate'];
  expect(table).toMatchObject({ 'fpga-sim:conv-s': cells, 'fpga-sim:conv-m': cells, 'fpga-sim:asic28': cells });
  expect(stdout).toContain('fpga-sim:toy cannot hold the program:\n  spins.max: 11368 needed, 4096 there; ');
  expect(stdout.match(/^ {2}[a-zA-Z.]+: \d+ needed, \d+ there; /gm)?.length).toBeGreaterThan(5);
});

it('takes numbers of one’s own: joules are stated where every number is', async () => {
  const uri = 'fpga-sim:conv-m?clockMHz=300&staticWatts=20&pJPerBitRead=10&pJPerBitWritten=10';
  const { table } = await example(uri);
  const [, , , ms, joules, couplings] = table[uri] ?? [];
  // At rest it takes 20 W, which here is more than all couplings.
  expect(Number(joules)).toBeGreaterThan(0.02 * Number(ms));
  expect(Number(joules) - 0.02 * Number(ms) - Number(couplings)).toBeLessThan(0.01 * Number(joules));
});
