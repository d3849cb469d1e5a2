import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CommandFlags,
  commandName,
  documentCommands,
  flagsOfHelp,
  linkResolves,
  relativeLinks,
  unknownWords,
} from '../tools/docs/markdown.ts';
import { readWorkspace, repositoryRoot, type Workspace } from '../tools/workspace/read-workspace.ts';
import { readmeExample, readmeExampleOutput } from '../tools/workspace/readme-example.ts';

const workspace = readWorkspace();
const isFolder = (path: string): boolean =>
  statSync(join(repositoryRoot, path), { throwIfNoEntry: false })?.isDirectory() ?? false;

const node = (args: readonly string[]): string =>
  execFileSync(process.execPath, args, {
    cwd: repositoryRoot,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });

function documents(text: string): Workspace {
  return {
    packages: [],
    files: new Map([
      ['docs/a.md', text],
      ['docs/b.md', '# The one thing\n'],
    ]),
  };
}

describe('links in the documents', () => {
  it('lead to files and headings of the repository', () => {
    const links = relativeLinks(workspace);
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((link) => !linkResolves(link, workspace, isFolder))).toEqual([]);
  });

  it.each([
    ['a file', 'b.md', 'c.md'],
    ['a heading', 'b.md#the-one-thing', 'b.md#the-other-thing'],
    ['a heading of the same document', '#here', '#there'],
  ])('are found broken when they name %s that is not there', (_, good, bad) => {
    const broken = (target: string): unknown[] => {
      const planted = documents(`# Here\n[x](${target})\n`);
      return relativeLinks(planted).filter((link) => !linkResolves(link, planted, () => false));
    };
    expect(broken(good)).toHaveLength(0);
    expect(broken(bad)).toHaveLength(1);
  });
});

describe('documents that the sources cite', () => {
  it('exist', () => {
    const cited = [...workspace.files].flatMap(([file, text]) =>
      /\/src\/.*\.ts$/.test(file) ? [...text.matchAll(/\b([a-z][\w-]*)\.md\b/g)].map((match) => match[1] ?? '') : [],
    );
    expect(cited.length).toBeGreaterThan(0);
    // Not a document of ours: what `isinglass conformance run` writes.
    const written = new Set(['summary']);
    expect(cited.filter((name) => !written.has(name) && !workspace.files.has(`docs/${name}.md`))).toEqual([]);
  });
});

describe('the list of error codes', () => {
  it('has every code of the sdk, and no other', () => {
    const source = workspace.files.get('packages/sdk/src/errors/isinglass-error.ts') ?? '';
    const union = /type ErrorCode =(.*?);/s.exec(source)?.[1] ?? '';
    const codes = [...union.matchAll(/'([a-z-]+)'/g)].map((match) => match[1]);
    const table = (workspace.files.get('docs/errors.md') ?? '').split('## Exit codes')[0] ?? '';
    const listed = [...table.matchAll(/^\| `([a-z-]+)` \| `/gm)].map((match) => match[1]);
    expect(codes.length).toBeGreaterThan(5);
    expect(listed.toSorted()).toEqual(codes.toSorted());
  });
});

describe('commands in the documents', () => {
  const main = 'packages/cli/src/main.ts';
  let known: CommandFlags = new Map();

  beforeAll(() => {
    known = new Map(commandsOf([]));
  }, 60_000);

  /** A command and those of its group, by name, with their flags. */
  function commandsOf(path: readonly string[]): [string, ReadonlySet<string>][] {
    const help = node([main, ...path, '--help']);
    const listed = help.split('Commands:')[1]?.split('\n\n')[0] ?? '';
    const names = [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map((match) => match[1] ?? '');
    const inner = names.filter((name) => name !== 'help').flatMap((name) => commandsOf([...path, name]));
    return [[path.join(' '), flagsOfHelp(help)], ...inner];
  }

  it('exist, with every flag that they use', () => {
    const commands = documentCommands(workspace);
    expect(commands.length).toBeGreaterThan(10);
    const wrong = commands.map((command) => ({ ...command, unknown: unknownWords(command, known) }));
    expect(wrong.filter(({ unknown }) => unknown.length > 0)).toEqual([]);
  });

  it.each([
    ['inspect F.isg --json', []],
    ['inspect F.isg --jsonn', ['--jsonn']],
    ['inspekt F.isg', ['inspekt']],
    ['conformance run --device cpu', []],
    ['conformance run --devise cpu', ['--devise']],
    ['conformance ran --device cpu', ['conformance ran']],
  ])('are checked: `isinglass %s`', (line, unknown) => {
    const planted = documentCommands(documents(`    isinglass ${line}\n`));
    expect(planted.map((command) => unknownWords(command, known))).toEqual([unknown]);
  });

  it('cover every command of the CLI', () => {
    const used = new Set(documentCommands(workspace).map(({ words }) => commandName(words, known)));
    const isGroup = (name: string): boolean => [...known.keys()].some((other) => other.startsWith(`${name} `));
    expect([...known.keys()].filter((name) => name !== '' && !isGroup(name) && !used.has(name))).toEqual([]);
  });
});

describe('the example of the README', () => {
  it('runs and prints what the README says', () => {
    const folder = join(repositoryRoot, 'out', 'readme-example');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'example.ts');
    writeFileSync(file, readmeExample());
    expect(node([file])).toBe(readmeExampleOutput());
  }, 120_000);

  it('is ten lines and its imports', () => {
    const lines = readmeExample().trim().split('\n');
    expect(lines.filter((line) => line !== '' && !line.startsWith('import ')).length).toBeLessThanOrEqual(11);
  });
});
