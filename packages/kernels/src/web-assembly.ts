/**
 * The part of WebAssembly that is used here, typed: its types come with the DOM's, which this package does without.
 * Modules and memories pass through `postMessage` as they are.
 */

/** A compiled module. */
export type KernelModule = object & { readonly kernelModule?: never };

/** A shared memory; after `grow`, `buffer` is another, larger view of the same bytes. */
export interface KernelMemory {
  readonly buffer: SharedArrayBuffer;
  /** Adds pages of 64 KiB; the number before. Throws RangeError when there are no more. */
  grow(pages: number): number;
}

interface Engine {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  compile(bytes: Uint8Array<ArrayBuffer>): Promise<KernelModule>;
  readonly Instance: new (
    module: KernelModule,
    imports: { readonly env: { readonly memory: KernelMemory } },
  ) => { readonly exports: object };
  readonly Memory: new (o: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => KernelMemory;
}

/** The engine of this process or page. */
export const engine: Engine = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
