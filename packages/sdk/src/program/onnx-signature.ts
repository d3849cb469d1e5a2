/** The inputs and outputs of an embedded ONNX model, read without a general ONNX decoder. */
import { checkOnnxModel, decodeText } from './onnx-messages.ts';
import { ProtobufError, type WireField, wireFields } from './protobuf-reader.ts';

/** A graph input or output. */
export interface OnnxValue {
  readonly name: string;
  /** ONNX element type (1 FLOAT, 2 UINT8, 7 INT64, …), or undefined for what is no tensor. */
  readonly elementType: number | undefined;
  /** Null for a symbolic or unstated dimension; undefined when the graph states no shape. */
  readonly dimensions: readonly (number | null)[] | undefined;
}

export interface OnnxSignature {
  /** Without the inputs that an initializer gives a value. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** Field numbers of onnx.proto. */
const modelGraph = 7;
const graphInitializer = 5;
const graphInput = 11;
const graphOutput = 12;
const tensorName = 8;
const valueName = 1;
const valueType = 2;
const typeTensor = 1;
const tensorElementType = 1;
const tensorShape = 2;
const shapeDimension = 1;
const dimensionValue = 1;

/** Decodes the model; `fault` says why it is none, or why it is not self-contained (semantics 8.2). */
export function onnxSignature(model: Uint8Array): OnnxSignature | { readonly fault: string } {
  try {
    checkOnnxModel(model);
    const graphs = submessages(model, modelGraph);
    const [graph] = graphs;
    if (graph === undefined || graphs.length > 1) return { fault: `the model has ${graphs.length} graphs, not 1` };
    const initialized = new Set(submessages(graph, graphInitializer).map((tensor) => textOf(tensor, tensorName)));
    const inputs = submessages(graph, graphInput).map(readValue);
    const outputs = submessages(graph, graphOutput).map(readValue);
    return { inputs: inputs.filter(({ name }) => !initialized.has(name)), outputs };
  } catch (e) {
    if (e instanceof ProtobufError) return { fault: e.message };
    throw e;
  }
}

function readValue(info: Uint8Array): OnnxValue {
  const type = submessages(info, valueType).at(-1);
  const tensor = type && submessages(type, typeTensor).at(-1);
  const shape = tensor && submessages(tensor, tensorShape).at(-1);
  return {
    name: textOf(info, valueName),
    elementType: tensor && numberOf(tensor, tensorElementType),
    dimensions:
      shape && submessages(shape, shapeDimension).map((dimension) => numberOf(dimension, dimensionValue) ?? null),
  };
}

function fields(message: Uint8Array, number: number): readonly WireField[] {
  return [...wireFields(message)].filter((field) => field.number === number);
}

function submessages(message: Uint8Array, number: number): readonly Uint8Array[] {
  return fields(message, number).flatMap((field) => (field.wire === 'bytes' ? [field.value] : []));
}

function textOf(message: Uint8Array, number: number): string {
  const text = submessages(message, number).at(-1);
  return text === undefined ? '' : decodeText(text);
}

/** An int64 field, the last one given. */
function numberOf(message: Uint8Array, number: number): number | undefined {
  const field = fields(message, number).at(-1);
  return field?.wire === 'varint' ? Number(BigInt.asIntN(64, field.value)) : undefined;
}
