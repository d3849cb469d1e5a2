/**
 * Every import of the workspace with the file or package that it means. Specifiers keep their `.ts` extension in the
 * sources, so a relative import resolves by path alone.
 */
import { posix } from 'node:path';
import { packageOf, type Workspace, type WorkspacePackage } from '../workspace/read-workspace.ts';
import { type ImportSite, sourceImports } from './source-imports.ts';

export interface ImportEdge extends ImportSite {
  readonly file: string;
  readonly from: WorkspacePackage;
  /** Tests, benchmarks, whole-package tests and templates of other packages: they may use development dependencies. */
  readonly test: boolean;
  readonly target:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'node'; readonly module: string }
    | { readonly kind: 'package'; readonly name: string; readonly subPath: string };
}

const sourceFile = /\.(ts|mts|js|mjs)$/;
const testFile = /\.(test|bench)\.ts$|(^|\/)(test|fixtures|templates)\//;

/** Modules of Node that may be written without the `node:` prefix. */
const bareBuiltins = new Set(
  'assert buffer child_process cluster crypto dns events fs http http2 https module net os path perf_hooks process readline stream timers tls url util v8 vm worker_threads zlib'.split(
    ' ',
  ),
);

/** Sources that are TypeScript or JavaScript: kernels in AssemblyScript (`.as.ts`) import only each other. */
export const isSource = (path: string): boolean =>
  sourceFile.test(path) && !/\.(d|as)\.ts$/.test(path) && !/(^|\/)(fixtures|dist)\//.test(path);

export function importGraph(workspace: Workspace): ImportEdge[] {
  const edges: ImportEdge[] = [];
  for (const [file, text] of workspace.files) {
    const from = packageOf(workspace, file);
    if (from === undefined || !isSource(file)) continue;
    const inPackage = from.folder === '' ? file : file.slice(from.folder.length + 1);
    const test = testFile.test(inPackage);
    for (const site of sourceImports(file, text)) {
      edges.push({ ...site, file, from, test, target: targetOf(file, site.specifier) });
    }
  }
  return edges;
}

function targetOf(file: string, specifier: string): ImportEdge['target'] {
  if (specifier.startsWith('.')) {
    return { kind: 'file', path: posix.join(posix.dirname(file), specifier) };
  }
  const [first = '', ...rest] = specifier.split('/');
  if (specifier.startsWith('node:') || bareBuiltins.has(first)) return { kind: 'node', module: specifier };
  const scoped = first.startsWith('@');
  const name = scoped ? `${first}/${rest[0] ?? ''}` : first;
  return { kind: 'package', name, subPath: (scoped ? rest.slice(1) : rest).join('/') };
}
