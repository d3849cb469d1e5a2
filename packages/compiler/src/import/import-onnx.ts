/** From an .onnx file to a network cut into thermodynamic blocks and host stages. */
import { type Diagnostic, InvalidModelError, InvalidRequestError } from '@isinglass/sdk';
import { hostStage, interfaceValue } from '../host/host-stage.ts';
import { multiplyAddsOf } from '../host/multiply-adds.ts';
import { normalisationPrefix, normalisePixels, type PixelInput } from '../host/normalise-pixels.ts';
import { partition, type StagePlan } from '../host/partition.ts';
import type { BlockModel, ImportedModel, ModelValue } from '../model/block-model.ts';
import { buildGraph, opsetOf } from '../onnx/graph.ts';
import { modelError, quoted } from '../onnx/model-error.ts';
import type { ModelSource } from '../onnx/model-source.ts';
import type { OnnxModel, OnnxNode } from '../onnx/onnx-model.ts';
import { defaultReadLimits, type ReadLimits, readModel } from '../onnx/read-model.ts';
import { type AnalysedGraph, foldConstants } from './fold-constants.ts';
import { liftSigns } from './lift-signs.ts';
import { matchBlock } from './match-block.ts';
import { Miss } from './miss.ts';

export interface ImportOptions {
  /** Of the network; where absent the graph's own, else the source's. */
  readonly name?: string;
  /** Makes the program take raw pixels. */
  readonly input?: PixelInput;
  /** Inputs of the model that are ±1 already: blocks may read them without a Sign in between. */
  readonly binaryInputs?: readonly string[];
  readonly limits?: Partial<ReadLimits>;
  readonly signal?: AbortSignal;
}

/**
 * Imports a model (compiler.md, "What the importer accepts"). Throws InvalidModelError, which names the node or
 * tensor, and InvalidRequestError for options that do not fit the model. A model without any block is an error: its
 * diagnostics hold the nearest miss of each Sign.
 */
export async function importOnnx(source: Uint8Array | ModelSource, o: ImportOptions = {}): Promise<ImportedModel> {
  o.signal?.throwIfAborted();
  const from: ModelSource = source instanceof Uint8Array ? { model: source } : source;
  const read = await readModel(from, {
    ...defaultReadLimits,
    ...o.limits,
  });
  o.signal?.throwIfAborted();
  const model = o.input === undefined ? read : normalisePixels(read, o.input);
  const binary = binaryInputs(model, o);
  let analysed = foldConstants(buildGraph(model));
  const lifted = liftSigns(analysed);
  if (lifted !== undefined) analysed = foldConstants(buildGraph({ ...model, nodes: lifted }));
  o.signal?.throwIfAborted();

  const { blocks, misses } = findBlocks(analysed, binary);
  const plan = partition(analysed, blocks);
  if (!plan.stages.some((stage) => stage.kind === 'block')) throw noBlock(analysed, blocks, misses);
  const name = o.name ?? ownName(model) ?? from.name ?? 'model';
  return assembleStages(analysed, { model, plan, blocks, misses, binary, name });
}

/** What PyTorch's exporters call every graph, in their order of age. */
const namesOfExporters: ReadonlySet<string> = new Set(['torch-jit-export', 'torch_jit', 'main_graph']);

/** The name that somebody gave to the graph. */
function ownName({ name }: OnnxModel): string | undefined {
  return name === '' || namesOfExporters.has(name) ? undefined : name;
}

function binaryInputs(model: OnnxModel, o: ImportOptions): ReadonlySet<string> {
  for (const name of o.binaryInputs ?? []) {
    const input = model.inputs.find((candidate) => candidate.name === name);
    if (input === undefined) {
      throw new InvalidRequestError(`the model has no input ${name} to be binary`, { where: 'binaryInputs' });
    }
    if (input.type === 'uint8') {
      throw new InvalidRequestError(`input ${name} takes pixels: it cannot be binary`, { where: 'binaryInputs' });
    }
  }
  return new Set(o.binaryInputs);
}

interface Found {
  readonly blocks: readonly BlockModel[];
  /** Sign nodes that end no block, and why. */
  readonly misses: ReadonlyMap<OnnxNode, Miss>;
}

function findBlocks(analysed: AnalysedGraph, binary: ReadonlySet<string>): Found {
  const isSign = (node: OnnxNode | undefined) => node?.opType === 'Sign' && node.domain === '';
  const isBinary = (value: string) => binary.has(value) || isSign(analysed.graph.producer.get(value));
  const blocks: BlockModel[] = [];
  const misses = new Map<OnnxNode, Miss>();
  for (const node of analysed.graph.nodes) {
    if (!isSign(node)) continue;
    const match = matchBlock(analysed, node, isBinary);
    if (match instanceof Miss) misses.set(node, match);
    else blocks.push({ id: `block${blocks.length + 1}`, ...match });
  }
  return { blocks, misses };
}

function noBlock(
  analysed: AnalysedGraph,
  blocks: readonly BlockModel[],
  misses: ReadonlyMap<OnnxNode, Miss>,
): InvalidModelError {
  const [unused] = blocks;
  if (unused !== undefined) {
    return modelError(
      unused.output,
      `no output of the model depends on a thermodynamic block (${unused.nodes.at(-1)})`,
    );
  }
  const diagnostics = [...misses].map(([sign, miss]): Diagnostic => {
    const message = `no block ends in ${quoted(sign.name)}: ${miss.message}`;
    return { code: 'nearest-miss', severity: 'error', message, where: miss.where };
  });
  const [nearest] = [...misses.values()].sort((a, b) => b.depth - a.depth);
  const shown = diagnostics.slice(0, 8).map(({ message }) => message);
  const more = diagnostics.length > shown.length ? ` (and ${diagnostics.length - shown.length} more)` : '';
  const reason =
    nearest === undefined
      ? `it has no Sign, in which a block ends (nodes: ${analysed.graph.nodes.length})`
      : `${shown.join('; ')}${more}`;
  return new InvalidModelError(`the model has no thermodynamic block: ${reason}`, {
    diagnostics,
    ...(nearest === undefined ? {} : { where: nearest.where }),
  });
}

function assembleStages(
  analysed: AnalysedGraph,
  o: Found & {
    readonly model: OnnxModel;
    readonly plan: StagePlan;
    readonly binary: ReadonlySet<string>;
    readonly name: string;
  },
): ImportedModel {
  const { graph } = analysed;
  const { plan, binary } = o;
  const planned = plan.stages.flatMap((stage) => (stage.kind === 'block' ? [stage.block] : []));
  const spins = new Set([...binary, ...planned.map((block) => block.output)]);
  const value = (name: string): ModelValue => interfaceValue(analysed, name, spins.has(name));

  // Who reads a value outside the stage that makes it.
  const outputs = graph.outputs.map(({ name }) => name);
  const readers = new Map<string, Set<number>>();
  plan.stages.forEach((stage, index) => {
    const inputs = stage.kind === 'block' ? [stage.block.input] : stage.nodes.flatMap((node) => node.inputs);
    for (const input of inputs) readers.set(input, (readers.get(input) ?? new Set()).add(index));
  });

  const reasons = reasonsOf(analysed, o);
  const stages = plan.stages.map((stage, index): ImportedModel['stages'][number] => {
    if (stage.kind === 'block') return { ...stage.block, kind: 'block' };
    const own = new Set(stage.nodes.flatMap((node) => node.outputs));
    const inputs = new Set(
      stage.nodes.flatMap((node) => node.inputs.filter((v) => v !== '' && !own.has(v) && !analysed.isConstant(v))),
    );
    const leaving = [...own].filter(
      (v) => v !== '' && (outputs.includes(v) || [...(readers.get(v) ?? [])].some((reader) => reader !== index)),
    );
    const host = hostStage(analysed, o.model, {
      id: stage.id,
      nodes: stage.nodes,
      inputs: [...inputs].map(value),
      outputs: leaving.map(value),
      reasons: new Map(stage.nodes.map((node) => [node.name, reasons(node)])),
    });
    return { ...host, kind: 'host' };
  });

  for (const name of outputs) {
    if (analysed.isConstant(name)) throw modelError(name, `the model's output ${quoted(name)} is constant`);
  }
  const used = new Set([
    ...plan.stages.flatMap((stage) =>
      stage.kind === 'block' ? stage.block.nodes : stage.nodes.map(({ name }) => name),
    ),
  ]);
  return {
    name: o.name,
    inputs: graph.inputs.map(({ name }) => value(name)),
    outputs: outputs.map(value),
    stages,
    opset: opsetOf(graph),
    producer: o.model.producer,
    multiplyAdds: graph.nodes.reduce(
      (sum, node) => sum + (used.has(node.name) ? multiplyAddsOf(analysed, node) : 0),
      0,
    ),
  };
}

/** Operators that a block may be made of. */
const blockOperators: ReadonlySet<string> = new Set([
  ...['Add', 'BatchNormalization', 'Cast', 'Conv', 'Div', 'Dropout', 'Flatten', 'Gemm', 'Identity', 'MatMul', 'Mul'],
  ...['Neg', 'Pad', 'Reshape', 'Sign', 'Squeeze', 'Sub', 'Tanh', 'Transpose', 'Unsqueeze'],
]);

/** Why a node stayed with the host. */
function reasonsOf(analysed: AnalysedGraph, { blocks, misses }: Found): (node: OnnxNode) => string {
  const inBlock = new Map(blocks.flatMap((block) => block.nodes.map((name) => [name, block] as const)));
  // The first Sign that a node leads to, found from the end.
  const leadsTo = new Map<OnnxNode, OnnxNode>();
  for (const node of [...analysed.graph.nodes].reverse()) {
    for (const reader of node.outputs.flatMap((output) => analysed.graph.consumers.get(output) ?? [])) {
      const sign = reader.opType === 'Sign' ? reader : leadsTo.get(reader);
      if (sign !== undefined) {
        leadsTo.set(node, sign);
        break;
      }
    }
  }
  return (node) => {
    const miss = misses.get(node);
    if (miss !== undefined) return `no block ends here: ${miss.message}`;
    const block = inBlock.get(node.name);
    if (block !== undefined) return `part of ${block.id}, and its value is needed outside of it`;
    if (node.name.startsWith(normalisationPrefix)) return 'normalises pixels';
    if (!blockOperators.has(node.opType)) return `${node.opType} is not part of any block`;
    const sign = leadsTo.get(node);
    if (sign === undefined) return 'leads to no Sign';
    return misses.has(sign) ? `leads to ${quoted(sign.name)}, in which no block ends` : `arranges the input of a block`;
  };
}
