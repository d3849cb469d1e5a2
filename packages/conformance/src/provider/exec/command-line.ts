/** A command line as words: quoted as a POSIX shell reads it, without a shell. Nothing is expanded. */
import { InvalidRequestError } from '@isinglass/sdk';

/**
 * The words of a command line: `'…'` takes everything as it is, in `"…"` a backslash escapes `"`, `\`, `$`, `` ` `` and a new line, outside quotes it
 * escapes any character. No variables, patterns, pipes or redirections. Throws InvalidRequestError when it is empty or a quote is not closed.
 *
 * @example splitCommandLine(`python3 'my driver.py' --port=/dev/ttyUSB0`) → ['python3', 'my driver.py', '--port=/dev/ttyUSB0']
 */
export function splitCommandLine(text: string): readonly [program: string, ...args: string[]] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'" || char === '"') {
      const quoted = char === "'" ? singleQuoted(text, at) : doubleQuoted(text, at);
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (char === '\\') {
      if (at + 1 === text.length) throw invalid(text, 'it ends with a backslash');
      word = (word ?? '') + text.charAt(++at);
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  const [program, ...args] = words;
  if (program === undefined || program === '') throw invalid(text, 'it names no program');
  return [program, ...args];
}

interface Quoted {
  readonly text: string;
  /** Index of the closing quote. */
  readonly end: number;
}

function singleQuoted(text: string, start: number): Quoted {
  const end = text.indexOf("'", start + 1);
  if (end < 0) throw invalid(text, `the quote at character ${start + 1} is not closed`);
  return { text: text.slice(start + 1, end), end };
}

function doubleQuoted(text: string, start: number): Quoted {
  let out = '';
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') return { text: out, end: at };
    const next = text.charAt(at + 1);
    if (char === '\\' && next !== '' && '"\\$`\n'.includes(next)) {
      out += next === '\n' ? '' : next;
      at++;
    } else {
      out += char;
    }
  }
  throw invalid(text, `the quote at character ${start + 1} is not closed`);
}

function invalid(text: string, reason: string): InvalidRequestError {
  return new InvalidRequestError(`the command line ${JSON.stringify(text)} cannot be run: ${reason}`, { where: 'uri' });
}
