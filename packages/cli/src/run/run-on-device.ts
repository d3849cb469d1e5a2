/** One session on one device, with progress; everything is closed again, whatever happens. */
import {
  type Backend,
  type DeviceProfile,
  openDevice,
  type Program,
  type RunReport,
  Session,
  type SessionRunOptions,
} from '@isinglass/sdk';
import { nodeHostRuntime } from '@isinglass/sdk/host-onnx-node';
import { closeQuietly } from '../close-quietly.ts';
import type { CommandContext } from '../command-context.ts';
import { startProgress } from '../output/progress.ts';
import type { RunInputs } from './run-inputs.ts';

export interface DeviceRun {
  readonly program: Program;
  readonly inputs: Pick<RunInputs, 'images' | 'count'>;
  readonly uri: string;
  readonly backends: readonly Backend[];
  readonly options: SessionRunOptions;
  /** What progress is called; default: the stage that moved last. */
  readonly note?: string;
  readonly context: Pick<CommandContext, 'signal' | 'logger'>;
}

export async function runOnDevice({
  program,
  inputs,
  uri,
  backends,
  options,
  note,
  context,
}: DeviceRun): Promise<{ readonly report: RunReport; readonly profile: DeviceProfile }> {
  const { signal, logger } = context;
  const device = await openDevice(uri, { backends, signal, logger });
  try {
    const session = await Session.open(program, device, { host: nodeHostRuntime(), signal, logger });
    const progress = startProgress({ total: inputs.count, unit: 'images' });
    try {
      const run = session.run(inputs.images, { ...options, signal });
      for await (const { fraction, stage } of run) progress.update(Math.floor(fraction * inputs.count), note ?? stage);
      return { report: await run, profile: device.profile };
    } finally {
      progress.stop();
      await closeQuietly(session, { what: 'the session', logger });
    }
  } finally {
    await closeQuietly(device, { what: `device ${uri}`, logger });
  }
}
