import { describe, expect, it } from 'vitest';
import { formatFinding } from '../tools/dependencies/finding.ts';
import { dependencyFindings } from '../tools/dependency-rules.ts';
import { packagesOf, readWorkspace, type Workspace } from '../tools/workspace/read-workspace.ts';

/** A clean workspace in miniature; a test plants one violation in it. */
const clean: Readonly<Record<string, string>> = {
  'package.json': manifest('workspace', { license: 'Apache-2.0', devDependencies: { vitest: '5' } }),
  ...member('sdk', { dependencies: { 'p-queue': '10' }, devDependencies: { 'fast-check': '4' } }),
  'packages/sdk/src/index.ts': "export { fixedLaw } from './law/fixed-law.ts';\nexport * from './program.ts';\n",
  'packages/sdk/src/law/fixed-law.ts': 'export const fixedLaw = 1;\n',
  'packages/sdk/src/program.ts': 'export interface Program { readonly name: string }\n',
  'packages/sdk/src/program.test.ts':
    "import { readFileSync } from 'node:fs';\nimport fc from 'fast-check';\nimport { it } from 'vitest';\nit;fc;readFileSync;\n",
  'packages/sdk/src/host-onnx/node.ts': "export { readFileSync } from 'node:fs';\n",
  ...member('kernels', { peerDependencies: { '@isinglass/sdk': '*' } }),
  'packages/kernels/src/index.ts': "export { load } from './load.ts';\n",
  'packages/kernels/src/load.ts': 'export const load = 1;\n',
  'packages/kernels/src/machine/open.ts':
    "import { load } from '../load.ts';\nimport { fixedLaw } from '@isinglass/sdk';\nload;fixedLaw;\n",
  'packages/kernels/src/machine/worker-handler.ts':
    "import { load } from '../load.ts';\nimport type { Program } from '@isinglass/sdk';\nexport type P = Program;\nload;\n",
  ...member('backend-cpu', { peerDependencies: { '@isinglass/sdk': '*' } }),
  'packages/backend-cpu/src/index.ts': "import type { Program } from '@isinglass/sdk';\nexport type P = Program;\n",
  ...member('conformance', { peerDependencies: { '@isinglass/sdk': '*' } }),
  'packages/conformance/src/index.ts': "import type { Program } from '@isinglass/sdk';\nexport type P = Program;\n",
};

function manifest(name: string, rest: object): string {
  return JSON.stringify({ name, ...rest });
}

function member(name: string, rest: object): Record<string, string> {
  const entry = { types: './dist/index.d.ts', default: './dist/index.js' };
  return {
    [`packages/${name}/README.md`]: `# ${name}\n`,
    [`packages/${name}/package.json`]: manifest(`@isinglass/${name}`, {
      version: '0.1.0',
      license: 'Apache-2.0',
      type: 'module',
      engines: { node: '>=22.12' },
      exports: { '.': './src/index.ts' },
      publishConfig: { exports: { '.': entry } },
      files: ['dist'],
      ...rest,
    }),
  };
}

function workspace(planted: Readonly<Record<string, string>> = {}): Workspace {
  const files = new Map(Object.entries({ ...clean, ...planted }));
  return { packages: packagesOf(files), files };
}

const rulesBroken = (planted: Readonly<Record<string, string>>): string[] => [
  ...new Set(dependencyFindings(workspace(planted)).map(({ rule }) => rule)),
];

describe('dependency rules', () => {
  it('find nothing in a clean workspace', () => {
    expect(dependencyFindings(workspace()).map(formatFinding)).toEqual([]);
  });

  const law = 'packages/sdk/src/law/fixed-law.ts';
  const cpu = 'packages/backend-cpu/src/index.ts';
  const suite = 'packages/conformance/src/index.ts';
  const kernel = 'packages/kernels/src/load.ts';
  const machine = 'packages/kernels/src/machine/open.ts';
  const thread = 'packages/kernels/src/machine/worker-handler.ts';
  const peers = { peerDependencies: { '@isinglass/sdk': '*', '@isinglass/kernels': '*', '@isinglass/compiler': '*' } };
  const cpuManifest = member('backend-cpu', peers);

  it.each<[violation: string, rule: string, planted: Record<string, string>]>([
    ['the sdk imports a backend', 'layer', { [law]: "import '@isinglass/backend-cpu';" }],
    ['a backend imports the compiler', 'layer', { ...cpuManifest, [cpu]: "import '@isinglass/compiler';" }],
    ['a backend re-exports another', 'layer', { [cpu]: "export * from '@isinglass/backend-webgpu';" }],
    ['the kernels themselves import the sdk', 'layer', { [kernel]: "import '@isinglass/sdk';" }],
    ['the machine over the kernels imports the compiler', 'layer', { [machine]: "import '@isinglass/compiler';" }],
    ['the kernels themselves import their machine', 'entry', { [kernel]: "import './machine/open.ts';" }],
    ['a thread loads the sdk', 'thread', { [thread]: "import { fixedLaw } from '@isinglass/sdk';\nfixedLaw;" }],
    [
      'a file that a thread loads loads the sdk',
      'thread',
      {
        [thread]: "import './sums.ts';",
        'packages/kernels/src/machine/sums.ts': "import { fixedLaw } from '@isinglass/sdk';\nfixedLaw;",
      },
    ],
    ['what ships imports test support', 'test-support', { [cpu]: "import '@isinglass/kernels/machine/testing';" }],
    ['an import is declared nowhere', 'undeclared', { [law]: "import 'left-pad';" }],
    ['an import hides in a type', 'undeclared', { [law]: "export type P = import('left-pad').Pad;" }],
    ['an import is dynamic', 'undeclared', { [law]: "export const pad = () => import('left-pad');" }],
    ['sources use the test runner', 'undeclared', { [law]: "import 'vitest';" }],
    ['sources use a development dependency', 'undeclared', { [law]: "import 'fast-check';" }],
    ['the sdk imports a module of Node', 'node-module', { [law]: "import 'node:fs';" }],
    ['the sdk imports a module of Node without the prefix', 'node-module', { [law]: "import 'fs/promises';" }],
    ['a package imports itself by name', 'self-import', { [law]: "import '@isinglass/sdk';" }],
    ['an import leaves the package by path', 'leaves-package', { [cpu]: "import '../../sdk/src/program.ts';" }],
    ['an import names no file', 'unresolved', { [law]: "import './gone.ts';" }],
    ['a file imports the public list', 'imports-index', { [law]: "import { Program } from '../index.ts';\nProgram;" }],
    [
      'conformance takes the fixed law',
      'one-witness',
      { [suite]: "import { fixedLaw } from '@isinglass/sdk';\nfixedLaw;" },
    ],
    ['conformance takes the reference', 'one-witness', { [suite]: "import '@isinglass/sdk/reference';" }],
    ['conformance takes the machine driver', 'one-witness', { [suite]: "import '@isinglass/sdk/machine-driver';" }],
    ['conformance takes everything', 'one-witness', { [suite]: "export * from '@isinglass/sdk';" }],
    [
      'two files import each other',
      'cycle',
      {
        [law]: "import './b.ts';",
        'packages/sdk/src/law/b.ts': "export { a } from './fixed-law.ts';",
      },
    ],
    ['a file is called utils', 'empty-name', { 'packages/sdk/src/utils.ts': 'export {};' }],
    ['a folder is called helpers', 'empty-name', { 'packages/sdk/src/helpers/a.ts': 'export {};' }],
    ['a file ends in -manager', 'empty-name', { 'packages/sdk/src/run-manager.ts': 'export {};' }],
    [
      'a document names a folder of one machine',
      'machine',
      { 'docs/a.md': `see ${['', 'home', 'ada', 'a.ts'].join('/')}` },
    ],
    [
      'a lock file names a registry',
      'machine',
      { 'lock.yaml': `tarball: ${['https:', '', 'registry.example', 'p'].join('/')}` },
    ],
    ['a setting names a registry', 'machine', { '.npmrc': `${'registry'}=https://example.org` }],
    ['a package has another licence', 'manifest', member('kernels', { license: 'MIT' })],
    ['a package supports another Node', 'manifest', member('kernels', { engines: { node: '>=18' } })],
    [
      'an export exists in development only',
      'manifest',
      member('kernels', { exports: { '.': './src/index.ts', './a': './src/index.ts' } }),
    ],
    ['an export names no file', 'manifest', member('kernels', { exports: { '.': './src/main.ts' } })],
    ['a command is not published', 'manifest', member('kernels', { bin: { k: './src/index.ts' } })],
  ])('find that %s', (_, rule, planted) => {
    expect(rulesBroken(planted)).toContain(rule);
  });

  it.each<[near: string, planted: Record<string, string>]>([
    ['a declared dependency', { [law]: "import PQueue from 'p-queue';\nPQueue;" }],
    [
      'a type import from a file that imports nothing back',
      { [law]: "import type { Program } from '../program.ts';\nexport type P = Program;" },
    ],
    [
      'two files that need each other’s types',
      {
        [law]: "import './b.ts';",
        'packages/sdk/src/law/b.ts': "import type { A } from './fixed-law.ts';\nexport type B = A;",
      },
    ],
    ['the machine over the kernels importing the sdk and kernels', {}],
    [
      'test support in a test',
      { ...cpuManifest, 'packages/backend-cpu/test/a.ts': "import '@isinglass/kernels/machine/testing';" },
    ],
    ['the machine over the kernels in a test', { 'packages/kernels/src/a.test.ts': "import './machine/open.ts';" }],
    ['the type of a Node module', { [law]: "export type Path = typeof import('node:path');" }],
    ['the public list in a test of the whole package', { 'packages/sdk/test/a.test.ts': "import '../src/index.ts';" }],
    [
      'conformance naming a type of the sdk',
      { [suite]: "import type { Program } from '@isinglass/sdk';\nexport type P = Program;" },
    ],
    ['a Node module in a test', { 'packages/sdk/src/a.test.ts': "import 'node:fs';" }],
    [
      'the name of a package inside a string',
      { [law]: 'export const a = "import \'left-pad\'"; // import "left-pad"' },
    ],
    ['a file named after an idea', { 'packages/sdk/src/utility-function.ts': 'export {};' }],
    ['a web address with a path', { 'docs/a.md': 'https://example.org/home/ada' }],
  ])('accept %s', (_, planted) => {
    expect(rulesBroken(planted)).toEqual([]);
  });

  it('refuse a file that does not parse, because it could hide anything', () => {
    expect(() => dependencyFindings(workspace({ [law]: 'import { from' }))).toThrow(law);
  });

  it('hold in this repository', () => {
    expect(dependencyFindings(readWorkspace()).map(formatFinding)).toEqual([]);
  });
});
