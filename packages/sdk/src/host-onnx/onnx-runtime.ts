/**
 * A HostRuntime over either package of ONNX Runtime. Only what the two share is used, and only as a type: the package is
 * imported when the first graph is loaded, so that the sdk does without it until then.
 */
import { UnsupportedError } from '../errors/isinglass-error.ts';
import type { HostGraph, HostRuntime, HostTensor } from '../session/host-runtime.ts';

/** What `onnxruntime-node` and `onnxruntime-web` have in common, as far as it is needed here. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: 'float32' | 'uint8' | 'int64', data: OnnxData, dims: readonly number[]) => OnnxTensor;
}
interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}
interface OnnxTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}
type OnnxData = Float32Array | Uint8Array | BigInt64Array;

export interface OnnxRuntimeOptions {
  /** npm name of the package. */
  readonly name: string;
  readonly load: () => Promise<OnnxRuntime>;
  readonly session: object;
}

export function onnxHostRuntime(o: OnnxRuntimeOptions): HostRuntime {
  return {
    async load(onnx, { signal }) {
      const runtime = await imported(o);
      signal.throwIfAborted();
      // Bytes, never a path: the graph holds all its tensors, and nothing is looked for in the working directory.
      const session = await runtime.InferenceSession.create(onnx, o.session);
      if (!signal.aborted) return graphOf(runtime, session);
      await session.release();
      throw signal.reason;
    },
  };
}

async function imported({ name, load }: OnnxRuntimeOptions): Promise<OnnxRuntime> {
  try {
    return await load();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UnsupportedError(
      'host',
      `host stages need the package ${name}, which does not load here (${message}); install it: npm install ${name}`,
      { cause },
    );
  }
}

function graphOf(runtime: OnnxRuntime, session: OnnxSession): HostGraph {
  let closing: Promise<void> | undefined;
  return {
    async run(inputs) {
      if (inputs.length !== session.inputNames.length) {
        throw new RangeError(`the graph has ${session.inputNames.length} inputs, not ${inputs.length}`);
      }
      const feeds = Object.fromEntries(
        session.inputNames.map((name, n) => [name, toOnnx(runtime, inputs[n] as HostTensor)]),
      );
      const outputs = await session.run(feeds);
      return session.outputNames.map((name) => fromOnnx(name, outputs[name]));
    },
    close() {
      closing ??= session.release();
      return closing;
    },
  };
}

const onnxTypes = { f32: 'float32', u8: 'uint8', i64: 'int64' } as const;

function toOnnx(runtime: OnnxRuntime, tensor: HostTensor): OnnxTensor {
  return new runtime.Tensor(onnxTypes[tensor.dtype], tensor.data, tensor.shape);
}

function fromOnnx(name: string, tensor: OnnxTensor | undefined): HostTensor {
  const shape = tensor?.dims ?? [];
  const { type, data } = tensor ?? { type: 'nothing', data: undefined };
  if (type === 'float32' && data instanceof Float32Array) return { dtype: 'f32', shape, data };
  if (type === 'uint8' && data instanceof Uint8Array) return { dtype: 'u8', shape, data };
  if (type === 'int64' && data instanceof BigInt64Array) return { dtype: 'i64', shape, data };
  throw new TypeError(`output "${name}" is ${type}; allowed: float32, uint8, int64`);
}
