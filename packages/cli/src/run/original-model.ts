/** The network that a program was compiled from, in onnxruntime: what the program is compared with. */
import { resolve } from 'node:path';
import { HostStageError, type HostTensor, InvalidModelError, InvalidRequestError } from '@isinglass/sdk';
import type { InferenceSession, Tensor } from 'onnxruntime-node';

export interface OriginalModelOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (imagesDone: number) => void;
}

const batchImages = 100;

/** The first output for all images. The file is opened by its path, so that external data beside it is found. */
export async function originalModelOutput(
  path: string,
  images: HostTensor,
  { signal, onProgress }: OriginalModelOptions,
): Promise<HostTensor> {
  const ort = await import('onnxruntime-node');
  const session = await openModel(path);
  try {
    const [count = 0, ...shape] = images.shape;
    const size = shape.reduce((product, axis) => product * axis, 1);
    const parts: Tensor[] = [];
    for (let first = 0; first < count; first += batchImages) {
      signal.throwIfAborted();
      const rows = Math.min(batchImages, count - first);
      const data = images.data.slice(first * size, (first + rows) * size);
      const input = new ort.Tensor(ortTypes[images.dtype], data, [rows, ...shape]);
      parts.push(await runBatch(session, input, path));
      onProgress?.(first + rows);
    }
    return joined(parts, path);
  } finally {
    await session.release();
  }
}

const ortTypes = { f32: 'float32', u8: 'uint8', i64: 'int64' } as const;

async function openModel(path: string): Promise<InferenceSession> {
  const { InferenceSession } = await import('onnxruntime-node');
  try {
    return await InferenceSession.create(resolve(path), { executionProviders: ['cpu'], logSeverityLevel: 3 });
  } catch (cause) {
    throw new InvalidModelError(`${path} cannot be loaded by onnxruntime: ${(cause as Error).message}`, {
      where: path,
      cause,
    });
  }
}

async function runBatch(session: InferenceSession, input: Tensor, path: string): Promise<Tensor> {
  const [inputName = '', ...others] = session.inputNames;
  const [outputName = ''] = session.outputNames;
  if (others.length > 0) {
    throw new InvalidRequestError(
      `${path} has ${session.inputNames.length} inputs; a comparison takes models with one`,
      {
        where: path,
      },
    );
  }
  try {
    const results = await session.run({ [inputName]: input });
    return results[outputName] as Tensor;
  } catch (cause) {
    throw new HostStageError(`${path} failed in onnxruntime: ${(cause as Error).message}`, { where: path, cause });
  }
}

function joined(parts: readonly Tensor[], path: string): HostTensor {
  const shape = parts[0]?.dims.slice(1) ?? [];
  const rows = parts.reduce((sum, part) => sum + (part.dims[0] ?? 0), 0);
  const data = new Float32Array(shape.reduce((product, axis) => product * axis, rows));
  let at = 0;
  for (const part of parts) {
    if (!(part.data instanceof Float32Array)) {
      throw new InvalidRequestError(`${path} has an output of ${part.type}; a comparison takes float32`, {
        where: path,
      });
    }
    data.set(part.data, at);
    at += part.data.length;
  }
  return { dtype: 'f32', shape: [rows, ...shape], data };
}
