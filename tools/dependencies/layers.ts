/**
 * Who may import whom (docs/architecture.md, section 2). Each rule takes the workspace's imports and returns what
 * breaks it. Tests may also use the development dependencies of their package; they never leave their package by path.
 */
import type { Workspace } from '../workspace/read-workspace.ts';
import type { Finding } from './finding.ts';
import type { ImportEdge } from './import-graph.ts';
import { exportedNames, sourceImports } from './source-imports.ts';

/** Package → the workspace packages that its shipped sources may import. */
export const layers: Readonly<Record<string, readonly string[]>> = {
  '@isinglass/sdk': [],
  '@isinglass/kernels': [],
  '@isinglass/compiler': ['@isinglass/sdk'],
  '@isinglass/backend-cpu': ['@isinglass/sdk', '@isinglass/kernels'],
  '@isinglass/backend-webgpu': ['@isinglass/sdk'],
  '@isinglass/backend-fpga-sim': ['@isinglass/sdk', '@isinglass/kernels'],
  '@isinglass/conformance': ['@isinglass/sdk'],
  '@isinglass/cli': [
    '@isinglass/sdk',
    '@isinglass/compiler',
    '@isinglass/backend-cpu',
    '@isinglass/backend-webgpu',
    '@isinglass/backend-fpga-sim',
    '@isinglass/conformance',
  ],
};

/** Folders that are an entry of their own → what they may import beside the other files of their package, which never import them. */
export const entryFolders: Readonly<Record<string, readonly string[]>> = {
  'packages/kernels/src/machine/': ['@isinglass/sdk'],
};

/** Entries that look inside: for tests alone. */
export const testSupport: ReadonlySet<string> = new Set(['@isinglass/kernels/machine/testing']);

/** What the threads of a machine load. Each of them would load a package again. */
export const threadFiles: readonly string[] = [
  'packages/kernels/src/machine/threads/worker-main.ts',
  'packages/kernels/src/machine/worker-handler.ts',
];

/** Packages that run in browsers → the files that may import modules of Node. */
export const nodeModuleFiles: Readonly<Record<string, RegExp>> = {
  '@isinglass/sdk': /^packages\/sdk\/src\/host-onnx\/node\.ts$/,
  '@isinglass/compiler': /^packages\/compiler\/src\/node(\/[^/]+)?\.ts$/,
  // What a thread of Node runs; the rest asks for Node at run time.
  '@isinglass/kernels': /^packages\/kernels\/src\/machine\/threads\/worker-main\.ts$/,
  '@isinglass/backend-cpu': /^$/,
  // Dawn is asked for at run time, too: nothing of Node.
  '@isinglass/backend-webgpu': /^$/,
  '@isinglass/backend-fpga-sim': /^$/,
  // Sub-paths of their own.
  '@isinglass/conformance': /^packages\/conformance\/src\/(init|provider\/exec)\/[^/]+\.ts$/,
};

/** What the root provides for the tests of every package. */
const testTools: ReadonlySet<string> = new Set(['vitest']);

const finding = (edge: ImportEdge, rule: string, message: string): Finding => ({
  file: edge.file,
  line: edge.line,
  rule,
  message,
});

/** Shipped sources import only the packages of the layer below. */
export function layerFindings(edges: readonly ImportEdge[]): Finding[] {
  return edges.flatMap((edge) => {
    const own = entryOf(edge.file);
    const allowed = own === undefined ? layers[edge.from.manifest.name] : entryFolders[own];
    const { target } = edge;
    if (allowed === undefined || edge.test || target.kind !== 'package' || layers[target.name] === undefined) return [];
    if (allowed.includes(target.name)) return [];
    const may = allowed.length === 0 ? 'no workspace package' : `only ${allowed.join(', ')}`;
    return [finding(edge, 'layer', `${own ?? edge.from.manifest.name} may import ${may}, not ${target.name}`)];
  });
}

/** Who imports the first entry of a package gets nothing of an entry folder; and what ships imports no test support. */
export function entryFindings(edges: readonly ImportEdge[]): Finding[] {
  return edges.flatMap((edge) => {
    const { target } = edge;
    if (edge.test) return [];
    if (target.kind === 'package') {
      return testSupport.has(edge.specifier) ? [finding(edge, 'test-support', `${edge.specifier} is for tests`)] : [];
    }
    const entry = target.kind === 'file' ? entryOf(target.path) : undefined;
    if (entry === undefined || entryOf(edge.file) === entry) return [];
    return [finding(edge, 'entry', `${entry} is an entry of its own: nothing else in the package imports it`)];
  });
}

/** What threads load at run time is files of one package alone. */
export function threadFindings(edges: readonly ImportEdge[]): Finding[] {
  const atRunTime = Map.groupBy(
    edges.filter(({ typeOnly }) => !typeOnly),
    ({ file }) => file,
  );
  const reached = new Set(threadFiles);
  const findings: Finding[] = [];
  for (const file of reached) {
    for (const edge of atRunTime.get(file) ?? []) {
      const { target } = edge;
      if (target.kind === 'file') reached.add(target.path);
      if (target.kind !== 'package') continue;
      findings.push(finding(edge, 'thread', `every thread would load ${target.name}`));
    }
  }
  return findings;
}

const entryOf = (file: string): string | undefined =>
  Object.keys(entryFolders).find((folder) => file.startsWith(folder));

/** Every import is declared by the package that makes it; development dependencies serve tests only. */
export function declarationFindings(edges: readonly ImportEdge[]): Finding[] {
  return edges.flatMap((edge) => {
    const { target, from } = edge;
    if (target.kind !== 'package') return [];
    const { manifest } = from;
    if (target.name === manifest.name) {
      return edge.test ? [] : [finding(edge, 'self-import', `${manifest.name} imports itself by name`)];
    }
    if (edge.test && testTools.has(target.name)) return [];
    const shipped = [manifest.dependencies, manifest.peerDependencies, manifest.optionalDependencies];
    const development = edge.test || layers[manifest.name] === undefined ? [manifest.devDependencies] : [];
    if ([...shipped, ...development].some((declared) => declared?.[target.name] !== undefined)) return [];
    const place = from.folder === '' ? 'package.json' : `${from.folder}/package.json`;
    return [finding(edge, 'undeclared', `${target.name} is not declared in ${place}`)];
  });
}

/** What runs in browsers imports no module of Node, but for its types. */
export function nodeModuleFindings(edges: readonly ImportEdge[]): Finding[] {
  return edges.flatMap((edge) => {
    const exempt = nodeModuleFiles[edge.from.manifest.name];
    if (edge.target.kind !== 'node' || edge.typeOnly || edge.test) return [];
    if (exempt === undefined || exempt.test(edge.file)) return [];
    return [finding(edge, 'node-module', `${edge.target.module} does not exist in browsers`)];
  });
}

/** A relative import stays inside its package and names a file; nothing internal imports the public list. */
export function pathFindings(edges: readonly ImportEdge[], workspace: Workspace): Finding[] {
  return edges.flatMap((edge) => {
    const { target, from } = edge;
    if (target.kind !== 'file') return [];
    if (from.folder !== '' && !target.path.startsWith(`${from.folder}/`)) {
      return [finding(edge, 'leaves-package', `${edge.specifier} leaves ${from.folder}: import the package by name`)];
    }
    if (!workspace.files.has(target.path) && !/\.(wasm|wgsl|json|js)$/.test(target.path)) {
      return [finding(edge, 'unresolved', `${edge.specifier} names no file`)];
    }
    const publicTest = edge.file.startsWith(`${from.folder}/test/`);
    if (/(^|\/)index\.ts$/.test(target.path) && !publicTest) {
      return [finding(edge, 'imports-index', 'index.ts is the public list: import the file that defines the name')];
    }
    return [];
  });
}

/** The conformance suite is a second witness: it never takes the sdk's fixed law, reference machines or machine driver. */
export function witnessFindings(edges: readonly ImportEdge[], workspace: Workspace): Finding[] {
  const forbidden = lawNames(workspace);
  return edges.flatMap((edge) => {
    const { target, from } = edge;
    if (from.manifest.name !== '@isinglass/conformance') return [];
    if (target.kind !== 'package' || target.name !== '@isinglass/sdk') return [];
    if (/^(reference|law|machine-driver|testing)(\/|$)/.test(target.subPath)) {
      return [finding(edge, 'one-witness', `conformance may not use @isinglass/sdk/${target.subPath}`)];
    }
    if (edge.names.includes('*')) {
      return [finding(edge, 'one-witness', 'conformance names what it takes from the sdk: no namespace import')];
    }
    return edge.names
      .filter((name) => forbidden.has(name))
      .map((name) => finding(edge, 'one-witness', `conformance may not use the sdk's ${name}`));
  });
}

/** The names that the sdk's main entry takes from its law and reference folders. */
function lawNames(workspace: Workspace): ReadonlySet<string> {
  const index = 'packages/sdk/src/index.ts';
  const text = workspace.files.get(index);
  const names = new Set<string>();
  for (const site of text === undefined ? [] : sourceImports(index, text)) {
    if (!/^\.\/(law|reference)\//.test(site.specifier)) continue;
    const path = `packages/sdk/src/${site.specifier.slice(2)}`;
    const exported = site.names.includes('*') ? exportedNames(path, workspace.files.get(path) ?? '') : site.names;
    for (const name of exported) names.add(name);
  }
  return names;
}
