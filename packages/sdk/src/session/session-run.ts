/**
 * One run of a session: batches of images go through groups of stages. Within a group several batches are under way at a
 * time, so that host stages overlap device work and the device's queue never runs dry; the device keeps its own order.
 */
import type { DeviceProgram } from '../device/device-program.ts';
import type { RunResult } from '../device/run-request.ts';
import type { Block, HostStage, ProgramJson, Stage, ValueSpec } from '../program/program-json.ts';
import type { PackedSpins } from '../spins/packed-spins.ts';
import type { BlockRequest } from './block-requests.ts';
import type { HostStages } from './host-stages.ts';
import type { ReportBuilder } from './report-builder.ts';
import type { SessionProgress } from './session-progress.ts';
import { lastUses } from './stage-groups.ts';
import { type StageValue, sliceImages, toSpins } from './stage-value.ts';

export interface RunPlan {
  readonly json: ProgramJson;
  readonly specs: ReadonlyMap<string, ValueSpec>;
  readonly groups: readonly (readonly Stage[])[];
  readonly requests: readonly BlockRequest[];
  readonly program: DeviceProgram;
  readonly hosts: HostStages;
  readonly inputs: ReadonlyMap<string, StageValue>;
  readonly images: number;
  readonly imageOffset: number;
  /** Images of one batch. */
  readonly batch: number;
  /** Batches under way at a time. */
  readonly pipelined: number;
  readonly signal: AbortSignal;
  readonly report: ReportBuilder;
  readonly progress: SessionProgress;
}

interface Batch {
  readonly first: number;
  readonly images: number;
  /** The named values that are still needed. */
  readonly values: Map<string, StageValue>;
}

/** Rejects with the first failure; batches under way stop at their next stage. */
export async function runStages(plan: RunPlan): Promise<void> {
  const outputs = plan.json.outputs.map((spec) => spec.name);
  const uses = lastUses(plan.json.stages, outputs);
  const last = plan.json.stages.at(-1);
  let batches: Iterable<Batch> = batchesOf(plan);
  for (const [n, group] of plan.groups.entries()) {
    const queue = batches[Symbol.iterator]();
    /** For the next group, with the values that it needs. */
    const carried: Batch[] = [];
    const work = async (): Promise<void> => {
      for (let next = queue.next(); next.done !== true; next = queue.next()) {
        const batch = next.value;
        for (const stage of group) {
          plan.signal.throwIfAborted();
          await runStage(plan, stage, batch);
          for (const name of uses.get(stage) ?? []) batch.values.delete(name);
          if (stage !== last) continue;
          plan.report.addOutputs(batch.values, batch.first);
          plan.progress.imagesDone(stage, batch.images);
        }
        if (n < plan.groups.length - 1) carried.push(batch);
      }
    };
    await Promise.all(Array.from({ length: plan.pipelined }, work));
    batches = carried.sort((a, b) => a.first - b.first);
  }
}

/** Cut out one by one, when their turn comes: the images are not held twice. */
function* batchesOf({ images, batch, inputs }: RunPlan): Generator<Batch, void> {
  for (let first = 0; first < images; first += batch) {
    const size = Math.min(batch, images - first);
    yield {
      first,
      images: size,
      values: new Map([...inputs].map(([name, value]) => [name, sliceImages(value, first, size)])),
    };
  }
}

async function runStage(plan: RunPlan, stage: Stage, batch: Batch): Promise<void> {
  if (stage.kind === 'host') await runHostStage(plan, stage, batch);
  else await runBlock(plan, stage, batch);
}

async function runHostStage(plan: RunPlan, stage: HostStage, batch: Batch): Promise<void> {
  const inputs = stage.inputs.map((name) => namedValue(batch, name));
  const outputs = await plan.hosts.run(stage, inputs, { images: batch.images, signal: plan.signal });
  stage.outputs.forEach((name, n) => {
    const output = outputs[n];
    if (output !== undefined) batch.values.set(name, output);
  });
}

async function runBlock(plan: RunPlan, block: Block, batch: Batch): Promise<void> {
  const request = plan.requests.find((candidate) => candidate.block === block);
  if (request === undefined) throw new RangeError(`no request for block ${block.id}`);
  const report = plan.progress.block(block, batch.images);
  const inputs = pinnedInputs(plan, block, batch);
  const endBlock = plan.report.startBlock(block);
  let result: RunResult;
  try {
    result = await plan.program.run({
      ...request.request,
      images: Uint32Array.from({ length: batch.images }, (_, n) => plan.imageOffset + batch.first + n),
      inputs,
      signal: plan.signal,
      onProgress: ({ sweepsDone, sweeps }) => report(sweepsDone / sweeps),
    });
  } finally {
    endBlock();
  }
  report(1);
  request.readouts.forEach(({ signs: name }, n) => {
    const signs = result.readouts[n]?.signs;
    if (name !== undefined && signs !== undefined) batch.values.set(name, signs);
  });
  plan.report.addBlock(request, result, batch.first);
}

function pinnedInputs(plan: RunPlan, block: Block, batch: Batch): Readonly<Record<string, PackedSpins>> {
  const inputs: Record<string, PackedSpins> = {};
  for (const bank of block.banks) {
    if (bank.role !== 'pinned') continue;
    const spec = plan.specs.get(bank.value);
    if (spec === undefined) throw new RangeError(`no stage defines the value ${bank.value}`);
    const producer = plan.json.stages.find((stage) => stage.kind === 'host' && stage.outputs.includes(bank.value));
    inputs[bank.id] = toSpins(namedValue(batch, bank.value), spec, producer?.id);
  }
  return inputs;
}

function namedValue(batch: Batch, name: string): StageValue {
  const value = batch.values.get(name);
  if (value === undefined) throw new RangeError(`the value ${name} is not defined`);
  return value;
}
