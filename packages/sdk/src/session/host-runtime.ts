/** What runs a program's host stages (encoder, decoder): an ONNX runtime behind a small interface. */

/** A dense row-major tensor in host memory; `shape[0]` is the batch. */
export type HostTensor =
  | { readonly dtype: 'f32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'u8'; readonly shape: readonly number[]; readonly data: Uint8Array }
  | { readonly dtype: 'i64'; readonly shape: readonly number[]; readonly data: BigInt64Array };

export interface HostRuntime {
  /** The graph must be self-contained: only its bytes are read. */
  load(onnx: Uint8Array<ArrayBuffer>, o: { readonly signal: AbortSignal }): Promise<HostGraph>;
}

/** A loaded ONNX graph. Tensors are bound to its inputs and outputs by position. */
export interface HostGraph {
  run(inputs: readonly HostTensor[]): Promise<readonly HostTensor[]>;
  /** Idempotent; no run is in progress. */
  close(): Promise<void>;
}
