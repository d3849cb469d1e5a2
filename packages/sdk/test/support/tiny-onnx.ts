/** ONNX models of a few elementwise nodes, written byte by byte: enough for host stages in tests. */

export interface TinyValue {
  readonly name: string;
  readonly dtype: 'f32' | 'u8';
  /** Without the batch. */
  readonly shape: readonly number[];
}

export interface TinyModel {
  readonly inputs: readonly TinyValue[];
  readonly outputs: readonly TinyValue[];
  /** `Cast` is to float32. A number among the inputs is a float32 constant. */
  readonly nodes: readonly {
    readonly op: string;
    readonly inputs: readonly (string | number)[];
    readonly output: string;
  }[];
}

export function tinyOnnx({ inputs, outputs, nodes }: TinyModel): Uint8Array<ArrayBuffer> {
  const constants = nodes.flatMap((node) => node.inputs.filter((input) => typeof input === 'number'));
  const graph = [
    ...nodes.flatMap(({ op, inputs: names, output }) =>
      field(1, [
        ...names.flatMap((name) => text(1, typeof name === 'number' ? constantName(name) : name)),
        ...text(2, output),
        ...text(4, op),
        ...(op === 'Cast' ? field(5, [...text(1, 'to'), ...number(3, 1), ...number(20, 2)]) : []),
      ]),
    ),
    ...text(2, 'tiny'),
    ...[...new Set(constants)].flatMap((value) =>
      field(5, [
        ...number(2, 1),
        ...text(8, constantName(value)),
        ...field(9, [...new Uint8Array(Float32Array.of(value).buffer)]),
      ]),
    ),
    ...inputs.flatMap((value) => field(11, valueInfo(value))),
    ...outputs.flatMap((value) => field(12, valueInfo(value))),
  ];
  const opset = [...text(1, ''), ...number(2, 17)];
  return Uint8Array.from([...number(1, 8), ...field(7, graph), ...field(8, opset)]);
}

function constantName(value: number): string {
  return `constant ${value}`;
}

function valueInfo({ name, dtype, shape }: TinyValue): number[] {
  const dims = [field(1, text(2, 'batch')), ...shape.map((size) => field(1, number(1, size)))].flat();
  const tensor = [...number(1, dtype === 'f32' ? 1 : 2), ...field(2, dims)];
  return [...text(1, name), ...field(2, field(1, tensor))];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];
}

function number(tag: number, value: number): number[] {
  return [...varint(tag * 8), ...varint(value)];
}

function field(tag: number, bytes: readonly number[]): number[] {
  return [...varint(tag * 8 + 2), ...varint(bytes.length), ...bytes];
}

function text(tag: number, value: string): number[] {
  return field(tag, [...new TextEncoder().encode(value)]);
}
