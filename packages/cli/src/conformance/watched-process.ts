/** One process in which the suite runs: its start, what it says, what is said to it, its end. */
import { type ChildProcess, fork } from 'node:child_process';
import type { FooterRecord, ReportRecord } from '@isinglass/conformance';
import type { ErrorReport } from '../output/error-report.ts';
import { isSuiteMessage, type SuiteJob, type ToSuite } from './suite-messages.ts';

/** How a process of the run ended. */
export type Ending =
  | { readonly kind: 'finished'; readonly footer: FooterRecord }
  | { readonly kind: 'failed'; readonly error: ErrorReport }
  | { readonly kind: 'not-started'; readonly how: string }
  | { readonly kind: 'ended'; readonly how: string; readonly signal: NodeJS.Signals | null };

/** Longer than a process takes to start on a busy machine. */
const startMs = 60_000;

/** Longer than the process takes to end once it has said its last. */
const lingerMs = 3000;

export interface ProcessOptions {
  readonly job: SuiteJob;
  /** Tells the process to stop. */
  readonly signal: AbortSignal;
  readonly onCase: (o: { readonly case: string; readonly done: number; readonly total: number }) => void;
  /** With every record of the process; when it returns, the record is in the report. */
  readonly keep: (record: ReportRecord) => void;
  /** Called when this process is about to end itself: notes that the case that runs is given up. */
  readonly giveUp: () => void;
  /** A process that says nothing for so long is killed. */
  readonly silenceMs: number;
  /** One that is told to stop and does not is killed after so long. */
  readonly patienceMs: number;
}

/** One process, from its start to its end. Throws what `keep` throws, and what keeps a process from being made. */
export async function runProcess(o: ProcessOptions): Promise<Ending> {
  const child = fork(suiteProcess(), {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // A flag about text on the command line, with which no file can be started.
    ...(process.execArgv.some((flag) => flag.startsWith('--input-type')) ? { execArgv: [] } : {}),
  });
  const tell = (message: ToSuite): void => {
    if (child.connected) child.send(message, () => {});
  };
  const kill = (): void => void child.kill('SIGKILL');
  const { promise: broken, reject: breakOff } = Promise.withResolvers<never>();
  let ending: Ending | null = null;
  let started = false;
  let silent = false;
  let timer: NodeJS.Timeout | undefined;
  const killIn = (milliseconds: number, why: () => void = () => {}): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      why();
      kill();
    }, milliseconds);
  };
  const listen = (): void => {
    if (ending !== null) killIn(lingerMs);
    else if (o.signal.aborted) killIn(o.patienceMs);
    else if (!started) killIn(startMs);
    else {
      killIn(o.silenceMs, () => {
        silent = true;
      });
    }
  };
  child.on('message', (message) => {
    if (!isSuiteMessage(message)) return;
    try {
      switch (message.isinglass) {
        case 'ready':
          started = true;
          tell({ isinglass: 'job', job: o.job });
          break;
        case 'case':
          o.onCase(message);
          break;
        case 'record':
          o.keep(message.record);
          if (message.record.record === 'footer') ending = { kind: 'finished', footer: message.record };
          tell({ isinglass: 'kept' });
          break;
        case 'failed':
          ending = { kind: 'failed', error: message.error };
          break;
        default:
      }
    } catch (error) {
      breakOff(error);
      kill();
    }
    listen();
  });
  listen();
  const signals = passSignals(child, { ...o, kill });
  const onAbort = (): void => {
    tell({ isinglass: 'stop' });
    signals.onceMore();
    listen();
  };
  o.signal.addEventListener('abort', onAbort, { once: true });
  try {
    const { code, signal } = await Promise.race([ended(child), broken]);
    if (ending !== null) return ending;
    const how = silent
      ? `did not answer for ${o.silenceMs / 1000} s`
      : signal === null
        ? `ended with exit code ${code}`
        : `was killed by ${signal}`;
    return started ? { kind: 'ended', how, signal } : { kind: 'not-started', how };
  } finally {
    clearTimeout(timer);
    o.signal.removeEventListener('abort', onAbort);
    signals.stop();
  }
}

/** Its exit, once all that it said has been heard. */
async function ended(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
  const { promise: exit, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof ended>>>();
  const { promise: heard, resolve: disconnected } = Promise.withResolvers<void>();
  child.on('error', reject);
  child.once('disconnect', disconnected);
  child.once('exit', (code, signal) => {
    resolve({ code, signal });
    // What it has left running may hold its end of the channel open.
    setTimeout(disconnected, lingerMs).unref();
  });
  const result = await exit;
  await heard;
  return result;
}

/** The process does not outlive this one, and what ends this one leaves nothing held against the case that runs. */
function passSignals(
  child: ChildProcess,
  { kill, giveUp }: { readonly kill: () => void; readonly giveUp: () => void },
) {
  const end = (name: NodeJS.Signals): void => {
    if (name === 'SIGINT') kill();
    else child.kill(name);
    giveUp();
    process.kill(process.pid, name);
  };
  process.once('SIGTERM', end);
  process.once('SIGHUP', end);
  process.once('exit', kill);
  return {
    /** The first interrupt stops the run, the second ends everything. */
    onceMore: (): void => void process.once('SIGINT', end),
    stop(): void {
      for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.off(name, end);
      process.off('exit', kill);
    },
  };
}

/** Sources are TypeScript in development and JavaScript when published: the extension of this file tells. */
function suiteProcess(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./suite-process.${extension}`, import.meta.url);
}
