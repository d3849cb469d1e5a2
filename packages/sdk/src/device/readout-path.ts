/**
 * How a requested readout is got from a device that may lack it: `spin-sum` from `state`, signs from sums. Where parts
 * of one sum come from several driver calls, signs can only be taken after the parts are added.
 */
import type { ReadoutRequest } from '../contract/driver.ts';
import type { DeviceProfile } from '../profile/device-profile.ts';

export interface ReadoutPath {
  readonly request: ReadoutRequest;
  /** What the driver is asked for. */
  readonly ask: ReadoutRequest;
  /** What is done with the answer: add sums, count spins in states, take the driver's signs, keep states. */
  readonly merge: 'add-sums' | 'count-states' | 'place-signs' | 'place-states';
}

/** `wholeSums`: every sum of the run comes from one driver call. */
export function readoutPath(
  request: ReadoutRequest,
  o: { readonly profile: DeviceProfile; readonly wholeSums: boolean },
): ReadoutPath {
  const { observables, signs } = o.profile.readout;
  if (request.observable === 'state') return { request, ask: request, merge: 'place-states' };
  if (!observables.includes(request.observable)) {
    return { request, ask: { ...request, observable: 'state' }, merge: 'count-states' };
  }
  // Sums that are wanted anyway give the signs on the host for nothing.
  if (request.as === 'signs' && signs && o.wholeSums) return { request, ask: request, merge: 'place-signs' };
  return { request, ask: { ...request, as: 'sums' }, merge: 'add-sums' };
}
