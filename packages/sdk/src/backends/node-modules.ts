/**
 * Where backend packages are found: in the `node_modules` of the working directory and its parents, not of the sdk (an
 * isolated node_modules hides from the sdk what its user has installed). Everything that needs Node is reached through
 * `process.getBuiltinModule`, so that this file loads in browsers, where a package name is left to the page's import map.
 */
type Builtins = {
  readonly 'node:fs': typeof import('node:fs');
  readonly 'node:path': typeof import('node:path');
  readonly 'node:url': typeof import('node:url');
};

function builtin<K extends keyof Builtins>(name: K): Builtins[K] | undefined {
  const host = globalThis.process as typeof globalThis.process | undefined;
  return host?.getBuiltinModule?.(name) as Builtins[K] | undefined;
}

interface Node {
  readonly fs: Builtins['node:fs'];
  readonly path: Builtins['node:path'];
  readonly url: Builtins['node:url'];
}

function node(): Node | undefined {
  const fs = builtin('node:fs');
  const path = builtin('node:path');
  const url = builtin('node:url');
  return fs === undefined || path === undefined || url === undefined ? undefined : { fs, path, url };
}

/** Whether `specifier` names a file rather than a package. */
export function isPath(specifier: string): boolean {
  return /^(\.{0,2}[/\\]|file:|[a-zA-Z]:[/\\])/.test(specifier) || /\.[cm]?[jt]s$/.test(specifier);
}

/** What to import() for a package or path seen from the working directory; undefined: there is no such package or file. */
export function resolveFromWorkingDirectory(specifier: string): string | undefined {
  const host = node();
  if (host === undefined || specifier.startsWith('file:')) return specifier;
  const { fs, path, url } = host;
  if (isPath(specifier)) {
    const file = path.resolve(specifier);
    return fs.existsSync(file) ? url.pathToFileURL(file).href : undefined;
  }
  for (const folder of moduleFolders(host)) {
    const at = path.join(folder, specifier);
    if (!fs.existsSync(path.join(at, 'package.json'))) continue;
    return url.pathToFileURL(path.join(fs.realpathSync(at), entryOf(host, at))).href;
  }
  return undefined;
}

/** Schemes of the backend packages that the working directory can see, sorted; none outside Node. */
export function installedSchemes(): readonly string[] {
  const host = node();
  if (host === undefined) return [];
  const { fs, path } = host;
  const schemes = new Set<string>();
  for (const folder of moduleFolders(host)) {
    for (const [parent, prefix] of [
      [path.join(folder, '@isinglass'), 'backend-'],
      [folder, 'isinglass-backend-'],
    ] as const) {
      for (const name of fs.existsSync(parent) ? fs.readdirSync(parent) : []) {
        if (name.startsWith(prefix)) schemes.add(name.slice(prefix.length));
      }
    }
  }
  return [...schemes].sort();
}

/** `node_modules` of the working directory, then of its parents. */
function moduleFolders({ path }: Node): readonly string[] {
  const folders: string[] = [];
  for (let at = process.cwd(); ; at = path.dirname(at)) {
    folders.push(path.join(at, 'node_modules'));
    if (path.dirname(at) === at) return folders;
  }
}

/** The file behind `exports["."]` under the conditions of import(), or `main`. */
function entryOf({ fs, path }: Node, folder: string): string {
  const { exports, main } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    readonly exports?: unknown;
    readonly main?: unknown;
  };
  const root = isRecord(exports) && '.' in exports ? exports['.'] : exports;
  return conditional(root) ?? (typeof main === 'string' ? main : 'index.js');
}

function conditional(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (!isRecord(target)) return undefined;
  for (const [condition, value] of Object.entries(target)) {
    if (condition !== 'node' && condition !== 'import' && condition !== 'default') continue;
    const found = conditional(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
