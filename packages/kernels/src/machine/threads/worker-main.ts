/** What a thread of the pool runs: imports the handler module and answers messages, one at a time, in order. */
import { parentPort, workerData } from 'node:worker_threads';
import { type HandlerModule, isWork } from './workers.ts';

/** What the thread is started with. */
export interface WorkerStart {
  readonly handlerUrl: string;
  readonly init: unknown;
}

/** The answer to one message. */
export type Answer = { readonly reply: unknown } | { readonly error: unknown };

const { handlerUrl, init } = workerData as WorkerStart;
const { createHandler } = (await import(handlerUrl)) as HandlerModule<unknown, unknown, unknown>;
const handle = createHandler(init);

parentPort?.on('message', (message: unknown) => post(answerTo(message)));

function answerTo(message: unknown): Answer {
  try {
    return { reply: drained(handle(message)) };
  } catch (error) {
    return { error };
  }
}

/** What cannot be cloned is an error of that message, too. */
function post(answer: Answer): void {
  try {
    parentPort?.postMessage(answer);
  } catch (e) {
    const told = 'error' in answer ? answer.error : e;
    parentPort?.postMessage({ error: new Error(String(told)) });
  }
}

function drained(answer: unknown): unknown {
  if (!isWork(answer)) return answer;
  for (;;) {
    const step = answer.next();
    if (step.done === true) return step.value;
  }
}
