/** Reads buffers back through two staging buffers: one is copied into while the other is read. */
import type { GpuContext } from './gpu-context.ts';

export class StagingRing {
  readonly #gpu: GpuContext;
  readonly #buffers: GPUBuffer[] = [];

  constructor(gpu: GpuContext) {
    this.#gpu = gpu;
  }

  /** The first `into.byteLength` bytes of a buffer, after all that has been submitted. Signals are the caller's business. */
  async read(from: GPUBuffer, into: Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>): Promise<void> {
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    const pieces: { readonly staging: GPUBuffer; readonly begin: number; readonly mapped: Promise<void> }[] = [];
    const { stagingBytesMax } = this.#gpu.pieces;
    for (let begin = 0, n = 0; begin < bytes.length; begin += stagingBytesMax, n++) {
      const size = Math.min(stagingBytesMax, bytes.length - begin);
      // The piece that was read into this buffer before has to be out of it.
      if (pieces.length === 2) await this.#take(pieces.shift(), bytes);
      const staging = this.#buffer(n % 2, size);
      const encoder = this.#gpu.device.createCommandEncoder();
      encoder.copyBufferToBuffer(from, begin, staging, 0, size);
      this.#gpu.device.queue.submit([encoder.finish()]);
      const mapped = staging.mapAsync(mapModeRead, 0, size);
      // A GPU that dies fails this piece while another one is waited for.
      mapped.catch(() => {});
      pieces.push({ staging, begin, mapped });
    }
    for (const piece of pieces) await this.#take(piece, bytes);
  }

  end(): void {
    this.#gpu.memory.free(this.#buffers.splice(0));
  }

  async #take(
    piece: { readonly staging: GPUBuffer; readonly begin: number; readonly mapped: Promise<void> } | undefined,
    into: Uint8Array,
  ): Promise<void> {
    if (piece === undefined) return;
    await piece.mapped;
    const size = Math.min(this.#gpu.pieces.stagingBytesMax, into.length - piece.begin);
    into.set(new Uint8Array(piece.staging.getMappedRange(0, size)), piece.begin);
    piece.staging.unmap();
  }

  #buffer(n: number, bytes: number): GPUBuffer {
    const known = this.#buffers[n];
    if (known !== undefined && known.size >= bytes) return known;
    if (known !== undefined) this.#gpu.memory.free([known]);
    const buffer = this.#gpu.memory.staging('staging', bytes);
    this.#buffers[n] = buffer;
    return buffer;
  }
}

/** GPUMapMode.READ. */
const mapModeRead = 1;
