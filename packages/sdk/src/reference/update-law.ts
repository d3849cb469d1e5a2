/**
 * What the two laws make different: the field of a spin, and how many of the 65536 equally likely draws r turn it up.
 * In both, the update is  s_i = +1  iff  r < n,  and a conditional sum adds  2n − 65536  (semantics 2.1, 4.6, 7).
 */
import type { FreeSpin } from './spin-graph.ts';

export interface UpdateLaw {
  /** H_i: the part of the field that pinned spins and biases make, once per image. */
  staticField(spin: FreeSpin, state: Int8Array): number;
  /** The whole field of a spin in a state. */
  field(spin: FreeSpin, staticField: number, state: Int8Array): number;
  /** n, in 0 … 65536. `b` is the sweep's temperature b_t, 65536 for none. */
  plusDraws(field: number, b: number): number;
}
