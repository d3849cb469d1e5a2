/** The host stages of a program, loaded into a runtime. */
import PQueue from 'p-queue';
import { HostStageError, InvalidRequestError, isIsinglassError } from '../errors/isinglass-error.ts';
import type { Program } from '../program/program.ts';
import type { HostStage, ValueSpec } from '../program/program-json.ts';
import type { HostGraph, HostRuntime, HostTensor } from './host-runtime.ts';
import { elementsPerImage, type StageValue, shapeOf, toHostTensor } from './stage-value.ts';

export class HostStages {
  readonly #graphs: ReadonlyMap<string, HostGraph>;
  readonly #specs: ReadonlyMap<string, ValueSpec>;
  // One at a time: a runtime uses the cores that it is given for one graph.
  readonly #queue = new PQueue({ concurrency: 1 });

  private constructor(graphs: ReadonlyMap<string, HostGraph>, specs: ReadonlyMap<string, ValueSpec>) {
    this.#graphs = graphs;
    this.#specs = specs;
  }

  /** Loads every host stage; if one fails, those already loaded are closed. */
  static async load(
    program: Program,
    specs: ReadonlyMap<string, ValueSpec>,
    o: { readonly host: HostRuntime | undefined; readonly signal: AbortSignal },
  ): Promise<HostStages> {
    const graphs = new Map<string, HostGraph>();
    const stages = new HostStages(graphs, specs);
    try {
      for (const stage of program.json.stages) {
        if (stage.kind !== 'host') continue;
        o.signal.throwIfAborted();
        graphs.set(stage.id, await loadStage(stage, program, o));
      }
      return stages;
    } catch (e) {
      await stages.close();
      throw e;
    }
  }

  /** The stage's outputs, in order. */
  async run(
    stage: HostStage,
    inputs: readonly StageValue[],
    o: { readonly images: number; readonly signal: AbortSignal },
  ): Promise<readonly HostTensor[]> {
    const graph = this.#graphs.get(stage.id);
    if (graph === undefined) throw new HostStageError(`host stage "${stage.id}" is not loaded`, { where: stage.id });
    const tensors = stage.inputs.map((name, n) => toHostTensor(inputs[n] as StageValue, this.#spec(name)));
    let outputs: readonly HostTensor[];
    try {
      outputs = await this.#queue.add(() => {
        o.signal.throwIfAborted();
        return graph.run(tensors);
      });
    } catch (cause) {
      o.signal.throwIfAborted();
      throw stageError(stage, 'failed', cause);
    }
    if (outputs.length !== stage.outputs.length) {
      throw new HostStageError(
        `host stage "${stage.id}" gave ${outputs.length} outputs, the program says ${stage.outputs.length}`,
        { where: stage.id },
      );
    }
    for (const [n, name] of stage.outputs.entries()) checkOutput(stage, this.#spec(name), outputs[n], o.images);
    return outputs;
  }

  async close(): Promise<void> {
    await this.#queue.onIdle();
    for (const graph of this.#graphs.values()) await graph.close();
  }

  #spec(name: string): ValueSpec {
    const spec = this.#specs.get(name);
    if (spec === undefined) throw new HostStageError(`no stage defines the value "${name}"`, { where: name });
    return spec;
  }
}

async function loadStage(
  stage: HostStage,
  program: Program,
  o: { readonly host: HostRuntime | undefined; readonly signal: AbortSignal },
): Promise<HostGraph> {
  if (o.host === undefined) {
    throw new InvalidRequestError(
      `host is undefined; allowed: a HostRuntime, since the program has the host stage "${stage.id}" ` +
        '(for example nodeHostRuntime() of @isinglass/sdk/host-onnx-node)',
      { where: 'host' },
    );
  }
  const onnx = program.tensors.get(stage.onnx.tensor)?.data;
  if (!(onnx instanceof Uint8Array)) {
    throw new HostStageError(`host stage "${stage.id}" has no ONNX bytes`, { where: stage.id });
  }
  try {
    return await o.host.load(onnx, { signal: o.signal });
  } catch (cause) {
    o.signal.throwIfAborted();
    throw stageError(stage, 'cannot be loaded', cause);
  }
}

function stageError(stage: HostStage, what: string, cause: unknown): Error {
  if (isIsinglassError(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new HostStageError(`host stage "${stage.id}" ${what}: ${message}`, { where: stage.id, cause });
}

function checkOutput(stage: HostStage, spec: ValueSpec, output: HostTensor | undefined, images: number): void {
  const dtype = spec.dtype === 'spin' ? 'f32' : spec.dtype;
  const shape = shapeOf(spec, images);
  const fits =
    output !== undefined &&
    output.dtype === dtype &&
    output.shape.length === shape.length &&
    shape.every((size, axis) => size === output.shape[axis]) &&
    output.data.length === images * elementsPerImage(spec);
  if (fits) return;
  throw new HostStageError(
    `host stage "${stage.id}" gave "${spec.name}" as ${output?.dtype} [${output?.shape.join(', ')}], ` +
      `the program says ${dtype} [${shape.join(', ')}]`,
    { where: stage.id },
  );
}
