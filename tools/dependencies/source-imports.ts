/**
 * What a source file imports, read from its syntax tree: static and dynamic imports, re-exports, and type imports.
 * A dynamic import whose argument is not a string literal names no file and is not reported.
 */
import { parseSync, Visitor } from 'oxc-parser';

export interface ImportSite {
  readonly specifier: string;
  readonly line: number;
  /** The imported names; `*` for a whole namespace, empty for a bare `import 'x'`. */
  readonly names: readonly string[];
  /** Types only: nothing of it is left at run time. */
  readonly typeOnly: boolean;
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Throws when the file does not parse: an unreadable file must not pass for a clean one. */
export function sourceImports(path: string, text: string): ImportSite[] {
  const { module, program, errors } = parseSync(path, text);
  const failure = errors.find((e) => e.severity === 'Error');
  if (failure !== undefined) throw new Error(`${path}: ${failure.message}`);
  const sites: ImportSite[] = module.staticImports.map(({ start, moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    line: lineAt(text, start),
    names: entries.map(({ importName }) => importedName(importName.kind, importName.name)),
    typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  for (const { entries } of module.staticExports) {
    for (const { start, moduleRequest, importName, isType } of entries) {
      if (moduleRequest === null) continue;
      const names = [importedName(importName.kind, importName.name)];
      sites.push({ specifier: moduleRequest.value, line: lineAt(text, start), names, typeOnly: isType });
    }
  }
  type Source = { readonly type: string; readonly value?: unknown; readonly start: number };
  const expression = (source: Source, names: readonly string[], typeOnly: boolean): void => {
    if (source.type !== 'Literal' || typeof source.value !== 'string') return;
    sites.push({ specifier: source.value, line: lineAt(text, source.start), names, typeOnly });
  };
  new Visitor({
    ImportExpression: ({ source }) => expression(source, ['*'], false),
    TSImportType: ({ source, qualifier }) =>
      expression(source, [qualifier?.type === 'Identifier' ? qualifier.name : '*'], true),
  }).visit(program);
  return sites;
}

function importedName(kind: string, name: string | null | undefined): string {
  if (kind === 'Name' && typeof name === 'string') return name;
  return kind === 'Default' ? 'default' : '*';
}

/** The names that a file exports itself (not those that it re-exports). */
export function exportedNames(path: string, text: string): string[] {
  return parseSync(path, text).module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, exportName }) =>
      moduleRequest === null && typeof exportName.name === 'string' ? [exportName.name] : [],
    ),
  );
}
