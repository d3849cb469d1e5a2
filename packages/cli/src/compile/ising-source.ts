/** A plain Ising problem from a file: edge list, dense matrices, or dimod's COO text. */
import { denseProblem, type IsingProblem, readCoo, readEdgeList } from '@isinglass/compiler';
import { InvalidRequestError } from '@isinglass/sdk';
import { readInputFile } from '../images/input-file.ts';
import { isNpy, readNpy } from '../images/npy.ts';

export type IsingFormat = 'edges' | 'dense' | 'coo';

/** `offset`: the energy that the file's convention has beyond this project's (COO with binary variables), else 0. */
export interface IsingSource {
  readonly problem: IsingProblem;
  readonly offset: number;
}

export function readIsing(path: string, format: IsingFormat): IsingSource {
  const bytes = readInputFile(path);
  switch (format) {
    case 'edges':
      return { problem: readEdgeList(textOf(bytes, path)), offset: 0 };
    case 'coo':
      return readCoo(textOf(bytes, path));
    case 'dense':
      return { problem: denseProblem(isNpy(bytes) ? npyMatrix(bytes, path) : jsonMatrices(bytes, path)), offset: 0 };
    default:
      return format satisfies never;
  }
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InvalidRequestError(`${path} is not UTF-8 text`, { where: path, cause });
  }
}

/** J alone, `[N, N]`. */
function npyMatrix(bytes: Uint8Array, path: string): { readonly J: readonly ArrayLike<number>[] } {
  const { dtype, shape, data } = readNpy(bytes, path);
  const [rows = 0, columns = 0] = shape;
  if (dtype !== 'f32' || shape.length !== 2) {
    throw new InvalidRequestError(`${path} holds ${dtype} of shape [${shape}]; J is float32 [N, N]`, { where: path });
  }
  return { J: Array.from({ length: rows }, (_, i) => data.subarray(i * columns, (i + 1) * columns)) };
}

/** `{ "J": [[…], …], "h": […] }`; h may be absent. */
function jsonMatrices(bytes: Uint8Array, path: string) {
  const json = parsed(textOf(bytes, path), path);
  const { J, h } = typeof json === 'object' && json !== null ? (json as { J?: unknown; h?: unknown }) : {};
  if (!Array.isArray(J) || !J.every(isNumbers) || !(h === undefined || isNumbers(h))) {
    throw new InvalidRequestError(`${path} must be JSON like { "J": [[0, 1], [1, 0]], "h": [0, 0.5] }`, {
      where: path,
    });
  }
  return { J, ...(h === undefined ? {} : { h }) };
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidRequestError(`${path} is not JSON: ${(cause as Error).message}`, { where: path, cause });
  }
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number');
}
