/**
 * `pnpm api:report`: writes docs/api/*.api.md, the public API of every published entry as text, from the emitted
 * declarations. A change of the API is then a diff that a reviewer sees; test/api-report.test.ts compares.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { publishedPath } from './dependencies/package-manifests.ts';
import { readWorkspace, repositoryRoot, type WorkspacePackage } from './workspace/read-workspace.ts';

/** Where the committed reports are, relative to the root. */
export const reportFolder = 'docs/api';

/** What a reader of a failed comparison types. */
export const updateCommand = 'npx --yes pnpm@12.21.0 api:report';

export interface ApiReport {
  /** `sdk.api.md` for the main entry, `sdk-reference.api.md` for a sub-path. */
  readonly fileName: string;
  readonly text: string;
  /** Types that public signatures of this entry name and that no entry of the package exports. */
  readonly unexported: readonly string[];
}

interface Entry {
  readonly fileName: string;
  readonly folder: string;
  readonly packageName: string;
  readonly declarations: string;
}

/** Emits the declarations of every package that is published. */
export function buildDeclarations(): void {
  const tsc = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-b', 'tsconfig.build.json'], { cwd: repositoryRoot, stdio: 'inherit' });
}

/** The packages that are published: those that are not private. */
export const publishedPackages = (): WorkspacePackage[] =>
  readWorkspace().packages.filter(({ folder, manifest }) => folder.startsWith('packages/') && !manifest.private);

/** The report of every TypeScript entry of every published package, from the declarations in `dist`. */
export function apiReports(packages: readonly WorkspacePackage[] = publishedPackages()): ApiReport[] {
  const entries = packages.flatMap(entriesOf);
  const scratch = mkdtempSync(join(tmpdir(), 'isinglass-api-'));
  try {
    const extracted = entries.map((entry) => ({ entry, ...extract(entry, scratch) }));
    return extracted.map(({ entry, text, unexported }) => {
      const siblings = extracted.filter((other) => other.entry.packageName === entry.packageName);
      const exported = (name: string): boolean => siblings.some((other) => exports(other.text, name));
      return { fileName: entry.fileName, text, unexported: unexported.filter((name) => !exported(name)) };
    });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** The committed reports: file name → text. */
export function committedReports(): Map<string, string> {
  const folder = join(repositoryRoot, reportFolder);
  const names = readdirSync(folder).filter((name) => name.endsWith('.api.md'));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

function entriesOf({ folder, manifest }: WorkspacePackage): Entry[] {
  return Object.entries(manifest.exports ?? {}).flatMap(([subPath, source]) => {
    if (typeof source !== 'string' || !source.endsWith('.ts')) return [];
    const name = `${folder.slice('packages/'.length)}${subPath.slice(1).replaceAll('/', '-')}`;
    const declarations = join(repositoryRoot, folder, publishedPath(source).replace(/\.js$/, '.d.ts'));
    return [{ fileName: `${name}.api.md`, folder, packageName: manifest.name, declarations }];
  });
}

const exports = (report: string, name: string): boolean =>
  new RegExp(`^export .*\\b${name.replaceAll('$', '\\$')}\\b`, 'm').test(report);

function extract(entry: Entry, scratch: string): { text: string; unexported: string[] } {
  const none = { logLevel: ExtractorLogLevel.None, addToApiReportFile: false };
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(repositoryRoot, entry.folder, 'package.json'),
    configObject: {
      projectFolder: join(repositoryRoot, entry.folder),
      mainEntryPointFilePath: entry.declarations,
      newlineKind: 'lf',
      apiReport: {
        enabled: true,
        reportFileName: entry.fileName,
        reportFolder: scratch,
        reportTempFolder: join(scratch, 'new'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: 'nodenext',
            target: 'es2023',
            lib: ['es2024', 'esnext.iterator', 'esnext.disposable'],
            types: ['node'],
            skipLibCheck: true,
          },
          files: [entry.declarations],
        },
      },
      messages: {
        compilerMessageReporting: { default: none },
        extractorMessageReporting: { default: none },
        tsdocMessageReporting: { default: none },
      },
    },
  });
  mkdirSync(join(scratch, 'new'), { recursive: true });
  const unexported: string[] = [];
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      if (message.messageId === 'ae-forgotten-export') {
        const name = /The symbol "([^"]+)"/.exec(message.text)?.[1];
        if (name !== undefined) unexported.push(name);
      }
      message.handled = message.category !== 'Compiler' || message.logLevel !== ExtractorLogLevel.Error;
    },
  });
  return { text: readFileSync(join(scratch, 'new', entry.fileName), 'utf8'), unexported };
}

if (import.meta.main) {
  buildDeclarations();
  const folder = join(repositoryRoot, reportFolder);
  mkdirSync(folder, { recursive: true });
  const reports = apiReports();
  for (const stale of committedReports().keys()) rmSync(join(folder, stale));
  for (const { fileName, text, unexported } of reports) {
    writeFileSync(join(folder, fileName), text);
    console.log(`${reportFolder}/${fileName}: ${text.split('\n').length} lines`);
    for (const name of unexported) console.log(`  ${name} is named by a public signature and exported nowhere`);
  }
}
