/** What the documents of the repository say that can be checked: links to files and headings, and commands. */
import { posix } from 'node:path';
import type { Workspace } from '../workspace/read-workspace.ts';

export interface DocumentLink {
  readonly document: string;
  readonly target: string;
}

/** Every link of every document that does not lead outside the repository. */
export function relativeLinks({ files }: Workspace): DocumentLink[] {
  return [...files].flatMap(([document, text]) => {
    if (!document.endsWith('.md')) return [];
    const links = withoutCode(text).matchAll(/(?<!!)\[[^\]]*\]\(([^)\s]+)\)/g);
    return [...links]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ document, target }));
  });
}

/** Whether a link leads to a file or folder of the repository, and to a heading of it if it names one. */
export function linkResolves(
  { document, target }: DocumentLink,
  { files }: Workspace,
  isFolder: (path: string) => boolean,
) {
  const [path = '', heading] = target.split('#');
  const file = path === '' ? document : posix.join(posix.dirname(document), path);
  const text = files.get(file);
  if (text === undefined) return heading === undefined && (files.has(file) || isFolder(file.replace(/\/$/, '')));
  return heading === undefined || headings(text).includes(heading);
}

/** The anchors of a document's headings, as code hosts make them. */
export function headings(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/^#{1,6} (.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

export interface DocumentCommand {
  readonly document: string;
  readonly line: string;
  /** The words after `isinglass`, brackets of a synopsis removed. */
  readonly words: readonly string[];
}

const commandLine = /^(?:\$ )?(?:npx --yes pnpm@12\.21\.0 --silent )?isinglass(?= |$)(?! \d)(.*)$/;

/** Every `isinglass …` in the code of every document: fenced, indented or inline; `\` continues a line. A version after the name makes no command. */
export function documentCommands({ files }: Workspace): DocumentCommand[] {
  return [...files].flatMap(([document, text]) => {
    if (!document.endsWith('.md')) return [];
    const lines = text.replaceAll(/\\\n\s*/g, ' ').split('\n');
    const inline = [...text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map((match) => match[1] ?? '');
    return [...lines.map((line) => line.trim()), ...inline].flatMap((line) => {
      const rest = commandLine.exec(line)?.[1];
      if (rest === undefined) return [];
      const words =
        rest
          .split('#')[0]
          ?.replaceAll(/[[\]]/g, ' ')
          .match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)
          ?.filter((word) => word !== '…') ?? [];
      return [{ document, line, words }];
    });
  });
}

/** Commands of the CLI → the flags that each takes, global ones included. `''` is the program itself, `a b` the command b of the group a. */
export type CommandFlags = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the flags out of a command's help text. */
export const flagsOfHelp = (help: string): ReadonlySet<string> =>
  new Set(
    [...help.matchAll(/^ {2}(-\w, )?(--[\w-]+)/gm)].flatMap((match) => [match[2] ?? '', match[1]?.slice(0, 2) ?? '']),
  );

/** The words of a command that the CLI does not know. */
export function unknownWords({ words }: DocumentCommand, known: CommandFlags): string[] {
  const name = commandName(words, known);
  const flags = known.get(name);
  if (flags === undefined) return [name];
  return words.filter((word) => /^--?[a-zA-Z]/.test(word)).filter((word) => !flags.has(word.split('=')[0] ?? word));
}

/** The first word, or the first two where the first names a group of commands. */
export function commandName(words: readonly string[], known: CommandFlags): string {
  const [first = '', second] = words.filter((word) => !word.startsWith('-'));
  const isGroup = [...known.keys()].some((name) => name.startsWith(`${first} `));
  return isGroup && second !== undefined ? `${first} ${second}` : first;
}

const withoutBlocks = (text: string): string => text.replaceAll(/^```.*?^```$/gms, '');
const withoutCode = (text: string): string => withoutBlocks(text).replaceAll(/(?<!`)`[^`\n]+`/g, '');
