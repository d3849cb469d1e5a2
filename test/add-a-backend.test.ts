/**
 * docs/add-a-backend.md, followed to the letter: every command that it shows is typed, every file that it shows is written. The workspace's packages
 * stand for those that `npm install` and `npx` would fetch.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { repositoryRoot } from '../tools/workspace/read-workspace.ts';

interface Step {
  readonly language: string;
  /** `fails` for commands that the page says fail, or the file that a text is to be written into. */
  readonly note: string;
  readonly text: string;
}

function stepsOf(page: string): Step[] {
  return [...page.matchAll(/^```(\w+) ?([^\n]*)\n(.*?)^```$/gms)].map(([, language = '', note = '', text = '']) => ({
    language,
    note,
    text,
  }));
}

const scratch = mkdtempSync(join(tmpdir(), 'isinglass-add-a-backend-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** A folder of commands: `npx`, and `npm`, which answer from the workspace. */
function commands(): string {
  const bin = join(scratch, 'bin');
  mkdirSync(bin);
  const main = join(repositoryRoot, 'packages/cli/src/main.ts');
  const script = (name: string, text: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  script('isinglass', `exec "${process.execPath}" "${main}" "$@"`);
  // npx isinglass …, npx @isinglass/cli …
  script('npx', 'shift; exec isinglass "$@"');
  script('node', `exec "${process.execPath}" "$@"`);
  const runScript = `require(process.cwd() + '/package.json').scripts[process.argv[1]]`;
  script('npm', `if [ "$1" = run ]; then shift; fi; exec sh -c "$(node -p "${runScript}" "$1")"`);
  return bin;
}

/** What `npm install` would bring, as links. */
function install(folder: string): void {
  const { devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const name of Object.keys(devDependencies)) {
    const at = join(folder, 'node_modules', name);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(join(repositoryRoot, 'node_modules', name), at);
  }
}

// The suite runs three times on a machine that is right at the end: it fails by chance with a probability below 1e-4.
test('docs/add-a-backend.md works, step by step', { timeout: 300_000 }, () => {
  const page = readFileSync(join(repositoryRoot, 'docs/add-a-backend.md'), 'utf8');
  const path = [commands(), join(repositoryRoot, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const lines: string[] = [];
  let folder = scratch;
  for (const { language, note, text } of stepsOf(page)) {
    if (language === 'ts') {
      writeFileSync(join(folder, note), text);
      continue;
    }
    expect(language).toBe('sh');
    for (const line of text.trim().split('\n')) {
      lines.push(line);
      if (line.startsWith('cd ')) folder = join(folder, line.slice(3));
      else if (line === 'npm install') install(folder);
      else {
        const env = { ...process.env, PATH: path, NO_COLOR: '1' };
        const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd: folder, env, encoding: 'utf8' });
        expect({ line, status }, `${stdout}\n${stderr}`).toEqual({ line, status: note === 'fails' ? 1 : 0 });
      }
    }
  }
  expect(lines.filter((line) => line.includes('conformance run'))).toHaveLength(3);
});
