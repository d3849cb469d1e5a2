/** Rules about files as such: names that say nothing, and text that only makes sense on one machine. */
import type { Workspace } from '../workspace/read-workspace.ts';
import type { Finding } from './finding.ts';

const emptyWords = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'core', 'misc', 'manager', 'managers']);

/** No file or folder is called utils, or something-utils. */
export function nameFindings(workspace: Workspace): Finding[] {
  return [...workspace.files.keys()].flatMap((file) => {
    const words = file.split('/').flatMap((part) => {
      const stem = part.split('.')[0] ?? '';
      return [stem, stem.split('-').at(-1) ?? ''];
    });
    const empty = words.find((word) => emptyWords.has(word.toLowerCase()));
    if (empty === undefined) return [];
    return [{ file, line: 0, rule: 'empty-name', message: `"${empty}" says nothing: name the idea of the file` }];
  });
}

/** Absolute paths of a machine, and addresses of package registries, hide where they were written. */
const machineText: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['an absolute path of one machine', /(?<![\w.:/~$}-])\/(?:work|home|root|Users|mnt|opt\/build)\/[\w.-]/],
  ['an absolute path of one machine', /\b[A-Z]:\\(?:Users|work)\\/],
  ['the address of a package registry', /https?:\/\/[^\s/'"]*\b(?:registry|artifactory|verdaccio|nexus)\b/i],
  ['the address of a package registry', /https?:\/\/\S+\/-\/[\w.-]+\.tgz/],
  ['the address of a package registry', /^\s*(?:@[\w-]+:)?registry\s*=/m],
];

export function machineFindings(workspace: Workspace): Finding[] {
  const found: Finding[] = [];
  for (const [file, text] of workspace.files) {
    for (const [what, pattern] of machineText) {
      const match = pattern.exec(text);
      if (match === null) continue;
      const line = text.slice(0, match.index).split('\n').length;
      found.push({ file, line, rule: 'machine', message: `${what}: ${match[0].trim()}` });
    }
  }
  return found;
}
