import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from '../rows/bench-row.ts';
import { type PassAnswer, rowOfAnswer } from './pass-answer.ts';
import type { PassRequest } from './pass-request.ts';
import { variantName } from './variant.ts';

const passProcess = fileURLToPath(new URL('./pass-process.ts', import.meta.url));

/** One pass in a process of its own, which an abort ends. Rejects with the child's error, or when it ends without an answer. */
export function runPass(request: PassRequest, signal: AbortSignal): Promise<BenchRow> {
  const what = `${request.target} ${variantName(request.variant)} on ${request.uri}`;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const child = fork(passProcess, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    let answer: PassAnswer | undefined;
    const stop = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', stop, { once: true });
    child.once('message', (message) => {
      answer = message as PassAnswer;
    });
    child.once('error', reject);
    child.once('exit', (code, killedBy) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) return reject(signal.reason);
      if (answer === undefined) {
        return reject(new Error(`${what}: its process ended without an answer (${killedBy ?? `exit code ${code}`})`));
      }
      try {
        resolve(rowOfAnswer(answer, what));
      } catch (error) {
        reject(error);
      }
    });
    child.send(request);
  });
}
