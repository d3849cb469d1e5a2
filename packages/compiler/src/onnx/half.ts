/**
 * The 16-bit floating-point formats of ONNX, as numbers: float16 (IEEE 754 binary16) and bfloat16 (the upper half of
 * binary32). Conversions of our own: Float16Array needs Node 24.
 */
const f32 = new Float32Array(1);
const u32 = new Uint32Array(f32.buffer);

/** The number that binary16 bits stand for; exact. */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest binary16, ties to even. */
export function numberToFloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  // Below 2^-14 the grid is 2^-24; above, 2^-10 of the power of two. A carry out of the fraction raises the exponent.
  const exponent = Math.max(-14, Math.floor(Math.log2(size === 0 ? 1 : size)));
  const normal = size >= 2 ** exponent ? exponent : Math.max(-14, exponent - 1);
  const units = roundToEven(size / 2 ** (normal - 10));
  return sign | (size < 2 ** -14 ? units : ((normal + 14) << 10) + units);
}

/** The number that bfloat16 bits stand for; exact. */
export function bfloat16ToNumber(bits: number): number {
  u32[0] = bits << 16;
  return f32[0] ?? 0;
}

/** The nearest bfloat16, ties to even. */
export function numberToBfloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  f32[0] = value;
  const bits = u32[0] ?? 0;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
