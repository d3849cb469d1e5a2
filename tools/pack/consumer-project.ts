/**
 * An empty project that uses the packed packages as a user would: installed by npm under the oldest supported Node,
 * outside this repository.
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../workspace/read-workspace.ts';
import { readmeExample, readmeExampleOutput } from '../workspace/readme-example.ts';
import { command } from './command.ts';
import type { Tarball } from './tarballs.ts';

/** The oldest Node that `engines` allows. */
export const floorVersion = '22.12.0';

/** Entries of a package that a browser bundle may import: those that need no type of Node. */
const nodeEntry = /\/(node|testing|host-onnx-node)$|^@isinglass\/cli$/;

export class ConsumerProject {
  readonly #folder: string;
  readonly #tarballs: readonly Tarball[];
  #path: string[] = [];

  constructor(folder: string, tarballs: readonly Tarball[]) {
    this.#folder = folder;
    this.#tarballs = tarballs;
    mkdirSync(folder, { recursive: true });
    this.#write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  }

  /** Installs the oldest supported Node beside the project; every later command runs on it. */
  installNode(): string {
    const folder = join(this.#folder, '..', 'node');
    mkdirSync(folder, { recursive: true });
    command(
      'npm',
      ['install', '--prefix', folder, '--no-audit', '--no-fund', `node-linux-${process.arch}@${floorVersion}`],
      {
        cwd: folder,
      },
    );
    this.#path = [join(folder, 'node_modules', `node-linux-${process.arch}`, 'bin')];
    return this.#run('node', ['--version']).trim();
  }

  /** Installs the tarballs with npm, install scripts off (onnxruntime-node's downloads GPU files). */
  installPackages(): string {
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '@types/node@22.12.0'];
    this.#run('npm', [...args, ...this.#tarballs.map(({ path }) => path)]);
    return this.#tarballs.map(({ manifest }) => `${manifest.name} ${manifest.version}`).join(', ');
  }

  /** Runs the README's example, beside the model that it names. */
  runExample(): string {
    cpSync(join(repositoryRoot, 'models'), join(this.#folder, 'models'), { recursive: true });
    this.#write('example.mjs', readmeExample());
    const printed = this.#run('node', ['example.mjs']);
    const expected = readmeExampleOutput();
    if (printed !== expected) throw new Error(`prints\n${printed}\nand the README says\n${expected}`);
    return `prints what the README says: ${printed.trim().split('\n').at(-1)}`;
  }

  /** The example again, counting the threads that it starts: `cpu` computes in threads that load the packed files of the kernels. */
  countThreads(): string {
    this.#write(
      'threads.mjs',
      [
        'let threads = 0;',
        "process.on('worker', () => void threads++);",
        "await import('./example.mjs');",
        'console.log(threads);',
      ].join('\n'),
    );
    const threads = this.#run('node', ['threads.mjs']).trim().split('\n').at(-1);
    if (threads === '0') throw new Error('the example ran without a thread');
    return `${threads} started by the example`;
  }

  runCommandLine(): string {
    const { devices } = JSON.parse(this.#run('node_modules/.bin/isinglass', ['devices', '--json'])) as {
      devices: readonly { uri: string; available: boolean }[];
    };
    const available = devices.filter((device) => device.available).map(({ uri }) => uri);
    if (!available.includes('cpu')) throw new Error(`isinglass devices does not list cpu: ${JSON.stringify(devices)}`);
    return `isinglass devices lists ${available.join(', ')}`;
  }

  /** Imports every public entry at run time: a missing file or a wrong specifier shows here. */
  importEntries(): string {
    const entries = this.#entries();
    const optional = (specifier: string): boolean => specifier.endsWith('host-onnx-web');
    const statements = entries
      .filter((specifier) => !optional(specifier))
      .map((specifier) => `await import(${JSON.stringify(specifier)});`);
    this.#write('entries.mjs', statements.join('\n'));
    this.#run('node', ['entries.mjs']);
    return `${statements.length} entries`;
  }

  /** Strict types without skipLibCheck, over every entry and the example; then the browser's entries without Node's types. */
  checkTypes(): string {
    const entries = this.#entries();
    const browser = entries.filter((specifier) => !nodeEntry.test(specifier));
    const imports = (specifiers: readonly string[]): string =>
      specifiers.map((specifier, i) => `export * as entry${i} from ${JSON.stringify(specifier)};`).join('\n');
    this.#write('all-entries.ts', imports(entries));
    this.#write('browser-entries.ts', imports(browser));
    this.#write('example.ts', readmeExample());
    const strict = { strict: true, noEmit: true, skipLibCheck: false, module: 'nodenext', target: 'es2023' };
    const check = (name: string, files: readonly string[], options: object): void => {
      this.#write(name, JSON.stringify({ compilerOptions: { ...strict, ...options }, files }));
      const tsc = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
      command(process.execPath, [tsc, '-p', name], { cwd: this.#folder });
    };
    check('tsconfig.json', ['all-entries.ts', 'example.ts'], { types: ['node'], lib: ['es2024'] });
    check('tsconfig.browser.json', ['browser-entries.ts'], {
      types: [],
      lib: ['es2024', 'dom', 'dom.iterable'],
      module: 'esnext',
      moduleResolution: 'bundler',
    });
    return `${entries.length} entries strict, ${browser.length} of them as a browser sees them`;
  }

  /** Every public entry that has types. */
  #entries(): string[] {
    return this.#tarballs.flatMap(({ manifest }) =>
      Object.entries(manifest.exports ?? {})
        .filter(([, target]) => typeof target === 'object')
        .map(([subPath]) => `${manifest.name}${subPath.slice(1)}`),
    );
  }

  #run(program: string, args: readonly string[]): string {
    return command(program, args, { cwd: this.#folder, path: this.#path });
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.#folder, name), text);
  }
}
