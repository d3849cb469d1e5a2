/**
 * What a package to publish may contain: ES modules with their declarations and assets, its README and licence, and
 * nothing that only makes sense in this repository.
 */
import type { Manifest } from '../workspace/read-workspace.ts';

export interface PackedPackage {
  readonly manifest: Manifest & { readonly scripts?: unknown };
  /** Path inside the package → text; '' for binary files. */
  readonly files: ReadonlyMap<string, string>;
}

/** Not of templates, which are sources and tests that a command writes for others. */
const notShipped = /(^|\/)(test|fixtures|node_modules|src)\/|\.(test|bench)\.|\.tsbuildinfo$|(?<!\.d)\.ts$/;
const machinePath = /(?<![\w.:/~$}-])\/(?:work|home|root|Users|tmp)\/[\w.-]/;

/** Everything that is wrong with one packed package, one sentence each. */
export function contentMessages({ manifest, files }: PackedPackage): string[] {
  return [...entryProblems(manifest, files), ...rangeProblems(manifest), ...fileProblems(files)].map(
    (message) => `${manifest.name}: ${message}`,
  );
}

function* entryProblems(manifest: Manifest, files: ReadonlyMap<string, string>): Generator<string> {
  const targets = Object.values(manifest.exports ?? {}).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target as Record<string, string>),
  );
  for (const target of [...targets, ...Object.values(manifest.bin ?? {})]) {
    if (!files.has(target.slice(2))) yield `an entry names ${target}, which is not in the package`;
  }
  for (const target of Object.values(manifest.bin ?? {})) {
    if (!files.get(target.slice(2))?.startsWith('#!/usr/bin/env node\n')) yield `${target} does not begin with #!`;
  }
  if (targets.length === 0) yield 'exports nothing';
}

function* rangeProblems(manifest: Manifest): Generator<string> {
  const { dependencies, peerDependencies, optionalDependencies } = manifest;
  for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies })) {
    if (/^(workspace|file|link|catalog):/.test(range)) yield `depends on ${name} as ${range}`;
  }
}

function* fileProblems(files: ReadonlyMap<string, string>): Generator<string> {
  for (const required of ['README.md', 'LICENSE', 'package.json']) {
    if (!files.has(required)) yield `${required} is missing`;
  }
  for (const [path, text] of files) {
    const isTemplate = path.startsWith('templates/');
    if (!isTemplate && notShipped.test(path)) yield `${path} does not belong in a package`;
    const place = machinePath.exec(text);
    if (place !== null) yield `${path} has a path of one machine: ${place[0]}`;
    if (isTemplate || !path.endsWith('.js')) continue;
    if (!files.has(path.replace(/\.js$/, '.d.ts'))) yield `${path} has no declarations`;
    if (/^(module\.)?exports\b/m.test(text)) yield `${path} is not an ES module`;
  }
}
