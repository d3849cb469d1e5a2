/** What the module of `half-sums.as.ts` exports; every pointer is a byte address. */
export interface HalfSumsKernels {
  /** One table look-up at a time is widened: any quad has Σ|w| ≤ 255. */
  halfSums1: HalfSums;
  /** Two neighbouring quads of a run are added as bytes first: Σ|w| of any two neighbours ≤ 255. */
  halfSums2: HalfSums;
  /** Four neighbouring quads of a run: Σ|w| of any four neighbours ≤ 255. */
  halfSums4: HalfSums;
  /** Any int8 weights: tables with carries, 128 bytes a quad instead of 64; fewer than 256 quads in a class's runs together. */
  carriedHalfSums: HalfSums;
}

/**
 * V of the pixels begin … end − 1 for one quad of output channels, u16 `[pixel][4 channels][E][O]` at `out` (128 bytes a pixel), modulo 2¹⁶.
 * nibbles: of the giving bank's tile; tables: of this quad; pixels, classes: the geometry (`half-sum-geometry.ts`).
 */
export type HalfSums = (
  out: number,
  nibbles: number,
  tables: number,
  pixels: number,
  classes: number,
  begin: number,
  end: number,
) => void;
