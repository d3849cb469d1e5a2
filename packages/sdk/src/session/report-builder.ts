/** The report of a session's run, gathered batch by batch. */
import { addCounters } from '../device/add-counters.ts';
import type { RunResult } from '../device/run-request.ts';
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import { spinCountOf } from '../program/block-layout.ts';
import type { Block, ValueSpec } from '../program/program-json.ts';
import type { BlockRequest } from './block-requests.ts';
import type { BlockReport, RunReport } from './session-options.ts';
import { bytesPerImage, emptyValue, placeImages, type StageValue } from './stage-value.ts';

export class ReportBuilder {
  readonly #images: number;
  readonly #outputs: ReadonlyMap<string, StageValue>;
  readonly #sums = new Map<string, Float64Array<ArrayBuffer>>();
  readonly #blocks = new Map<Block, BlockReport>();
  /** Batches of a block that are on the device, and since when without a pause. */
  readonly #busy = new Map<Block, { readonly batches: number; readonly sinceMs: number; readonly doneMs: number }>();

  /** Throws InvalidRequestError when outputs and sums would take more than `bytesMax`, before anything is allocated. */
  constructor(o: {
    images: number;
    outputs: readonly ValueSpec[];
    requests: readonly BlockRequest[];
    bytesMax: number;
  }) {
    this.#images = o.images;
    const perImage = o.outputs.reduce((sum, spec) => sum + bytesPerImage(spec), 0) + sumBytesPerImage(o.requests);
    const bytes = o.images * perImage;
    if (bytes > o.bytesMax) {
      throw new InvalidRequestError(
        `the outputs and sums of ${o.images} images take ${bytes} bytes; allowed: ${o.bytesMax} (limits.resultBytesMax)`,
        { where: 'images' },
      );
    }
    this.#outputs = new Map(o.outputs.map((spec) => [spec.name, emptyValue(spec, o.images)]));
  }

  /** A batch went through all stages. */
  addOutputs(values: ReadonlyMap<string, StageValue>, firstImage: number): void {
    for (const [name, whole] of this.#outputs) {
      const part = values.get(name);
      if (part !== undefined) placeImages(whole, part, firstImage);
    }
  }

  /** A batch goes to the device; call the answer when it is back, whatever came of it. */
  startBlock(block: Block): () => void {
    const { batches, sinceMs, doneMs } = this.#busy.get(block) ?? { batches: 0, sinceMs: 0, doneMs: 0 };
    this.#busy.set(block, { batches: batches + 1, sinceMs: batches === 0 ? performance.now() : sinceMs, doneMs });
    return () => {
      const busy = this.#busy.get(block);
      if (busy === undefined) return;
      const left = busy.batches - 1;
      const done = busy.doneMs + (left === 0 ? performance.now() - busy.sinceMs : 0);
      this.#busy.set(block, { batches: left, sinceMs: busy.sinceMs, doneMs: done });
    };
  }

  /** A batch went through a block. */
  addBlock({ block, readouts }: BlockRequest, result: RunResult, firstImage: number): void {
    const before = this.#blocks.get(block);
    const { sweeps, burnIn, stride, chains, gains, work } = result;
    this.#blocks.set(block, {
      id: block.id,
      index: block.index,
      sweeps,
      burnIn,
      stride,
      chains,
      gains,
      updates: (before?.updates ?? 0) + work.updates,
      synapticOperations: (before?.synapticOperations ?? 0) + work.synapticOperations,
      counters: before === undefined ? result.counters : addCounters(before.counters, result.counters),
      seconds: 0,
    });
    readouts.forEach(({ sums: name }, n) => {
      const { request, sums } = result.readouts[n] ?? {};
      if (name === undefined || sums === undefined || request === undefined) return;
      const spinCount = spinsOf(block, request.bank);
      const whole = this.#sums.get(name) ?? new Float64Array(this.#images * spinCount);
      this.#sums.set(name, whole);
      whole.set(sums, firstImage * spinCount);
    });
  }

  finish(blocks: readonly Block[], seconds: number): RunReport {
    const reports = blocks.flatMap((block) => {
      const report = this.#blocks.get(block);
      return report === undefined ? [] : { ...report, seconds: (this.#busy.get(block)?.doneMs ?? 0) / 1000 };
    });
    const total = (key: 'sweeps' | 'updates' | 'synapticOperations'): number =>
      reports.reduce((sum, report) => sum + report[key], 0);
    return {
      outputs: Object.fromEntries(this.#outputs),
      sums: Object.fromEntries(this.#sums),
      images: this.#images,
      blocks: reports,
      sweeps: total('sweeps'),
      updates: total('updates'),
      synapticOperations: total('synapticOperations'),
      counters: reports.length === 0 ? {} : reports.map(({ counters }) => counters).reduce(addCounters),
      seconds,
    };
  }
}

function spinsOf(block: Block, id: string): number {
  const bank = block.banks.find((candidate) => candidate.id === id);
  return bank === undefined ? 0 : spinCountOf(bank);
}

function sumBytesPerImage(requests: readonly BlockRequest[]): number {
  return requests
    .flatMap(({ block, request, readouts }) =>
      readouts.map(({ sums }, n) => (sums === undefined ? 0 : 8 * spinsOf(block, request.readouts?.[n]?.bank ?? ''))),
    )
    .reduce((sum, bytes) => sum + bytes, 0);
}
