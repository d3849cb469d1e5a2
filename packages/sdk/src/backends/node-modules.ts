/**
 * Where backend packages are found: from the working directory, not from the sdk (an isolated node_modules hides from
 * the sdk what its user has installed). Everything that needs Node is reached through `process.getBuiltinModule`, so
 * that this file loads in browsers, where a package name is left to the page's import map.
 */
type Builtins = {
  readonly 'node:fs': typeof import('node:fs');
  readonly 'node:module': typeof import('node:module');
  readonly 'node:path': typeof import('node:path');
  readonly 'node:url': typeof import('node:url');
};

function builtin<K extends keyof Builtins>(name: K): Builtins[K] | undefined {
  const host = globalThis.process as typeof globalThis.process | undefined;
  return host?.getBuiltinModule?.(name) as Builtins[K] | undefined;
}

/** Whether `specifier` names a file rather than a package. */
export function isPath(specifier: string): boolean {
  return /^(\.{0,2}[/\\]|file:|[a-zA-Z]:[/\\])/.test(specifier) || /\.[cm]?[jt]s$/.test(specifier);
}

/** What to import() for a package or path seen from the working directory; undefined: the package is not installed. */
export function resolveFromWorkingDirectory(specifier: string): string | undefined {
  const path = builtin('node:path');
  const url = builtin('node:url');
  const module = builtin('node:module');
  if (path === undefined || url === undefined || module === undefined) return specifier;
  if (specifier.startsWith('file:')) return specifier;
  if (isPath(specifier)) return url.pathToFileURL(path.resolve(specifier)).href;
  const require = module.createRequire(path.join(process.cwd(), 'resolve-from-here.js'));
  try {
    return url.pathToFileURL(require.resolve(specifier)).href;
  } catch {
    // Not there, or a package whose exports know `import` only.
    return importTarget(specifier, require.resolve.paths(specifier) ?? []);
  }
}

/** The file behind `exports["."]` under the conditions of import(), for packages that require() cannot see. */
function importTarget(name: string, folders: readonly string[]): string | undefined {
  const fs = builtin('node:fs');
  const path = builtin('node:path');
  const url = builtin('node:url');
  if (fs === undefined || path === undefined || url === undefined) return undefined;
  for (const folder of folders) {
    const packageJson = path.join(folder, name, 'package.json');
    if (!fs.existsSync(packageJson)) continue;
    const { exports } = JSON.parse(fs.readFileSync(packageJson, 'utf8')) as { exports?: unknown };
    const target = conditional(isRecord(exports) && '.' in exports ? exports['.'] : exports);
    if (target !== undefined) return url.pathToFileURL(path.join(folder, name, target)).href;
  }
  return undefined;
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

/** Schemes of the backend packages that the working directory can see, sorted; none outside Node. */
export function installedSchemes(): readonly string[] {
  const fs = builtin('node:fs');
  const path = builtin('node:path');
  const module = builtin('node:module');
  if (fs === undefined || path === undefined || module === undefined) return [];
  const schemes = new Set<string>();
  const require = module.createRequire(path.join(process.cwd(), 'resolve-from-here.js'));
  for (const folder of require.resolve.paths('x') ?? []) {
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
