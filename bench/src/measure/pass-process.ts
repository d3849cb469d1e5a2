/** A child process that measures one pass: a request comes as its message, a PassAnswer goes back. */
import { measurePass } from './measure-pass.ts';
import { answerOfError, type PassAnswer } from './pass-answer.ts';
import type { PassRequest } from './pass-request.ts';

async function answer(request: PassRequest): Promise<PassAnswer> {
  try {
    return { row: await measurePass(request) };
  } catch (error) {
    return answerOfError(error);
  }
}

process.once('message', async (request) => {
  const message = await answer(request as PassRequest);
  // The process ends when its answer is on its way: nothing else may hold it.
  process.send?.(message, undefined, undefined, () => process.exit(0));
});
