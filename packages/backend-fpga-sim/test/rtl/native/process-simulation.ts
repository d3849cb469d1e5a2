/** A simulation in a process that obeys lines on its standard input (testbench.cc says which). */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { RtlError } from '../rtl-design.ts';
import type { RtlSimulation } from '../rtl-simulator.ts';

interface Answer {
  readonly words: readonly string[];
  readonly interrupted: boolean;
}

export class ProcessSimulation implements RtlSimulation {
  readonly #tool: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: { resolve(line: string): void; reject(error: RtlError): void }[] = [];
  #said = '';
  #failure: RtlError | undefined;
  #cycles = 0;

  constructor(tool: string, command: string, args: readonly string[]) {
    this.#tool = tool;
    this.#child = spawn(command, args);
    createInterface(this.#child.stdout).on('line', (line) => this.#waiting.shift()?.resolve(line));
    this.#child.stderr.on('data', (text) => {
      this.#said += text;
    });
    this.#child.stdin.on('error', () => this.#fail('its input is closed'));
    this.#child.on('error', (error) => this.#fail(error.message));
    this.#child.on('close', (code, signal) => this.#fail(`the simulation has ended (${signal ?? code})`));
  }

  get cycles(): number {
    return this.#cycles;
  }

  async write(address: number, words: Uint32Array): Promise<void> {
    await this.#call(`w ${hex(address)} ${hex(words.length)}`, words);
  }

  async read(address: number, count: number): Promise<Uint32Array> {
    const { words } = await this.#call(`r ${hex(address)} ${hex(count)}`);
    const unknown = words.findIndex((word) => !/^[0-9a-f]+$/i.test(word));
    if (unknown !== -1) {
      throw new RtlError(this.#tool, `the word at 0x${hex(address + unknown)} is not known: ${words[unknown]}`);
    }
    return Uint32Array.from(words, (word) => Number.parseInt(word, 16));
  }

  async run(cyclesMax: number): Promise<boolean> {
    const { interrupted } = await this.#call(`g ${hex(cyclesMax)} 0`);
    return interrupted;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  async #call(command: string, words: Uint32Array = new Uint32Array()): Promise<Answer> {
    if (this.#failure !== undefined) throw this.#failure;
    const line = await new Promise<string>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${command}\n${Array.from(words, hex).join('\n')}\n`);
    });
    const parts = line.trim().split(' ');
    this.#cycles = Number.parseInt(parts.at(-2) ?? '', 16);
    return { words: parts.slice(0, -2), interrupted: parts.at(-1) === '1' };
  }

  #fail(why: string): void {
    this.#failure ??= new RtlError(this.#tool, `${why}${this.#said === '' ? '' : `\n${this.#said.trim()}`}`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

const hex = (word: number): string => word.toString(16);
