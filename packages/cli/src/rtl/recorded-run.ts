/**
 * What a session asks of a device for one image and one block: the run is recorded instead of computed. Host stages and the blocks before it run on the CPU, so
 * that the block gets the spins that it gets in `isinglass run`.
 */
import {
  type Backend,
  type Block,
  contractVersion,
  type Driver,
  type DriverRun,
  type HostTensor,
  type LoadedProgram,
  openDevice,
  type Program,
  Session,
} from '@isinglass/sdk';
import { nodeHostRuntime } from '@isinglass/sdk/host-onnx-node';
import { closeQuietly } from '../close-quietly.ts';
import type { CommandContext } from '../command-context.ts';

export interface RecordedRunOptions {
  readonly program: Program;
  readonly block: Block;
  /** One image; a count for a program without inputs. */
  readonly images: HostTensor | number;
  readonly sweeps?: number;
  readonly seed: bigint;
  readonly context: Pick<CommandContext, 'signal' | 'logger'>;
}

/** Its start is random or given: the sdk lowers others for a device that has only these. */
export async function recordedRun(o: RecordedRunOptions): Promise<DriverRun> {
  const { program, images, sweeps, seed } = o;
  const { signal, logger } = o.context;
  const recorded = new AbortController();
  let found: DriverRun | undefined;
  const record = (run: DriverRun): void => {
    found = run;
    recorded.abort(new Error('the run is recorded'));
  };
  const backends = [recorder(o.block, record)];
  const device = await openDevice('recorder', { backends, signal, logger });
  try {
    const session = await Session.open(program, device, { host: nodeHostRuntime(), signal, logger });
    try {
      await session.run(images, {
        seed,
        chains: 1,
        ...(sweeps === undefined ? {} : { sweeps }),
        signal: AbortSignal.any([signal, recorded.signal]),
      });
    } catch (error) {
      if (error !== recorded.signal.reason) throw error;
    } finally {
      await closeQuietly(session, { what: 'the session', logger });
    }
  } finally {
    await closeQuietly(device, { what: 'the recorder', logger });
  }
  if (found === undefined) throw new Error(`block ${o.block.id} was not run`);
  return found;
}

/** The CPU, but for one block, whose runs are recorded and never end by themselves. */
function recorder({ index }: Block, record: (run: DriverRun) => void): Backend {
  return {
    scheme: 'recorder',
    contract: contractVersion,
    enumerate: async () => [],
    async open(_uri, o): Promise<Driver> {
      const { default: cpu } = await import('@isinglass/backend-cpu');
      const driver = await cpu.open('cpu', o);
      return {
        profile: { ...driver.profile, name: 'recorder', init: ['random', 'given'] },
        lost: driver.lost,
        plan: (program) => driver.plan(program),
        async load(program, options): Promise<LoadedProgram> {
          const loaded = await driver.load(program, options);
          return {
            async run(run) {
              if (run.block !== index) return loaded.run(run);
              record(run);
              return new Promise((_, reject) => {
                const end = (): void => reject(run.signal.reason);
                if (run.signal.aborted) end();
                else run.signal.addEventListener('abort', end, { once: true });
              });
            },
            unload: () => loaded.unload(),
          };
        },
        close: () => driver.close(),
      };
    },
  };
}
