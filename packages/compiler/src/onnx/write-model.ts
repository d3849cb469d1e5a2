/** From an OnnxModel back to the bytes of an .onnx file: how host stages are written. */
import Long from 'long';
import { elementTypes } from './element-type.ts';
import { isinglass } from './generated/onnx.js';
import type { Attribute, OnnxModel, OnnxNode, OnnxValue, Tensor } from './onnx-model.ts';

type AttributeProto = isinglass.onnx.AttributeProto.$Properties;

/** The file, in memory of its own. Names that are numbers or null in a shape are written as unknown sizes. */
export function writeModel(
  model: Pick<OnnxModel, 'irVersion' | 'opsets' | 'producer' | 'name' | 'nodes' | 'constants' | 'inputs' | 'outputs'>,
): Uint8Array<ArrayBuffer> {
  const proto: isinglass.onnx.ModelProto.$Properties = {
    irVersion: Long.fromNumber(model.irVersion),
    producerName: model.producer,
    opsetImport: [...model.opsets].map(([domain, version]) => ({ domain, version: Long.fromNumber(version) })),
    graph: {
      name: model.name,
      node: model.nodes.map(nodeProto),
      initializer: [...model.constants.values()].map(tensorProto),
      input: model.inputs.map(valueProto),
      output: model.outputs.map(valueProto),
    },
  };
  return Uint8Array.from(isinglass.onnx.ModelProto.encode(proto).finish());
}

function nodeProto(node: OnnxNode): isinglass.onnx.NodeProto.$Properties {
  return {
    name: node.name,
    opType: node.opType,
    domain: node.domain,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: [...node.attributes].map(([name, attribute]) => attributeProto(name, attribute)),
  };
}

function attributeProto(name: string, attribute: Attribute): AttributeProto {
  switch (attribute.kind) {
    case 'float':
      return { name, type: 1, f: attribute.value };
    case 'int':
      return { name, type: 2, i: longOf(attribute.value) };
    case 'string':
      return { name, type: 3, s: attribute.value };
    case 'tensor':
      return { name, type: 4, t: tensorProto(attribute.value) };
    case 'floats':
      return { name, type: 6, floats: [...attribute.value] };
    case 'ints':
      return { name, type: 7, ints: attribute.value.map(longOf) };
    case 'strings':
      return { name, type: 8, strings: [...attribute.value] };
    default:
      return attribute satisfies never;
  }
}

function longOf(value: bigint): Long {
  return Long.fromString(value.toString());
}

function tensorProto({ name, type, dims, elements }: Tensor): isinglass.onnx.TensorProto.$Properties {
  return {
    name,
    dataType: elementTypes[type].code,
    dims: dims.map((d) => Long.fromNumber(d)),
    rawData: new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength),
  };
}

function valueProto({ name, type, shape }: OnnxValue): isinglass.onnx.ValueInfoProto.$Properties {
  const dim = (shape ?? []).map((d) =>
    typeof d === 'number' ? { dimValue: Long.fromNumber(d) } : { dimParam: d ?? '' },
  );
  return { name, type: { tensorType: { elemType: elementTypes[type].code, shape: { dim: dim as object[] } } } };
}
