import type { Counters } from '../contract/driver.ts';

const plain = [
  'flips',
  'deviceNs',
  'bytesIn',
  'bytesOut',
  'saturations',
  'memoryBits',
  'synapticOperationsMax',
] as const;

/** The counters of two driver calls together; one that either left out is unknown for both. */
export function addCounters(a: Counters, b: Counters): Counters {
  const sum: { -readonly [K in keyof Counters]: Counters[K] } = {};
  for (const key of plain) {
    const x = a[key];
    const y = b[key];
    if (x !== undefined && y !== undefined) sum[key] = x + y;
  }
  if (a.cycles !== undefined && b.cycles !== undefined) {
    const causes = new Set([...Object.keys(a.cycles), ...Object.keys(b.cycles)]);
    const { cycles: x } = a;
    const { cycles: y } = b;
    sum.cycles = Object.fromEntries([...causes].map((cause) => [cause, (x[cause] ?? 0) + (y[cause] ?? 0)]));
  }
  return sum;
}
