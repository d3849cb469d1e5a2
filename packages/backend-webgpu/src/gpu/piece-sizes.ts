/** How large the pieces are that work on a GPU is cut into. No bit of a result depends on them: tests cut as finely as they like. */

export interface PieceSizes {
  /**
   * Time of one submit: long beside the half millisecond that a submit costs, short beside what an abort may take. How many operations that
   * is, is measured.
   */
  readonly submitMs: number;
  /** Operations of a run's first submit: 5 to 40 ms on a software adapter, by the kernels; nothing on a GPU, where submits grow eightfold until they are long. */
  readonly submitCostFirst: number;
  /** Operations of a submit, at least. */
  readonly submitCostMin: number;
  /** Dispatches of one submit, at most: their encoding is work of this thread. */
  readonly submitDispatchesMax: number;
  /** Sets of what changes from dispatch to dispatch (`prelude/sweep.wgsl`) in one submit, at most. */
  readonly submitSweepsMax: number;
  /**
   * Sweeps of a small block in one dispatch, at most: whatever is measured, an abort is looked at now and then. The temperatures of as many sweeps
   * are on the GPU at once.
   */
  readonly dispatchSweepsMax: number;
  /** Workgroups of a dispatch in x, at most; beyond them they fill y. */
  readonly workgroupsMax: number;
  /** Bytes that are read back at once, at most. */
  readonly stagingBytesMax: number;
  /** Bytes of retained states that are collected before they are read back, at most, unless one sweep is more. */
  readonly collectedBytesMax: number;
  /** Bytes that one binding of a kernel may have. */
  readonly bindingBytesMax: number;
}

/** Those of an open device. */
export function pieceSizes({ limits }: Pick<GPUDevice, 'limits'>): PieceSizes {
  return {
    submitMs: 12,
    submitCostFirst: 2 ** 20,
    submitCostMin: 2 ** 16,
    submitDispatchesMax: 2048,
    submitSweepsMax: 512,
    dispatchSweepsMax: 4096,
    workgroupsMax: limits.maxComputeWorkgroupsPerDimension,
    stagingBytesMax: 4 * 2 ** 20,
    collectedBytesMax: 8 * 2 ** 20,
    bindingBytesMax: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
  };
}
