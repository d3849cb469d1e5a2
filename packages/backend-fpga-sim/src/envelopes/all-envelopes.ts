/** Every envelope, by the name in its URI: `fpga-sim:dwave-advantage2`. */
import { InvalidRequestError } from '@isinglass/sdk';
import { annealers } from './annealers.ts';
import type { Envelope } from './envelope.ts';
import { oscillators } from './oscillators.ts';
import { pBits } from './p-bits.ts';
import { searchMachines } from './search-machines.ts';

export const allEnvelopes: readonly Envelope[] = [...annealers, ...searchMachines, ...oscillators, ...pBits];

export const envelopeUri = ({ id }: Envelope): string => `fpga-sim:${id}`;

/** The envelope of a URI, or undefined where it names none. Throws InvalidRequestError for one with parameters: published numbers are not changed. */
export function envelopeOf(uri: string): Envelope | undefined {
  const [device, parameters] = uri.split('?', 2);
  const found = allEnvelopes.find((each) => envelopeUri(each) === device);
  if (found !== undefined && parameters !== undefined) {
    throw new InvalidRequestError(`${uri}: ${device} has no parameters: it is an envelope of published numbers`, {
      where: 'uri',
    });
  }
  return found;
}
