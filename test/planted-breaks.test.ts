import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plantedBreaks } from '../tools/planted-breaks/breaks.ts';
import { repositoryRoot } from '../tools/workspace/read-workspace.ts';

describe('planted breaks are of lines that are there', () => {
  it('names differ', () => {
    expect(new Set(plantedBreaks.map(({ name }) => name)).size).toBe(plantedBreaks.length);
  });
  it.each(plantedBreaks.map((planted) => [planted.name, planted] as const))(
    '%s',
    (_, { file, line, broken, tests }) => {
      const parts = readFileSync(join(repositoryRoot, file), 'utf8').split(line);
      expect({ file, places: parts.length - 1 }).toEqual({ file, places: 1 });
      expect(broken).not.toBe(line);
      expect(tests.filter((test) => !existsSync(join(repositoryRoot, test)))).toEqual([]);
    },
  );
});
