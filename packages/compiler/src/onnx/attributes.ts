/** Typed access to a node's attributes; a wrong kind or range is an error that names node and attribute. */
import { modelError, quoted } from './model-error.ts';
import type { OnnxNode, Tensor } from './onnx-model.ts';

function wrongKind(node: OnnxNode, name: string, kind: string) {
  return modelError(node.name, `attribute ${quoted(name)} of node ${quoted(node.name)} is not ${kind}`);
}

function whole(node: OnnxNode, name: string, value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw wrongKind(node, name, 'a whole number of magnitude below 2^53');
  return number;
}

export function intAttribute<T extends number | undefined>(node: OnnxNode, name: string, absent: T): number | T {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return absent;
  if (attribute.kind !== 'int') throw wrongKind(node, name, 'an int');
  return whole(node, name, attribute.value);
}

export function floatAttribute(node: OnnxNode, name: string, absent: number): number {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return absent;
  if (attribute.kind !== 'float') throw wrongKind(node, name, 'a float');
  return attribute.value;
}

export function intsAttribute(node: OnnxNode, name: string): readonly number[] | undefined {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return undefined;
  if (attribute.kind !== 'ints') throw wrongKind(node, name, 'a list of ints');
  return attribute.value.map((value) => whole(node, name, value));
}

export function stringAttribute(node: OnnxNode, name: string, absent: string): string {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return absent;
  if (attribute.kind !== 'string') throw wrongKind(node, name, 'a string');
  return new TextDecoder().decode(attribute.value);
}

export function tensorAttribute(node: OnnxNode, name: string): Tensor | undefined {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return undefined;
  if (attribute.kind !== 'tensor') throw wrongKind(node, name, 'a tensor');
  return attribute.value;
}
