/**
 * The file that every sampler reads, little-endian. Convolution: `PEERCNV1`, int32 c1 c2 H W batch, float32 delta beta,
 * float32 K[c2][c1][3][3], h1[batch][c1][H][W], h2[batch][c2][H][W]. Graph: `PEERGRF1`, int32 n m colors chains,
 * float32 beta, float32 h[n], int32 color[n], int32 u[m], int32 v[m], float32 J[m].
 */
import { endianness } from 'node:os';
import { InvalidRequestError } from '@isinglass/sdk';
import type { ConvWorkload, GraphWorkload, Workload } from './workload.ts';

const magicOf = { conv: 'PEERCNV1', graph: 'PEERGRF1' } as const;

export function encodeWorkload(workload: Workload): Uint8Array<ArrayBuffer> {
  assertLittleEndian();
  const magic = Uint8Array.from(magicOf[workload.kind], (letter) => letter.charCodeAt(0));
  const parts = workload.kind === 'conv' ? convParts(workload) : graphParts(workload);
  return concatenate([magic, ...parts]);
}

/** Throws InvalidRequestError for bytes that are no workload file, of a wrong length, or with a graph that is not one. */
export function decodeWorkload(bytes: Uint8Array): Workload {
  assertLittleEndian();
  const magic = String.fromCharCode(...bytes.subarray(0, 8));
  const reader = new PartReader(bytes, 8);
  if (magic !== magicOf.conv && magic !== magicOf.graph) {
    throw invalidFile(`it begins with ${JSON.stringify(magic)}, not with ${magicOf.conv} or ${magicOf.graph}`);
  }
  const workload = magic === magicOf.conv ? decodeConv(reader) : decodeGraph(reader);
  reader.end();
  if (workload.kind === 'graph') assertGraph(workload);
  return workload;
}

function convParts(w: ConvWorkload): readonly ArrayBufferView[] {
  return [
    Int32Array.of(w.channels1, w.channels2, w.height, w.width, w.batch),
    Float32Array.of(w.delta, w.beta),
    w.kernel,
    w.h1,
    w.h2,
  ];
}

function graphParts(w: GraphWorkload): readonly ArrayBufferView[] {
  const head = Int32Array.of(w.spinCount, w.u.length, w.colorCount, w.chains);
  return [head, Float32Array.of(w.beta), w.h, w.color, w.u, w.v, w.J];
}

function decodeConv(reader: PartReader): ConvWorkload {
  const [channels1 = 0, channels2 = 0, height = 0, width = 0, batch = 0] = reader.sizes(5);
  const [delta = 0, beta = 0] = reader.floats(2);
  const map = batch * height * width;
  return {
    kind: 'conv',
    channels1,
    channels2,
    height,
    width,
    batch,
    delta,
    beta,
    kernel: reader.floats(channels2 * channels1 * 9),
    h1: reader.floats(map * channels1),
    h2: reader.floats(map * channels2),
  };
}

function decodeGraph(reader: PartReader): GraphWorkload {
  const [spinCount = 0, pairs = 0, colorCount = 0, chains = 0] = reader.sizes(4);
  const [beta = 0] = reader.floats(1);
  return {
    kind: 'graph',
    spinCount,
    colorCount,
    chains,
    beta,
    h: reader.floats(spinCount),
    color: reader.integers(spinCount),
    u: reader.integers(pairs),
    v: reader.integers(pairs),
    J: reader.floats(pairs),
  };
}

function assertGraph({ spinCount, colorCount, color, u, v }: GraphWorkload): void {
  const wrongColor = color.findIndex((c) => c < 0 || c >= colorCount);
  if (wrongColor >= 0) throw invalidFile(`spin ${wrongColor} has color ${color[wrongColor]} of ${colorCount}`);
  u.forEach((spin, pair) => {
    const other = v[pair] as number;
    if (!(spin >= 0 && spin < other && other < spinCount)) {
      throw invalidFile(`pair ${pair} joins ${spin} and ${other}; allowed: 0 ≤ u < v < ${spinCount}`);
    }
    if (color[spin] === color[other]) throw invalidFile(`pair ${pair} joins two spins of color ${color[spin]}`);
  });
}

/** Parts of a file in order. */
class PartReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Integers of at least 1. */
  sizes(count: number): Int32Array<ArrayBuffer> {
    const found = this.integers(count);
    if (found.some((size) => size < 1)) throw invalidFile(`its sizes are ${found.join(', ')}; allowed: from 1 on`);
    return found;
  }

  integers(count: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#take(4 * count));
  }

  floats(count: number): Float32Array<ArrayBuffer> {
    const found = new Float32Array(this.#take(4 * count));
    if (!found.every(Number.isFinite)) throw invalidFile('it holds a number that is not finite');
    return found;
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw invalidFile(`it has ${this.#bytes.length} bytes instead of ${this.#at}`);
  }

  #take(count: number): ArrayBuffer {
    const last = this.#at + count;
    if (last > this.#bytes.length) throw invalidFile(`it ends after ${this.#bytes.length} bytes`);
    // A copy, aligned, also of a Buffer, whose `slice` would be a view.
    const part = new Uint8Array(this.#bytes.subarray(this.#at, last));
    this.#at = last;
    return part.buffer;
  }
}

function concatenate(parts: readonly ArrayBufferView[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return bytes;
}

function invalidFile(why: string): InvalidRequestError {
  return new InvalidRequestError(`not a workload file: ${why}`, { where: 'workload file' });
}

function assertLittleEndian(): void {
  if (endianness() !== 'LE') throw new Error('workload files are written and read on little-endian machines only');
}
