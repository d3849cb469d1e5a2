import { expect, test } from 'vitest';
import { splitCommandLine } from './command-line.ts';

test.each([
  { line: 'python3 driver.py', words: ['python3', 'driver.py'] },
  { line: '  a\t b\n', words: ['a', 'b'] },
  { line: `a 'b  c' "d e"`, words: ['a', 'b  c', 'd e'] },
  { line: `a b\\ c "d\\"e\\n" 'f\\g'`, words: ['a', 'b c', 'd"e\\n', 'f\\g'] },
  { line: `x --port="/dev/tty USB"'0'`, words: ['x', '--port=/dev/tty USB0'] },
  { line: `a '' ""`, words: ['a', '', ''] },
  { line: 'a $HOME *.py | b > c; d `e` #f', words: ['a', '$HOME', '*.py', '|', 'b', '>', 'c;', 'd', '`e`', '#f'] },
])('$line is read as a shell quotes, and nothing is expanded', ({ line, words }) => {
  expect(splitCommandLine(line)).toEqual(words);
});

test.each(['', '   ', `''`, `a 'b`, `a "b`, 'a \\'])('%j is no command line', (line) => {
  expect(() => splitCommandLine(line)).toThrow(expect.objectContaining({ code: 'invalid-request', where: 'uri' }));
});
