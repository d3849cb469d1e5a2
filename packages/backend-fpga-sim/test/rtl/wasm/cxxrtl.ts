/** The simulator that runs anywhere: Yosys writes C++ (CXXRTL), clang makes a module of WebAssembly of it; both tools come from npm. */
import { readFile, writeFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { cachedFile } from '../build-cache.ts';
import { type RtlDesign, RtlError } from '../rtl-design.ts';
import type { RtlSimulation, RtlSimulator } from '../rtl-simulator.ts';
import type { ThreadAnswer, ThreadCall } from './simulation-thread.ts';
import { cxxrtlScript, simulatorFlags } from './tool-jobs.ts';
import { runTool } from './tool-process.ts';
import { clangVersion, yosysVersion } from './tool-versions.ts';
import { engine, type SimulatorModule } from './web-assembly.ts';

const harnessFile = new URL('./harness.cc', import.meta.url);

export const cxxrtl: RtlSimulator = {
  name: 'cxxrtl',
  unavailable: undefined,
  async open({ source, top }: RtlDesign): Promise<RtlSimulation> {
    const harness = await readFile(harnessFile, 'utf8');
    const path = await cachedFile({
      name: `${top}.wasm`,
      madeFrom: [yosysVersion, clangVersion, cxxrtlScript, ...simulatorFlags, harness, top, source],
      make: async (file) => writeFile(file, await runTool({ kind: 'simulator', source, top, harness })),
    });
    return new ThreadSimulation(await engine.compile(await readFile(path)));
  },
};

class ThreadSimulation implements RtlSimulation {
  readonly #thread: Worker;
  readonly #waiting: { resolve(answer: ThreadAnswer): void; reject(error: Error): void }[] = [];
  #cycles = 0;
  #failure: Error | undefined;

  constructor(module: SimulatorModule) {
    this.#thread = new Worker(new URL('./simulation-thread.ts', import.meta.url), { workerData: module, execArgv: [] });
    this.#thread.on('message', (answer: ThreadAnswer) => this.#waiting.shift()?.resolve(answer));
    this.#thread.on('error', (error) => this.#fail(error));
    this.#thread.on('exit', () => this.#fail(new RtlError('cxxrtl', 'the simulation has ended')));
    this.#thread.unref();
  }

  get cycles(): number {
    return this.#cycles;
  }

  async write(address: number, words: Uint32Array): Promise<void> {
    await this.#call({ kind: 'write', address, words });
  }

  async read(address: number, count: number): Promise<Uint32Array> {
    const { words } = await this.#call({ kind: 'read', address, count });
    return words ?? new Uint32Array();
  }

  async run(cyclesMax: number): Promise<boolean> {
    const { interrupted } = await this.#call({ kind: 'run', cyclesMax });
    return interrupted === true;
  }

  end(): void {
    void this.#thread.terminate();
  }

  async #call(call: ThreadCall): Promise<Exclude<ThreadAnswer, { violation: string }>> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#waiting.length === 0) this.#thread.ref();
    const answer = await new Promise<ThreadAnswer>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#thread.postMessage(call);
    }).finally(() => {
      if (this.#waiting.length === 0) this.#thread.unref();
    });
    if ('violation' in answer) throw new RtlError('cxxrtl', answer.violation);
    this.#cycles = answer.cycles;
    return answer;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
