/** Buffers of a device, counted. */

/** The flags of GPUBufferUsage, whose name is a global of pages only. */
export const usage = {
  mapRead: 1,
  copyFrom: 4,
  copyTo: 8,
  uniform: 64,
  storage: 128,
} as const;

/** What kernels read and write, hosts fill and copies leave. */
const storageUsage = usage.storage | usage.copyFrom | usage.copyTo;

export class GpuMemory {
  readonly #device: GPUDevice;
  #bytes = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Bytes of all buffers that have not been freed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Zeroed; at least one word, as empty bindings are not allowed. `bytes` is a multiple of 4. */
  storage(label: string, bytes: number): GPUBuffer {
    return this.#create(label, bytes, storageUsage);
  }

  /** A storage buffer with these contents. */
  filled(label: string, data: Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.storage(label, data.byteLength);
    this.#device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  }

  uniform(label: string, data: Uint32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.#create(label, data.byteLength, usage.uniform | usage.copyTo);
    this.#device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  }

  /** For the host to read. */
  staging(label: string, bytes: number): GPUBuffer {
    return this.#create(label, bytes, usage.mapRead | usage.copyTo);
  }

  free(buffers: Iterable<GPUBuffer>): void {
    for (const buffer of buffers) {
      this.#bytes -= buffer.size;
      buffer.destroy();
    }
  }

  #create(label: string, bytes: number, flags: number): GPUBuffer {
    const buffer = this.#device.createBuffer({ label, size: Math.max(4, bytes), usage: flags });
    this.#bytes += buffer.size;
    return buffer;
  }
}
