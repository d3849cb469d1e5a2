/** What a thread does with messages: it keeps the sections that have begun, and works on their tiles until done or stopped. */
import { instantiateKernels, type Kernels } from '../load-kernels.ts';
import type { KernelMemory } from '../web-assembly.ts';
import { JobControl } from './job-control.ts';
import type { KernelInit } from './kernel-host.ts';
import { RowsContext } from './rows/rows-context.ts';
import { alone, RowsExecutor, type Share, type TileWork } from './rows/rows-executor.ts';
import { SpinsContext } from './spins/spins-context.ts';
import { SpinsExecutor } from './spins/spins-executor.ts';
import type { LaneForm, WorkerMessage, WorkerReply } from './worker-messages.ts';

/** Where threads load this module from. */
export const handlerUrl = import.meta.url;

/** Both lane forms work on tiles alike. */
export type TileExecutor = Pick<RowsExecutor, 'prepare' | 'sweep' | 'pack' | 'collect'>;

interface OpenSection {
  readonly executor: TileExecutor;
  readonly control: JobControl;
  readonly run: LaneForm['run'];
}

const idle: WorkerReply = { flips: 0, stopped: false };

/** `instantiate`: tests look over the kernels' shoulders. */
export function createHandler(
  { modules, memory }: KernelInit,
  instantiate: typeof instantiateKernels = instantiateKernels,
): (message: WorkerMessage) => Generator<void, WorkerReply, void> {
  const kernels = instantiate(modules, memory);
  const sections = new Map<number, OpenSection>();
  return function* handle(message) {
    if (message.kind === 'begin') {
      const executor = executorOf(kernels, memory, message);
      const { run } = message;
      sections.set(message.id, { executor, run, control: new JobControl(memory.buffer, run.control) });
      return idle;
    }
    if (message.kind === 'end') {
      sections.delete(message.id);
      return idle;
    }
    const section = sections.get(message.id);
    if (section === undefined) throw new TypeError(`section ${message.id} has not begun in this thread`);
    return yield* untilStopped(section, workOf(message, section, memory.buffer));
  };
}

function executorOf(kernels: Kernels, memory: KernelMemory, o: LaneForm): TileExecutor {
  kernels.prepareKeys(o.run.keys, o.run.seed[0], o.run.seed[1]);
  return o.form === 'rows'
    ? new RowsExecutor(new RowsContext(kernels, memory, o.block, o.run))
    : new SpinsExecutor(new SpinsContext(kernels, memory, o.block, o.run));
}

function* untilStopped({ control }: OpenSection, work: TileWork<number>): Generator<void, WorkerReply, void> {
  try {
    for (;;) {
      if (control.stopped) return { flips: 0, stopped: true };
      const step = work.next();
      if (step.done === true) return { flips: step.value, stopped: control.stopped };
      yield;
    }
  } catch (e) {
    // This thread will never come to where the others meet it.
    control.stop();
    throw e;
  }
}

type TileMessage = Exclude<WorkerMessage, { kind: 'begin' | 'end' }>;

function* workOf(message: TileMessage, section: OpenSection, buffer: SharedArrayBuffer): TileWork<number> {
  const { executor, control, run } = section;
  switch (message.kind) {
    case 'prepare':
      for (const tile of message.tiles) yield* executor.prepare(tile, message.slot);
      return 0;
    case 'sweep':
      return yield* executor.sweep(message.range, message.slot, shareOf(message.share, control));
    case 'pack':
      for (const tile of message.tiles) yield* executor.pack(tile, message.targets);
      return 0;
    case 'collect': {
      const { bank, observable, bytesPerImage } = message;
      for (let n = 0; n < message.images; n++) {
        const out = message.out + n * bytesPerImage;
        new Uint8Array(buffer, out, bytesPerImage).fill(0);
        // Rows of the image, as far as they are in this section.
        const first = (message.firstImage + n) * run.chains - run.firstRow;
        const firstRow = Math.max(0, first);
        const endRow = Math.min(run.rows, first + run.chains);
        yield* executor.collect({ bank, observable, firstRow, endRow, out });
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
