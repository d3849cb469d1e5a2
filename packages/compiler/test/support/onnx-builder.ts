/**
 * Writes small ONNX models in the handwriting of PyTorch's two exporters, with the generated encoder.
 *
 * - `torchscript`: IR 8, opset 17, values named `/block/Conv_output_0`, initialisers named `onnx::Conv_12`, small
 *   constants as `Constant` nodes, a padding computed by nine nodes from a list.
 * - `dynamo`: IR 10, opset 18, values named `val_3`, nodes named `node_Conv_3` with metadata, every constant an
 *   initialiser, optionally in an external file.
 *
 * Every method adds nodes and returns the name of the value that they define. What torch would refuse is allowed:
 * tests of the importer need broken models too.
 */
import Long from 'long';
import { isinglass } from '../../src/onnx/generated/onnx.js';

const { onnx } = isinglass;
type NodeProperties = isinglass.onnx.NodeProto.$Properties;
type TensorProperties = isinglass.onnx.TensorProto.$Properties;
type AttributeProperties = isinglass.onnx.AttributeProto.$Properties;

export type ExporterStyle = 'torchscript' | 'dynamo';

/** The ONNX numbers of the element types that the tests use. */
export const elementTypes = {
  float: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  double: 11,
  bfloat16: 16,
} as const;
export type ElementTypeName = keyof typeof elementTypes;

/** An attribute: a number is an int where whole, `{ float }` where not to be mistaken; an array likewise. */
export type AttributeValue =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: TensorProperties };

export interface BuilderOptions {
  readonly style?: ExporterStyle;
  readonly opset?: number;
  readonly irVersion?: number;
  /** Puts initialisers of at least this many bytes into the file `weights.data` (see `externalFiles`). */
  readonly externalBytesMin?: number;
}

export interface ConvOptions {
  readonly weights: readonly number[] | Float32Array;
  /** `[Cout, Cin/groups, ...k]` */
  readonly shape: readonly number[];
  readonly bias?: readonly number[] | Float32Array | undefined;
  readonly strides?: readonly number[] | undefined;
  readonly pads?: readonly number[] | undefined;
  readonly dilations?: readonly number[] | undefined;
  readonly groups?: number | undefined;
  readonly autoPad?: string | undefined;
}

export interface BatchNormOptions {
  readonly scale: readonly number[] | Float32Array;
  readonly shift: readonly number[] | Float32Array;
  readonly mean: readonly number[] | Float32Array;
  readonly variance: readonly number[] | Float32Array;
  readonly epsilon?: number;
}

/** A tensor as TensorProto, elements in `raw_data`. */
export function rawTensor(
  name: string,
  type: ElementTypeName,
  dims: readonly number[],
  values: ArrayLike<number>,
): TensorProperties {
  const list = Array.from(values);
  const rawData = new Uint8Array(
    type === 'float'
      ? Float32Array.from(list).buffer
      : type === 'double'
        ? Float64Array.from(list).buffer
        : type === 'int64'
          ? BigInt64Array.from(list, (v) => BigInt(v)).buffer
          : type === 'int32'
            ? Int32Array.from(list).buffer
            : type === 'float16' || type === 'bfloat16'
              ? Uint16Array.from(list).buffer
              : Uint8Array.from(list).buffer,
  );
  return { name, dataType: elementTypes[type], dims: dims.map((d) => Long.fromNumber(d)), rawData };
}

/** A value's type; a string in `shape` is a size known only at run time. */
export function valueInfo(
  name: string,
  shape: readonly (number | string)[],
  type: ElementTypeName = 'float',
): isinglass.onnx.ValueInfoProto.$Properties {
  const dim = shape.map((d) => (typeof d === 'number' ? { dimValue: Long.fromNumber(d) } : { dimParam: d }));
  // The generated type of a oneof wants the other member absent or null, never both present.
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim: dim as object[] } } } };
}

function attribute(name: string, value: AttributeValue): AttributeProperties {
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) };
  if (typeof value === 'number') {
    return Number.isInteger(value) ? { name, type: 2, i: Long.fromNumber(value) } : { name, type: 1, f: value };
  }
  if (Array.isArray(value)) return { name, type: 7, ints: value.map((v) => Long.fromNumber(v)) };
  if ('float' in value) return { name, type: 1, f: value.float };
  if ('floats' in value) return { name, type: 6, floats: [...value.floats] };
  if ('tensor' in value) return { name, type: 4, t: value.tensor };
  throw new TypeError(`attribute ${name}`);
}

export class OnnxBuilder {
  readonly style: ExporterStyle;
  readonly opset: number;
  readonly irVersion: number;
  readonly nodes: NodeProperties[] = [];
  readonly initializers: TensorProperties[] = [];
  readonly inputs: isinglass.onnx.ValueInfoProto.$Properties[] = [];
  readonly outputs: isinglass.onnx.ValueInfoProto.$Properties[] = [];
  readonly #externalBytesMin: number;
  readonly #external: Uint8Array[] = [];
  #externalLength = 0;
  #count = 0;

  constructor(o: BuilderOptions = {}) {
    this.style = o.style ?? 'torchscript';
    this.opset = o.opset ?? (this.style === 'torchscript' ? 17 : 18);
    this.irVersion = o.irVersion ?? (this.style === 'torchscript' ? 8 : 10);
    this.#externalBytesMin = o.externalBytesMin ?? Number.POSITIVE_INFINITY;
  }

  input(name: string, shape: readonly (number | string)[], type: ElementTypeName = 'float'): string {
    this.inputs.push(valueInfo(name, shape, type));
    return name;
  }

  output(name: string, shape: readonly (number | string)[], type: ElementTypeName = 'float'): this {
    this.outputs.push(valueInfo(name, shape, type));
    return this;
  }

  /** Adds a node; returns its first output. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue | undefined>> = {},
    o: { readonly name?: string; readonly outputs?: readonly string[]; readonly domain?: string } = {},
  ): string {
    const n = this.#count++;
    const torchscript = this.style === 'torchscript';
    const name = o.name ?? (torchscript ? `/net/${opType}_${n}` : `node_${opType}_${n}`);
    const outputs = o.outputs ?? [torchscript ? `/net/${opType}_${n}_output_0` : `val_${n}`];
    const [first] = outputs;
    if (first === undefined) throw new TypeError('a node has at least one output');
    const attributeList: AttributeProperties[] = [];
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined) attributeList.push(attribute(key, value));
    }
    this.nodes.push({
      name,
      opType,
      input: [...inputs],
      output: [...outputs],
      attribute: attributeList,
      ...(o.domain === undefined ? {} : { domain: o.domain }),
      ...(torchscript
        ? {}
        : { metadataProps: [{ key: 'namespace', value: `: net.Net/${name}: aten.${opType.toLowerCase()}.default` }] }),
    });
    return first;
  }

  /** A shared tensor of parameters; float unless said otherwise. Returns its name. */
  initializer(
    values: ArrayLike<number>,
    dims: readonly number[],
    o: { readonly name?: string; readonly type?: ElementTypeName; readonly for?: string } = {},
  ): string {
    const n = this.#count++;
    const name = o.name ?? (this.style === 'torchscript' ? `onnx::${o.for ?? 'Mul'}_${n}` : `net.p${n}.weight`);
    this.addTensor(rawTensor(name, o.type ?? 'float', dims, values));
    return name;
  }

  /** Adds an initialiser as it stands (moved to the external file where that is asked for). */
  addTensor(tensor: TensorProperties): this {
    const raw = tensor.rawData;
    if (raw === undefined || raw === null || raw.length < this.#externalBytesMin) {
      this.initializers.push(tensor);
      return this;
    }
    // Exporters align external tensors; a hole of 64 bytes at most between two of them.
    const offset = Math.ceil(this.#externalLength / 64) * 64;
    this.#external.push(new Uint8Array(offset - this.#externalLength), raw);
    this.#externalLength = offset + raw.length;
    this.initializers.push({
      ...tensor,
      rawData: null,
      dataLocation: 1,
      externalData: [
        { key: 'location', value: 'weights.data' },
        { key: 'offset', value: String(offset) },
        { key: 'length', value: String(raw.length) },
      ],
    });
    return this;
  }

  /** An initialiser of float32, by name: what most tests of files need. */
  addTensorOf(name: string, values: readonly number[]): this {
    return this.addTensor(rawTensor(name, 'float', [values.length], values));
  }

  /** A small constant: a Constant node (torchscript) or an initialiser (dynamo). */
  constant(values: ArrayLike<number>, dims: readonly number[], type: ElementTypeName = 'float'): string {
    if (this.style === 'dynamo') return this.initializer(values, dims, { type });
    return this.node('Constant', [], { value: { tensor: rawTensor('', type, dims, values) } });
  }

  conv(x: string, o: ConvOptions): string {
    const rank = o.shape.length - 2;
    const inputs = [x, this.initializer(o.weights, o.shape, { for: 'Conv' })];
    if (o.bias !== undefined) inputs.push(this.initializer(o.bias, [o.bias.length], { for: 'Conv' }));
    return this.node('Conv', inputs, {
      dilations: o.dilations ?? Array<number>(rank).fill(1),
      group: o.groups ?? 1,
      kernel_shape: o.shape.slice(2),
      pads: o.autoPad === undefined ? (o.pads ?? Array<number>(2 * rank).fill(0)) : undefined,
      strides: o.strides ?? Array<number>(rank).fill(1),
      auto_pad: o.autoPad,
    });
  }

  batchNorm(x: string, o: BatchNormOptions): string {
    const c = [o.scale.length];
    const parameters = [o.scale, o.shift, o.mean, o.variance].map((p) =>
      this.initializer(p, c, { for: 'BatchNormalization' }),
    );
    return this.node('BatchNormalization', [x, ...parameters], {
      epsilon: { float: o.epsilon ?? 1e-5 },
      momentum: { float: 0.9 },
      training_mode: this.style === 'torchscript' ? 0 : undefined,
    });
  }

  /** Mul, Add, Sub or Div with a constant on the right. */
  elementwise(
    op: 'Mul' | 'Add' | 'Sub' | 'Div',
    x: string,
    values: ArrayLike<number>,
    dims: readonly number[],
    type: ElementTypeName = 'float',
  ): string {
    return this.node(op, [
      x,
      dims.length === 0 ? this.constant(values, dims, type) : this.initializer(values, dims, { type, for: op }),
    ]);
  }

  add(x: string, y: string): string {
    return this.node('Add', [x, y]);
  }

  tanh(x: string): string {
    return this.node('Tanh', [x]);
  }

  sign(x: string): string {
    return this.node('Sign', [x]);
  }

  /** torch.nn.Linear: `weights` is `[Nto, Nfrom]`. */
  gemm(x: string, weights: ArrayLike<number>, shape: readonly [number, number], bias?: ArrayLike<number>): string {
    const inputs = [x, this.initializer(weights, shape, { for: 'Gemm' })];
    if (bias !== undefined) inputs.push(this.initializer(bias, [bias.length], { for: 'Gemm' }));
    return this.node('Gemm', inputs, { alpha: { float: 1 }, beta: { float: 1 }, transB: 1 });
  }

  /** `weights` is `[Nfrom, Nto]`. */
  matmul(x: string, weights: ArrayLike<number>, shape: readonly [number, number]): string {
    return this.node('MatMul', [x, this.initializer(weights, shape, { for: 'MatMul' })]);
  }

  /** torch.nn.functional.pad with zeros, as each exporter writes it; `pads` in ONNX order, spatial axes only. */
  zeroPad(x: string, pads: readonly number[]): string {
    const rank = pads.length / 2;
    const onnxPads = [0, 0, ...pads.slice(0, rank), 0, 0, ...pads.slice(rank)];
    if (this.style === 'dynamo') {
      return this.node('Pad', [x, this.constant(onnxPads, [onnxPads.length], 'int64')], { mode: 'constant' });
    }
    // Torch's own order: the last axis first, begin and end of each; the exporter reverses it with nodes.
    const torchPads = Array.from({ length: rank }, (_, k) => rank - 1 - k).flatMap((axis) => [
      pads[axis] ?? 0,
      pads[axis + rank] ?? 0,
    ]);
    const one = (v: number) => this.constant([v], [1], 'int64');
    const zeros = this.node('ConstantOfShape', [one(4)], { value: { tensor: rawTensor('', 'int64', [1], [0]) } });
    const list = this.node('Concat', [this.constant(torchPads, [torchPads.length], 'int64'), zeros], { axis: 0 });
    const pairs = this.node('Reshape', [list, this.constant([-1, 2], [2], 'int64')], { allowzero: 0 });
    const reversed = this.node('Slice', [pairs, one(-1), one(-9007199254740991), one(0), one(-1)]);
    const columns = this.node('Transpose', [reversed], { perm: [1, 0] });
    const flat = this.node('Reshape', [columns, one(-1)], { allowzero: 0 });
    const cast = this.node('Cast', [flat], { to: elementTypes.int64 });
    return this.node('Pad', [x, cast, this.constant([0], [])], { mode: 'constant' });
  }

  flatten(x: string): string {
    return this.node('Flatten', [x], { axis: 1 });
  }

  proto(): isinglass.onnx.ModelProto.$Properties {
    return {
      irVersion: Long.fromNumber(this.irVersion),
      producerName: 'pytorch',
      producerVersion: this.style === 'torchscript' ? '2.8.0' : '2.9.0',
      graph: {
        name: 'main_graph',
        node: this.nodes,
        initializer: this.initializers,
        input: this.inputs,
        output: this.outputs,
      },
      opsetImport: [{ domain: '', version: Long.fromNumber(this.opset) }],
    };
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return encodeModel(this.proto());
  }

  /** The files beside the model that it refers to. */
  externalFiles(): ReadonlyMap<string, Uint8Array> {
    if (this.#external.length === 0) return new Map();
    const bytes = new Uint8Array(this.#externalLength);
    let at = 0;
    for (const part of this.#external) {
      bytes.set(part, at);
      at += part.length;
    }
    return new Map([['weights.data', bytes]]);
  }
}

/** The wire form, in memory of its own. */
export function encodeModel(model: isinglass.onnx.ModelProto.$Properties): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(onnx.ModelProto.encode(model).finish());
}
