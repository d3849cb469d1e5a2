/**
 * Spins on several chips that tell each other the states of their boundaries (devices.md 5.6, after arXiv:2606.25313 supplement S4, S5):
 *
 *   C_ab = b_ab · d_ab / P_ab          η_required = 2 · C · max C_ab          f_pbit ≤ f_comm / η_required
 *
 * Above it, chips see old states of each other: a bias, not a failure.
 */
export interface ChipPair {
  /** b: the most boundary spins in either direction. */
  readonly boundarySpins: number;
  /** d. */
  readonly hops: number;
  /** P. */
  readonly pins: number;
}

export interface ChipCommunication {
  /** η = f_comm / f_pbit that the machine needs. */
  readonly ratioRequired: number;
  /** The sweep rate up to which chips see the present states of each other. */
  readonly sweepHzMax: number;
}

export function chipCommunication(o: {
  readonly colors: number;
  readonly communicationHz: number;
  readonly pairs: readonly ChipPair[];
}): ChipCommunication {
  const slowest = Math.max(0, ...o.pairs.map(({ boundarySpins, hops, pins }) => (boundarySpins * hops) / pins));
  const ratioRequired = 2 * o.colors * slowest;
  return {
    ratioRequired,
    sweepHzMax: ratioRequired === 0 ? Number.POSITIVE_INFINITY : o.communicationHz / ratioRequired,
  };
}
