/** What a parameter of an emulated machine may be, where it is one of several. */

/** How a machine updates spins. */
export const engines = ['lane', 'conv', 'fabric', 'dense-serial'] as const;
export type Engine = (typeof engines)[number];

/** How a field becomes a probability: T of semantics 4.6 at full size, a table of fewer entries, or a straight line with ends. */
export const activationKinds = ['exact', 'table', 'clip'] as const;
export type ActivationKind = (typeof activationKinds)[number];

/** What happens to a program whose sums may leave the accumulator: it is refused, or sums stop at the ends and are counted. */
export const overflowKinds = ['refuse', 'saturate'] as const;
export type OverflowKind = (typeof overflowKinds)[number];

export const linkKinds = ['axi-lite', 'dma', 'pcie'] as const;
export type LinkKind = (typeof linkKinds)[number];

/** How time averages reach the host (devices.md 5.8): counters beside the samplers, a walk over all spins after each sweep, or every state as it is. */
export const readoutKinds = ['counter', 'walk', 'raw'] as const;
export type ReadoutKind = (typeof readoutKinds)[number];

/** Of fabrics: colors one after the other in cycles of one clock, or one clock for each color, shifted in phase, so that a sweep is one cycle. */
export const phaseKinds = ['sequential', 'shifted'] as const;
export type PhaseKind = (typeof phaseKinds)[number];
