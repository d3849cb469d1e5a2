import { expect, it } from 'vitest';
import { CommandError, runCommand } from './command.ts';

const node = process.execPath;

it('a command gives what it printed', async () => {
  await expect(
    runCommand(node, ['-e', 'console.log(process.env.ANSWER)'], { environment: { ANSWER: '42' } }),
  ).resolves.toBe('42\n');
});

it('a command that fails says its last line', async () => {
  const failing = runCommand(node, ['-e', 'console.error("first\\nthe reason"); process.exitCode = 3']);
  await expect(failing).rejects.toThrow(CommandError);
  await expect(failing).rejects.toThrow(/status 3: the reason$/);
});

it('a program that is absent is an error, not a crash', async () => {
  await expect(runCommand('no-such-program-of-isinglass', [])).rejects.toThrow(CommandError);
});

it('an aborted command rejects with the reason', async () => {
  const abort = new AbortController();
  const endless = runCommand(node, ['-e', 'setInterval(() => {}, 1000)'], { signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(endless).rejects.toThrow('enough');
});
