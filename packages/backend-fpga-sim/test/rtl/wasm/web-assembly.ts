/** The part of WebAssembly that is used here, typed: its types come with the DOM's. */

/** A compiled module; passes to threads as it is. */
export type SimulatorModule = object & { readonly simulatorModule?: never };

/** What harness.cc exports. Words are u32, given as int32 where the high bit is set. */
export interface Harness {
  readonly memory: { readonly buffer: ArrayBuffer };
  _initialize(): void;
  reset(): void;
  /** The address of the words that `write` takes and `read` leaves. */
  buffer(): number;
  bufferWords(): number;
  cyclesLow(): number;
  cyclesHigh(): number;
  write(address: number, count: number): void;
  read(address: number, count: number): void;
  run(cyclesMax: number): number;
}

interface Engine {
  compile(bytes: Uint8Array): Promise<SimulatorModule>;
  readonly Instance: new (
    module: SimulatorModule,
    imports: Readonly<Record<string, Readonly<Record<string, (...words: number[]) => number>>>>,
  ) => { readonly exports: Harness };
  readonly RuntimeError: new () => Error;
}

export const engine: Engine = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
