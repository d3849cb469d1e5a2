/**
 * Time of a quantum annealer (devices.md 3.1): T = Tp + Δ + R·(Ta + Tr + Td). It programs once, then anneals, reads and waits R times; Δ is overhead that is
 * not charged. All in µs.
 */
export interface AnnealTime {
  /** Tp. */
  readonly programmingUs: number;
  /** Ta. */
  readonly annealUs: number;
  /** Tr. */
  readonly readoutUs: number;
  /** Td. */
  readonly delayUs: number;
}

export interface AnnealCharge {
  /** R·(Ta + Tr + Td). */
  readonly samplingUs: number;
  /** Tp + sampling; without Δ. */
  readonly accessUs: number;
}

export function annealCharge(time: AnnealTime, reads: number): AnnealCharge {
  const samplingUs = reads * (time.annealUs + time.readoutUs + time.delayUs);
  return { samplingUs, accessUs: time.programmingUs + samplingUs };
}
