import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ChildDriverProcess } from './child-process.ts';

const node = (script: string): readonly [string, ...string[]] => [process.execPath, '-e', script];
const ignore = { onFrame: () => undefined, onActivity: () => undefined, onEnd: () => undefined };

test('a process that reads late holds the sender back, and gets every byte', async () => {
  const frames: unknown[] = [];
  const child = new ChildDriverProcess(
    node(`
      let bytes = 0;
      process.stdin.on('data', (chunk) => { bytes += chunk.length; if (bytes === 8 * 2 ** 20 + 12) console.log(bytes); });
      process.stdin.pause();
      setTimeout(() => process.stdin.resume(), 500);
    `),
    { ...ignore, onFrame: ({ message }) => void frames.push(message) },
  );
  const began = performance.now();
  await child.send({ type: '' }, [new Uint8Array(8 * 2 ** 20)]);
  expect(performance.now() - began).toBeGreaterThan(400);
  await expect.poll(() => frames).toEqual([8 * 2 ** 20 + '{"type":""}\n'.length]);
  await child.stop(1000);
});

test('a process is ended with everything that it started', async () => {
  const pids: number[] = [];
  const child = new ChildDriverProcess(
    node(`
      const { spawn } = require('node:child_process');
      const own = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'inherit' });
      console.log(own.pid);
      setInterval(() => undefined, 1000);
    `),
    { ...ignore, onFrame: ({ message }) => void pids.push(message as number) },
  );
  await expect.poll(() => pids.length).toBe(1);
  await child.stop(50);
  await expect.poll(() => isAlive(pids[0] as number)).toBe(false);
});

test('a process does not outlive its host', async () => {
  const module = new URL('child-process.ts', import.meta.url).href;
  const host = `
    const { ChildDriverProcess } = await import(${JSON.stringify(module)});
    const none = () => undefined;
    const stuck = ['-e', 'console.log(process.pid); for (;;);'];
    new ChildDriverProcess([process.execPath, ...stuck], {
      onActivity: none,
      onEnd: none,
      onFrame: ({ message }) => { console.log(message); process.exit(0); },
    });
  `;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', host], { encoding: 'utf8' });
  await expect.poll(() => isAlive(Number(printed))).toBe(false);
});

/** Whether there is such a process; one that ended and was not reaped by its new parent yet is none. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
}
