/**
 * A driver's process: messages in and out, the last lines of its standard error, and its end. Everything that goes wrong with a process is told
 * once, by `onEnd`: it could not be started, ended, closed a pipe, or wrote something else than messages. It never outlives `stop`.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { type Frame, FrameReader, frameChunks } from './frames.ts';
import { StderrTail } from './stderr-tail.ts';

/** `absent`: there is no such program, or it may not be run. */
export type ProcessEnd = 'absent' | 'broken';

export interface ChildOptions {
  readonly onFrame: (frame: Frame) => void;
  /** Bytes came in or went out: a sign of life. */
  readonly onActivity: () => void;
  /** Once, with what happened; not after `stop`. */
  readonly onEnd: (what: string, end: ProcessEnd) => void;
}

/** A process that ended and whose pipes a grandchild holds open is not waited for any longer than this. */
const pipesAfterExitMs = 500;

/** Processes that run; whatever ends this process ends them. */
const running = new Set<ChildDriverProcess>();
const killAll = (): void => {
  for (const child of running) child.kill('SIGKILL');
};

export class ChildDriverProcess {
  /** Settles when the process is gone. */
  readonly gone: Promise<void>;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #options: ChildOptions;
  readonly #reader = new FrameReader();
  readonly #stderr = new StderrTail();
  #writing: Promise<void> = Promise.resolve();
  #ended = false;
  #isGone = false;

  constructor([program, ...args]: readonly [string, ...string[]], options: ChildOptions) {
    this.#options = options;
    // A process group of its own: what it started ends with it.
    const grouped = process.platform !== 'win32';
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: grouped, windowsHide: true });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gone = promise;
    if (running.size === 0) process.on('exit', killAll);
    running.add(this);
    this.#listen(() => {
      this.#isGone = true;
      running.delete(this);
      if (running.size === 0) process.off('exit', killAll);
      resolve();
    });
  }

  /** The last lines of its standard error, one string; empty if there are none. */
  get lastWords(): string {
    return this.#stderr.text;
  }

  /**
   * Writes a message after those before it. Settles when the pipe has room again, which is the back-pressure of a process that reads slowly;
   * never rejects: a pipe that breaks is told by `onEnd`.
   */
  send(message: { readonly type: string }, parts: readonly Uint8Array[] = []): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write(frameChunks(message, parts)));
    return this.#writing;
  }

  /** Ends the process: it has `graceMs` to end by itself once its standard input ends, as long again after SIGTERM, then it is killed. */
  async stop(graceMs: number): Promise<void> {
    this.#ended = true;
    void this.#writing.then(() => this.#process.stdin.end());
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (await settlesWithin(this.gone, graceMs)) return;
      this.kill(signal);
    }
    await this.gone;
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.#process;
    if (pid === undefined || this.#isGone) return;
    try {
      if (process.platform === 'win32') this.#process.kill(signal);
      else process.kill(-pid, signal);
    } catch (error) {
      // The group is gone already, or nobody is left in it but the dead.
      if (!['ESRCH', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
    }
  }

  #listen(gone: () => void): void {
    const { stdin, stdout, stderr } = this.#process;
    let status = 'it ended';
    this.#process.on('error', (error) => {
      if (this.#process.pid !== undefined) return this.#end(error.message);
      const { code } = error as NodeJS.ErrnoException;
      this.#end(`it cannot be started: ${error.message}`, code === 'ENOENT' || code === 'EACCES' ? 'absent' : 'broken');
      gone();
    });
    this.#process.on('exit', (code, signal) => {
      status = signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`;
      // What it wrote before its end is still read; what it left behind in its group is not wanted.
      setTimeout(() => this.#destroyPipes(), pipesAfterExitMs).unref();
      this.kill('SIGKILL');
    });
    this.#process.on('close', () => {
      this.#end(this.#reader.inMessage ? `${status} in the middle of a message` : status);
      gone();
    });
    stdin.on('error', (error) => this.#endUnlessExits(() => `it closed its standard input: ${error.message}`));
    stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    stdout.on('end', () => {
      const middle = this.#reader.inMessage ? ' in the middle of a message' : '';
      this.#endUnlessExits(() => `it closed its standard output${middle}`);
    });
    stderr.on('data', (chunk: Buffer) => this.#stderr.push(chunk));
    for (const stream of [stdout, stderr]) stream.on('error', (error) => this.#end(`a pipe broke: ${error.message}`));
  }

  #read(chunk: Buffer): void {
    if (this.#ended) return;
    this.#options.onActivity();
    try {
      for (const frame of this.#reader.push(chunk)) this.#options.onFrame(frame);
    } catch (error) {
      this.#end(`it wrote ${(error as Error).message}`);
    }
  }

  async #write(chunks: readonly Uint8Array[]): Promise<void> {
    const { stdin } = this.#process;
    stdin.cork();
    let roomy = true;
    for (const chunk of chunks) {
      if (!stdin.writable) break;
      roomy = stdin.write(chunk);
    }
    stdin.uncork();
    if (!roomy && stdin.writable) await drained(stdin);
    this.#options.onActivity();
  }

  /** Pipes close before the exit of a process is known, and how it ended says more. */
  #endUnlessExits(what: () => string): void {
    setTimeout(() => this.#end(what()), 100).unref();
  }

  #end(what: string, end: ProcessEnd = 'broken'): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.onEnd(what, end);
  }

  #destroyPipes(): void {
    const { stdin, stdout, stderr } = this.#process;
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
  }
}

/** When the stream takes more, or never will. */
function drained(stream: Writable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => {
    for (const event of ['drain', 'close', 'error'] as const) stream.off(event, done);
    resolve();
  };
  for (const event of ['drain', 'close', 'error'] as const) stream.on(event, done);
  return promise;
}

async function settlesWithin(promise: Promise<void>, milliseconds: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
