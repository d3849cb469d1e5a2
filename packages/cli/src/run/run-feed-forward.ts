/** The program's feed-forward evaluation with the gains of a run. */
import type { Program, RunReport } from '@isinglass/sdk';
import type { CommandContext } from '../command-context.ts';
import { feedForwardBackend } from './feed-forward-backend.ts';
import type { RunInputs } from './run-inputs.ts';
import { runOnDevice } from './run-on-device.ts';

export async function runFeedForward(o: {
  readonly program: Program;
  readonly inputs: Pick<RunInputs, 'images' | 'count'>;
  /** Whose runtime gains are taken; absent: the program's. */
  readonly report?: RunReport;
  readonly context: Pick<CommandContext, 'signal' | 'logger'>;
}): Promise<RunReport> {
  const gains: Record<string, Record<string, number>> = {};
  for (const block of o.report?.blocks ?? []) {
    for (const [id, value] of Object.entries(block.gains)) gains[id] = { ...gains[id], [block.id]: value };
  }
  const { report } = await runOnDevice({
    ...o,
    uri: feedForwardBackend.scheme,
    backends: [feedForwardBackend],
    note: 'feed-forward',
    options: { seed: 0n, sweeps: 1, burnIn: 0, stride: 1, chains: 1, start: 'random', readout: 'spin-sum', gains },
  });
  return report;
}
