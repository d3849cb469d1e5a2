/**
 * From the bytes of an .onnx file to an OnnxModel. Everything that a file can get wrong by itself is found here:
 * the wire format, versions, element types, sizes, external data. What only the graph as a whole shows (cycles,
 * missing values) is graph.ts's.
 */
import type Long from 'long';
import { elementTypeOf } from './element-type.ts';
import { isinglass } from './generated/onnx.js';
import { modelError, quoted } from './model-error.ts';
import { type ModelSource, readExternal } from './model-source.ts';
import type { Attribute, OnnxModel, OnnxNode, OnnxValue, Tensor } from './onnx-model.ts';
import { dimension, externalRegion, isExternal, readTensor, type TensorProto } from './tensor.ts';

type GraphProto = isinglass.onnx.GraphProto.$Properties;
type NodeProto = isinglass.onnx.NodeProto.$Properties;
type AttributeProto = isinglass.onnx.AttributeProto.$Properties;
type ValueInfoProto = isinglass.onnx.ValueInfoProto.$Properties;

export interface ReadLimits {
  /** Bytes of the model file. The wire format itself ends at 2 GiB. */
  readonly modelBytesMax: number;
  /** Bytes of all external data files together. */
  readonly externalBytesMax: number;
}

export const defaultReadLimits: ReadLimits = { modelBytesMax: 2 ** 31 - 1, externalBytesMax: 2 ** 33 };

/** The oldest opset whose operators mean what the importer takes them to mean (Squeeze with axes as an input). */
export const opsetMin = 13;
/** IR 3 is the first with opset_import; 13 the newest whose fields are known. */
const irVersions = { min: 3, max: 13 };

/**
 * Reads a model. Throws InvalidModelError and nothing else, but for what `source.external` throws.
 */
export async function readModel(source: ModelSource, limits: ReadLimits = defaultReadLimits): Promise<OnnxModel> {
  const proto = decode(source.model, limits);
  const graph = proto.graph;
  if (graph === undefined || graph === null)
    throw modelError('graph', 'the file is not an ONNX model: it has no graph');
  const irVersion = versionNumber(proto.irVersion);
  if (!(irVersion >= irVersions.min && irVersion <= irVersions.max)) {
    throw modelError(
      'ir_version',
      `ONNX IR version ${irVersion} is not supported: ${irVersions.min} to ${irVersions.max} are`,
    );
  }
  const opsets = readOpsets(proto);
  if ((proto.functions ?? []).length > 0) {
    throw modelError('functions', 'the model defines functions of its own: export it with functions inlined');
  }
  if ((graph.sparseInitializer ?? []).length > 0) {
    throw modelError('sparse_initializer', 'the model has sparse initialisers, which are not supported');
  }

  const named = nameNodes(graph.node ?? []);
  const external = await readExternalTensors(graph, named, source, limits);
  const constants = new Map<string, Tensor>();
  for (const tensor of graph.initializer ?? []) {
    const name = checkName(tensor.name ?? '', 'initializer');
    if (name === '') throw modelError('initializer', 'an initialiser has no name');
    if (constants.has(name)) throw modelError(name, `two initialisers are named ${quoted(name)}`);
    constants.set(name, readTensor(tensor, name, external.get(tensor)));
  }
  const declared = new Map<string, OnnxValue>();
  for (const info of graph.valueInfo ?? []) {
    const value = readValue(info);
    if (value !== undefined) declared.set(value.name, value);
  }
  return {
    irVersion,
    opsets,
    producer: [proto.producerName, proto.producerVersion].filter((part) => part).join(' '),
    name: checkName(graph.name ?? '', 'graph.name'),
    nodes: named.map(({ node, name }) => readNode(node, name, external)),
    constants,
    // Up to IR 3, and wherever an exporter is told to, initialisers are listed as inputs with a default.
    inputs: (graph.input ?? []).filter((info) => !constants.has(info.name ?? '')).map(readInterfaceValue),
    outputs: (graph.output ?? []).map(readInterfaceValue),
    declared,
  };
}

function decode(bytes: Uint8Array, limits: ReadLimits): isinglass.onnx.ModelProto.$Properties {
  if (bytes.length > limits.modelBytesMax) {
    throw modelError('file', `the model has ${bytes.length} bytes; the limit is ${limits.modelBytesMax}`);
  }
  try {
    return isinglass.onnx.ModelProto.decode(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw modelError('file', `the file is not an ONNX model, or is damaged: ${reason}`, cause);
  }
}

function versionNumber(version: Long | null | undefined): number {
  return version?.toNumber() ?? 0;
}

function readOpsets(proto: isinglass.onnx.ModelProto.$Properties): ReadonlyMap<string, number> {
  const opsets = new Map<string, number>();
  for (const entry of proto.opsetImport ?? []) {
    const domain = entry.domain === 'ai.onnx' ? '' : checkName(entry.domain ?? '', 'opset_import');
    opsets.set(domain, versionNumber(entry.version));
  }
  const opset = opsets.get('');
  if (opset === undefined) throw modelError('opset_import', 'the model does not say which opset it uses');
  if (!(opset >= opsetMin)) {
    throw modelError('opset_import', `opset ${opset} is too old: export the model with opset ${opsetMin} or newer`);
  }
  return opsets;
}

/** Names come back in JSON, in hashes and in files: they must be text. */
function checkName(name: string, where: string): string {
  if (!name.isWellFormed()) throw modelError(where, `a name at ${where} is not well-formed text`);
  return name;
}

interface NamedNode {
  readonly node: NodeProto;
  readonly name: string;
}

/** Every node gets a name of its own: the file's, made unique, or one from its operator and place. */
function nameNodes(nodes: readonly NodeProto[]): readonly NamedNode[] {
  const taken = new Set(nodes.map((node) => node.name ?? ''));
  const used = new Set<string>();
  return nodes.map((node, index) => {
    let name = checkName(node.name ?? '', 'node.name');
    if (name === '' || used.has(name)) {
      const base = name === '' ? `${node.opType || 'node'}_${index}` : `${name}#${index}`;
      name = base;
      for (let k = 2; taken.has(name) || used.has(name); k++) name = `${base}#${k}`;
    }
    used.add(name);
    return { node, name };
  });
}

/** All external tensors, of initialisers and of attributes, in one go so that every file is read once. */
async function readExternalTensors(
  graph: GraphProto,
  nodes: readonly NamedNode[],
  source: ModelSource,
  limits: ReadLimits,
): Promise<ReadonlyMap<TensorProto, Uint8Array>> {
  const tensors: [TensorProto, string][] = (graph.initializer ?? []).map((tensor) => [tensor, tensor.name ?? '']);
  for (const { node, name } of nodes) {
    for (const attribute of node.attribute ?? []) {
      if (attribute.t) tensors.push([attribute.t, `${name}.${attribute.name ?? ''}`]);
    }
  }
  const external = tensors.filter(([tensor]) => isExternal(tensor));
  const regions = external.map(([tensor, name]) => externalRegion(tensor, name));
  const bytes = await readExternal(regions, source, { bytesMax: limits.externalBytesMax });
  return new Map(external.map(([tensor], i) => [tensor, bytes[i] ?? new Uint8Array()]));
}

function readNode(node: NodeProto, name: string, external: ReadonlyMap<TensorProto, Uint8Array>): OnnxNode {
  const opType = checkName(node.opType ?? '', name);
  if (opType === '') throw modelError(name, `node ${quoted(name)} names no operator`);
  if (node.overload) throw modelError(name, `node ${quoted(name)} calls a function of the model: export it inlined`);
  const attributes = new Map<string, Attribute>();
  for (const attribute of node.attribute ?? []) {
    const key = checkName(attribute.name ?? '', name);
    if (attributes.has(key)) throw modelError(name, `node ${quoted(name)} has two attributes ${quoted(key)}`);
    attributes.set(key, readAttribute(attribute, key, name, external));
  }
  const domain = checkName(node.domain ?? '', name);
  return {
    name,
    opType,
    domain: domain === 'ai.onnx' ? '' : domain,
    inputs: (node.input ?? []).map((value) => checkName(value, name)),
    outputs: (node.output ?? []).map((value) => checkName(value, name)),
    attributes,
  };
}

function readAttribute(
  attribute: AttributeProto,
  key: string,
  node: string,
  external: ReadonlyMap<TensorProto, Uint8Array>,
): Attribute {
  const place = `${node}.${key}`;
  switch (attribute.type ?? 0) {
    case 1:
      return { kind: 'float', value: attribute.f ?? 0 };
    case 2:
      return { kind: 'int', value: BigInt((attribute.i ?? 0).toString()) };
    case 3:
      return { kind: 'string', value: attribute.s ?? new Uint8Array() };
    case 4: {
      if (!attribute.t) throw modelError(node, `attribute ${quoted(place)} has no tensor`);
      return { kind: 'tensor', value: readTensor(attribute.t, place, external.get(attribute.t)) };
    }
    case 6:
      return { kind: 'floats', value: attribute.floats ?? [] };
    case 7:
      return { kind: 'ints', value: (attribute.ints ?? []).map((i) => BigInt(i.toString())) };
    case 8:
      return { kind: 'strings', value: attribute.strings ?? [] };
    case 5:
    case 10:
      throw modelError(node, `node ${quoted(node)} holds a nested graph (control flow), which is not supported`);
    default:
      throw modelError(node, `attribute ${quoted(place)} has the type ${attribute.type ?? 0}, which is not supported`);
  }
}

/** A declared value, or undefined where it is no tensor of a supported element type. */
function readValue(info: ValueInfoProto): OnnxValue | undefined {
  const name = checkName(info.name ?? '', 'value');
  const tensor = info.type?.tensorType;
  const type = elementTypeOf(tensor?.elemType ?? 0);
  if (name === '' || type === undefined) return undefined;
  const dims = tensor?.shape?.dim;
  const shape = dims
    ? dims.map((dim) => (dim.dimValue ? dimension(dim.dimValue, name) : checkName(dim.dimParam ?? '', name) || null))
    : null;
  return { name, type, shape };
}

/** A value of the model's interface: it must be a tensor. */
function readInterfaceValue(info: ValueInfoProto): OnnxValue {
  const value = readValue(info);
  if (value !== undefined) return value;
  const name = info.name ?? '';
  throw modelError(name, `the model's input or output ${quoted(name)} is not a tensor of a supported element type`);
}
