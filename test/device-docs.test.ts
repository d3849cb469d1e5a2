import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deviceDocument, withSourceSections } from '../tools/device-docs.ts';
import { readWorkspace, repositoryRoot } from '../tools/workspace/read-workspace.ts';

const document = readFileSync(join(repositoryRoot, deviceDocument), 'utf8');

it('the tables of devices are those of the sources: node tools/device-docs.ts writes them', () => {
  expect(withSourceSections(document)).toBe(document);
});

describe('sections of the document that sources cite', () => {
  /** Numbers in `devices.md section 8`, `devices.md 3.1, 3.2, section 12`; comments break lines anywhere. */
  const citedSections = (text: string): string[] =>
    [
      ...text
        .replaceAll(/\n\s*(?:\*|\/\/) ?/g, ' ')
        .matchAll(/devices\.md ((?:section )?\d+(?:\.\d+)?(?:, (?:section )?\d+(?:\.\d+)?)*)/g),
    ].flatMap(([, list = '']) => [...list.matchAll(/\d+(?:\.\d+)?/g)].map(([number]) => number));

  const sections = new Set([...document.matchAll(/^#+ (\d+(?:\.\d+)?)\.? /gm)].map((match) => match[1]));

  it('are found in all the ways in which they are cited', () => {
    expect(citedSections('devices.md 5.2), devices.md section 8; (devices.md 3, 3.1, section 12')).toEqual([
      '5.2',
      '8',
      '3',
      '3.1',
      '12',
    ]);
    expect(citedSections(' * (devices.md\n * section 11, V15)')).toEqual(['11']);
  });

  it('exist', () => {
    const cited = [...readWorkspace().files].flatMap(([file, text]) =>
      /^packages\/.*\.ts$/.test(file) ? citedSections(text).map((section) => ({ file, section })) : [],
    );
    expect(cited.length).toBeGreaterThan(20);
    expect(cited.filter(({ section }) => !sections.has(section))).toEqual([]);
  });
});
