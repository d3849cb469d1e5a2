/**
 * From a scheme to a backend: an explicit one first, else the package `@isinglass/backend-x`, else
 * `isinglass-backend-x`, seen from the working directory. Adding a backend edits nothing here.
 */
import type { Backend } from '../contract/driver.ts';
import { invalid } from '../device/check-values.ts';
import { BackendError, InvalidRequestError } from '../errors/isinglass-error.ts';
import { assertContract, whyNotBackend } from './backend-contract.ts';
import { installedSchemes, resolveFromWorkingDirectory } from './node-modules.ts';

/** The packages that are looked for under a scheme, in order. */
export function backendPackages(scheme: string): readonly [string, string] {
  return [`@isinglass/backend-${scheme}`, `isinglass-backend-${scheme}`];
}

/**
 * A backend from a package name or a path, relative to the working directory; its default export is the backend.
 * Throws InvalidRequestError when there is no such module, BackendError when it does not load or is not a backend,
 * UnsupportedError('contract') when it is written for another contract.
 */
export async function loadBackendModule(specifier: string): Promise<Backend> {
  const target = resolveFromWorkingDirectory(specifier);
  if (target === undefined) {
    throw new InvalidRequestError(
      `backend module ${JSON.stringify(specifier)} is not in any node_modules from the working directory up: install it there, or give a path that begins with ./`,
      { where: 'backend' },
    );
  }
  const backend = await importBackend(specifier, target);
  assertContract(backend);
  return backend;
}

async function importBackend(specifier: string, target: string): Promise<Backend> {
  let namespace: { readonly default?: unknown };
  try {
    namespace = await import(/* @vite-ignore */ /* webpackIgnore: true */ target);
  } catch (cause) {
    throw new BackendError(`backend module ${JSON.stringify(specifier)} does not load: ${messageOf(cause)}`, { cause });
  }
  const reason = whyNotBackend(namespace.default);
  if (reason !== null)
    throw new BackendError(`${JSON.stringify(specifier)} has no default export that is a Backend: ${reason}`);
  return namespace.default as Backend;
}

/** Throws InvalidRequestError unless it is a list of backends, or nothing. */
export function checkBackends(backends: unknown): void {
  if (backends === undefined) return;
  if (!Array.isArray(backends)) throw invalid('backends', backends, 'an array of Backends');
  backends.forEach((backend: unknown, n) => {
    const reason = whyNotBackend(backend);
    if (reason !== null) throw invalid(`backends[${n}]`, backend, `a Backend, but ${reason}`);
  });
}

/**
 * The backend of a scheme: one of `explicit`, else an installed package. Throws InvalidRequestError that names what was tried and what there is,
 * BackendError when the package does not load or serves another scheme, UnsupportedError('contract') when it is written for another contract.
 */
export async function findBackend(scheme: string, explicit: readonly Backend[]): Promise<Backend> {
  const given = explicit.find((backend) => backend.scheme === scheme);
  if (given !== undefined) {
    assertContract(given);
    return given;
  }
  for (const name of backendPackages(scheme)) {
    const target = resolveFromWorkingDirectory(name);
    // Outside Node `target` is the bare name and only importing tells whether the page maps it.
    if (target === undefined || (target === name && !(await isMapped(name)))) continue;
    const backend = await loadBackendModule(name);
    if (backend.scheme === scheme) return backend;
    throw new BackendError(`${name} serves the scheme "${backend.scheme}", not "${scheme}"`);
  }
  const available = new Set([...explicit.map((backend) => backend.scheme), ...installedSchemes()]);
  throw new InvalidRequestError(
    `no backend for "${scheme}": tried ${backendPackages(scheme).join(' and ')} from the working directory, and ` +
      `${explicit.length} given explicitly; available: ${[...available].sort().join(', ') || 'none'}`,
    { where: 'uri' },
  );
}

async function isMapped(name: string): Promise<boolean> {
  try {
    await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
    return true;
  } catch {
    return false;
  }
}

/** What any thrown thing says of itself. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
