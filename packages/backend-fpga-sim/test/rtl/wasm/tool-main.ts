/** A process that runs Yosys and clang, both WebAssembly, for the process that forked it: one job at a time, and it stays warm in between. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Exit as ClangExit, commands, type Tree } from '@yowasp/clang';
import { runYosys, Exit as YosysExit } from '@yowasp/yosys';
import { cxxrtlScript, simulatorFlags, type ToolAnswer, type ToolJob, type ToolResults } from './tool-jobs.ts';

class Refusal extends Error {
  readonly tool: string;
  constructor(tool: string, said: string) {
    super(said);
    this.tool = tool;
  }
}

/** What a tool writes, decoded. */
class Said {
  #decoder = new TextDecoder();
  text = '';
  readonly add = (bytes: Uint8Array | null): void => {
    this.text += this.#decoder.decode(bytes ?? new Uint8Array(), { stream: bytes !== null });
  };
}

async function yosys(script: string, source: string): Promise<Tree> {
  const said = new Said();
  try {
    const args = ['-q', '-p', `read_verilog -sv design.sv; ${script}`];
    const tree = await runYosys(args, { 'design.sv': source }, { stdout: said.add, stderr: said.add });
    return tree ?? {};
  } catch (error) {
    if (error instanceof YosysExit) throw new Refusal('yosys', said.text);
    throw error;
  }
}

async function clang(args: readonly string[], files: Tree): Promise<Tree> {
  const said = new Said();
  try {
    const compile = commands['clang++'];
    // Loading is asked for by itself: only here does it accept to be silent.
    await compile(undefined, undefined, { fetchProgress: () => {} });
    const tree = await compile([...args], files, { stdout: said.add, stderr: said.add });
    return tree ?? {};
  } catch (error) {
    if (error instanceof ClangExit) throw new Refusal('clang', said.text);
    throw error;
  }
}

/** CXXRTL's headers are among the resources that Yosys brings along for its own `exec`; its entry does not export them. */
async function cxxrtlHeaders(): Promise<Tree> {
  const entry = createRequire(import.meta.url).resolve('@yowasp/yosys');
  const resources: { filesystem: Tree } = await import(pathToFileURL(join(dirname(entry), 'resources-yosys.js')).href);
  let tree: Tree[string] | undefined = resources.filesystem;
  for (const folder of ['share', 'include', 'backends', 'cxxrtl', 'runtime']) {
    if (typeof tree === 'object' && !(tree instanceof Uint8Array)) tree = tree[folder];
  }
  if (typeof tree !== 'object' || tree instanceof Uint8Array) throw new Error('no headers of CXXRTL beside Yosys');
  return tree;
}

async function simulator(job: Extract<ToolJob, { kind: 'simulator' }>): Promise<Uint8Array> {
  const { 'design.cc': design } = await yosys(`hierarchy -check -top ${job.top}; ${cxxrtlScript}`, job.source);
  if (design === undefined) throw new Refusal('yosys', 'wrote no C++');
  const files = { 'design.cc': design, 'harness.cc': job.harness, include: await cxxrtlHeaders() };
  const { 'harness.o': object } = await clang(
    [...simulatorFlags, '-Iinclude', '-c', 'harness.cc', '-o', 'harness.o'],
    files,
  );
  if (object === undefined) throw new Refusal('clang', 'wrote no object file');
  const link = ['--target=wasm32-wasip1', '-mexec-model=reactor', '-Wl,--strip-all', 'harness.o', '-o', 'design.wasm'];
  const { 'design.wasm': module } = await clang(link, { 'harness.o': object });
  if (!(module instanceof Uint8Array)) throw new Refusal('clang', 'linked no module');
  return module;
}

async function cells(job: Extract<ToolJob, { kind: 'cells' }>): Promise<ToolResults['cells']> {
  const files = await yosys(`${job.synthesis} -top ${job.top}; tee -q -o cells.json stat -json`, job.source);
  const text = files['cells.json'];
  if (text === undefined) throw new Refusal('yosys', 'wrote no statistics');
  const stat = JSON.parse(typeof text === 'string' ? text : new TextDecoder().decode(text as Uint8Array));
  return stat.design.num_cells_by_type;
}

async function answer(id: number, job: ToolJob): Promise<ToolAnswer> {
  try {
    return { id, result: await (job.kind === 'simulator' ? simulator(job) : cells(job)) };
  } catch (error) {
    if (error instanceof Refusal) return { id, tool: error.tool, refusal: error.message.trim() };
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { id, tool: 'tool process', refusal: what };
  }
}

let last: Promise<unknown> = Promise.resolve();
process.on('message', ({ id, job }: { id: number; job: ToolJob }) => {
  last = last.then(async () => process.send?.(await answer(id, job)));
});
process.on('disconnect', () => process.exit());
