/** What a thread does with messages: it keeps the runs that have begun, and works on their tiles until done or stopped. */
import { instantiateKernels } from '@isinglass/kernels';
import type { KernelInit } from '../driver/kernel-host.ts';
import { JobControl } from './job-control.ts';
import { RowsContext } from './rows/rows-context.ts';
import { alone, RowsExecutor, type Share, type TileWork } from './rows/rows-executor.ts';
import type { WorkerMessage, WorkerReply } from './worker-messages.ts';

/** Where threads load this module from. */
export const handlerUrl = import.meta.url;

interface OpenRun {
  readonly executor: RowsExecutor;
  readonly control: JobControl;
}

const idle: WorkerReply = { flips: 0, stopped: false };

export function createHandler({
  modules,
  memory,
}: KernelInit): (message: WorkerMessage) => Generator<void, WorkerReply, void> {
  const kernels = instantiateKernels(modules, memory);
  const runs = new Map<number, OpenRun>();
  return function* handle(message) {
    if (message.kind === 'begin') {
      const { keys, seed } = message.run;
      kernels.prepareKeys(keys, seed[0], seed[1]);
      const context = new RowsContext(kernels, memory, message.block, message.run);
      const control = new JobControl(memory.buffer, message.run.control);
      runs.set(message.id, { executor: new RowsExecutor(context), control });
      return idle;
    }
    if (message.kind === 'end') {
      runs.delete(message.id);
      return idle;
    }
    const run = runs.get(message.id);
    if (run === undefined) throw new TypeError(`run ${message.id} has not begun in this thread`);
    return yield* untilStopped(run, workOf(message, run, memory.buffer));
  };
}

function* untilStopped({ control }: OpenRun, work: TileWork<number>): Generator<void, WorkerReply, void> {
  for (;;) {
    if (control.stopped) return { flips: 0, stopped: true };
    const step = work.next();
    if (step.done === true) return { flips: step.value, stopped: control.stopped };
    yield;
  }
}

type TileMessage = Exclude<WorkerMessage, { kind: 'begin' | 'end' }>;

function* workOf(message: TileMessage, { executor, control }: OpenRun, buffer: SharedArrayBuffer): TileWork<number> {
  switch (message.kind) {
    case 'prepare':
      for (const tile of message.tiles) yield* executor.prepare(tile, message.slot);
      return 0;
    case 'sweep':
      return yield* executor.sweep(message.range, message.slot, shareOf(message.share, control));
    case 'pack':
      yield* executor.pack(message.tile, message.targets);
      return 0;
    case 'collect': {
      const { range, images, bytesPerImage } = message;
      const chains = range.endRow - range.firstRow;
      for (let n = 0; n < images; n++) {
        const out = range.out + n * bytesPerImage;
        new Uint8Array(buffer, out, bytesPerImage).fill(0);
        const firstRow = range.firstRow + n * chains;
        yield* executor.collect({ ...range, firstRow, endRow: firstRow + chains, out });
      }
      return 0;
    }
    default:
      return message satisfies never;
  }
}

function shareOf(share: { readonly index: number; readonly of: number } | null, control: JobControl): Share {
  return share === null ? alone : { ...share, meet: () => control.meet(share.of) };
}
