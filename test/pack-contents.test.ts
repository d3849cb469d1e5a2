import { describe, expect, it } from 'vitest';
import { contentMessages } from '../tools/pack/tarball-contents.ts';

const manifest = {
  name: 'p',
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
  bin: { p: './dist/main.js' },
  dependencies: { q: '^1.0.0' },
};
const files = {
  'package.json': '{}',
  'README.md': '# p\n',
  LICENSE: 'Apache License\n',
  'dist/index.js': 'export const a = 1;\n',
  'dist/index.d.ts': 'export declare const a = 1;\n',
  'dist/main.js': "#!/usr/bin/env node\nimport './index.js';\n",
  'dist/main.d.ts': 'export {};\n',
};

const messages = (changedFiles: Record<string, string | undefined>, changedManifest: object = {}): string[] => {
  const merged = Object.entries({ ...files, ...changedFiles }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return contentMessages({ manifest: { ...manifest, ...changedManifest }, files: new Map(merged) });
};

describe('the contents of a package', () => {
  it('are accepted when everything is in place', () => {
    expect(messages({})).toEqual([]);
  });

  it.each<[fault: string, message: RegExp, files: Record<string, string | undefined>, manifest?: object]>([
    ['an entry is missing', /dist\/index\.js, which is not in/, { 'dist/index.js': undefined }],
    ['the command has no first line for the shell', /does not begin with #!/, { 'dist/main.js': 'export {};\n' }],
    ['a range is the workspace protocol', /depends on q as workspace:/, {}, { dependencies: { q: 'workspace:^' } }],
    ['the licence is missing', /LICENSE is missing/, { LICENSE: undefined }],
    ['a test is inside', /index\.test\.js does not belong/, { 'dist/index.test.js': '', 'dist/index.test.d.ts': '' }],
    ['a source is inside', /src\/index\.ts does not belong/, { 'src/index.ts': 'export {};' }],
    ['a module has no declarations', /b\.js has no declarations/, { 'dist/b.js': 'export {};\n' }],
    ['a module is CommonJS', /not an ES module/, { 'dist/index.js': 'module.exports = 1;\n' }],
    [
      'a file names a folder of one machine',
      /a path of one machine/,
      { 'dist/index.js': `// ${['', 'home', 'ada'].join('/')}` },
    ],
  ])('are refused when %s', (_, message, changedFiles, changedManifest) => {
    expect(messages(changedFiles, changedManifest).join('\n')).toMatch(message);
  });
});
