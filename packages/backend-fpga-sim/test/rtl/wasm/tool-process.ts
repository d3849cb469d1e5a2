/** Jobs for Yosys and clang in processes of their own: the caller's event loop stays free, and two designs compile at once. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { RtlError } from '../rtl-design.ts';
import type { ToolAnswer, ToolJob, ToolResults } from './tool-jobs.ts';

/** One a core of the smallest machine that the tests are for. A process is started when all others are busy, and kept: the tools are twice as fast warm. */
const processesMax = 2;

interface Pending {
  resolve(result: ToolResults[keyof ToolResults]): void;
  reject(error: RtlError): void;
}

class ToolProcess {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #jobs = 0;
  ended = false;

  constructor() {
    // No flags of the test runner: the process runs TypeScript by itself.
    this.#child = fork(fileURLToPath(new URL('./tool-main.ts', import.meta.url)), {
      execArgv: [],
      serialization: 'advanced',
    });
    this.#child.on('message', (answer: ToolAnswer) => this.#take(answer));
    this.#child.on('exit', (code, signal) => {
      this.ended = true;
      for (const { reject } of this.#pending.values()) reject(new RtlError('tool process', `ended: ${signal ?? code}`));
      this.#pending.clear();
    });
    this.#rest();
  }

  get busy(): number {
    return this.#pending.size;
  }

  run<K extends ToolJob['kind']>(job: Extract<ToolJob, { kind: K }>): Promise<ToolResults[K]> {
    const id = this.#jobs++;
    this.#child.ref();
    this.#child.channel?.ref();
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: (result) => resolve(result as ToolResults[K]), reject });
      this.#child.send({ id, job });
    });
  }

  #take(answer: ToolAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ('result' in answer) pending?.resolve(answer.result);
    else pending?.reject(new RtlError(answer.tool, answer.refusal));
    if (this.busy === 0) this.#rest();
  }

  /** Keeps no process alive while there is nothing to do; the child ends when its parent has. */
  #rest(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }
}

let processes: ToolProcess[] = [];

/** Runs a job in the process that has the least to do. Rejects with RtlError where a tool refuses. */
export function runTool<K extends ToolJob['kind']>(job: Extract<ToolJob, { kind: K }>): Promise<ToolResults[K]> {
  processes = processes.filter(({ ended }) => !ended);
  let chosen = processes.toSorted((a, b) => a.busy - b.busy)[0];
  if (chosen === undefined || (chosen.busy > 0 && processes.length < processesMax)) {
    chosen = new ToolProcess();
    processes.push(chosen);
  }
  return chosen.run(job);
}
