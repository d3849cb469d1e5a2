/** How an analog machine misses the coefficients that it is given (devices.md 3.2). Sigmas are Gaussian, in the machine's own units. */
export interface NoiseModel {
  /** Of biases and couplings, drawn once for each programming. */
  readonly biasSigma: number;
  readonly couplingSigma: number;
  /** χ of the background susceptibility: h_i ← h_i − χ·Σ_j J_ij h_j in the sdk's signs. */
  readonly susceptibility: number;
  /** β in the machine's units: a coupling of k_B·T is programmed as 1/β. */
  readonly betaEffective: number;
  /** Bits of coefficients over their range; null: none are known. */
  readonly coefficientBits: number | null;
  /** Inclusive, in the machine's units; null: no clipping is known. */
  readonly biasRange: readonly [number, number] | null;
  readonly couplingRange: readonly [number, number] | null;
  /** Of a spin's sigmoid, fixed for a device: β·f becomes gain·(β·f + offset), offset in units of β·f. */
  readonly offsetSigma: number;
  readonly gainSigma: number;
  /** Probability that a state is read as its opposite. */
  readonly readoutFlip: number;
  /** τ of the random numbers' autocorrelation, ns; null: not published. */
  readonly correlationNs: number | null;
}

/**
 * Correlation of the random numbers of two updates of a spin that are so far apart: exp(−t/τ); null where τ is not published. Above a few percent, sweeps are
 * not independent draws.
 */
export const drawCorrelation = ({ correlationNs }: NoiseModel, updateNs: number): number | null =>
  correlationNs === null ? null : Math.exp(-updateNs / correlationNs);

/** Bits that noise of a sigma leaves of a range: log2(range / (√12·σ)). */
export const effectiveBits = (range: readonly [number, number], sigma: number): number =>
  Math.log2((range[1] - range[0]) / (Math.sqrt(12) * sigma));
