/**
 * What a machine does with its cycles. Every cycle has one cause, so that the counts of a run add up to its length; `io` is what the host spends on the
 * link, in cycles of the machine's clock.
 */
export const cycleCauses = [
  'static',
  'fetch',
  'mac',
  'scale',
  'sample',
  'write',
  'rngStall',
  'colorStall',
  'weightStall',
  'readout',
  'io',
] as const;

export type CycleCause = (typeof cycleCauses)[number];

/** Cycles by cause. */
export type CycleCounts = Readonly<Record<CycleCause, number>>;
