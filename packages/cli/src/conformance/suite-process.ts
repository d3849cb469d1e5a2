/**
 * The process in which `conformance run` runs the suite, because a device under test may end it: it takes one job from the command, hands over record
 * after record, and goes on when each is in the report. Anything that ends it otherwise is the device's doing.
 */
import type { ReportRecord } from '@isinglass/conformance';
import { createContext } from '../command-context.ts';
import { errorReport, InterruptedError } from '../output/error-report.ts';
import { endSoon } from './end-soon.ts';
import { runJob } from './run-job.ts';
import { type FromSuite, isSuiteMessage, type SuiteJob } from './suite-messages.ts';

const stop = new AbortController();
/** Called when the record that was handed over is in the report. */
let kept: () => void = () => {};

// A terminal sends its interrupt to every process of the command: the command says once what it means.
process.on('SIGINT', () => {});
// The command notices that nobody reads any more, and ends; it is no error of the device.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
process.once('disconnect', () => stop.abort(new InterruptedError('the command has ended')));
process.on('message', (message) => {
  if (!isSuiteMessage(message)) return;
  if (message.isinglass === 'job') void work(message.job);
  if (message.isinglass === 'kept') kept();
  if (message.isinglass === 'stop') stop.abort(new InterruptedError('interrupted'));
});
void tell({ isinglass: 'ready' });

async function work(job: SuiteJob): Promise<void> {
  const { logLevel, backend } = job;
  const { logger, backends } = createContext({ json: false, logLevel, backend }, () => {});
  try {
    await runJob(job, {
      logger,
      backends,
      signal: stop.signal,
      onCase: (o) => void tell({ isinglass: 'case', ...o }),
      onRecord: keep,
    });
  } catch (error) {
    await tell({ isinglass: 'failed', error: errorReport(error) });
  }
  if (process.connected) process.disconnect();
  endSoon();
}

/** Resolves when the record is in the report. */
async function keep(record: ReportRecord): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  kept = resolve;
  await tell({ isinglass: 'record', record });
  const { promise: gone, reject } = Promise.withResolvers<never>();
  const onGone = (): void => reject(stop.signal.reason);
  process.once('disconnect', onGone);
  await Promise.race([promise, gone]).finally(() => process.off('disconnect', onGone));
}

/** Resolves when the message is on its way, or nobody is there to take it. */
function tell(message: FromSuite): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, {}, () => resolve());
  });
}
