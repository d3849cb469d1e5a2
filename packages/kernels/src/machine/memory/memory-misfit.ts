import type { Misfit } from '@isinglass/sdk';
import type { MemoryShortage } from '@isinglass/sdk/machine-driver';
import type { UriWithMemory } from './uri-with-memory.ts';

/** What a user reads of a block that does not fit into a device's memory; the limit is the option `memoryMiB` of its URI. */
export function memoryMisfit(
  { bytesNeeded, bytesAvailable, where }: MemoryShortage,
  uriWithMemory: UriWithMemory,
): Misfit {
  const needed = Math.ceil(bytesNeeded / 2 ** 20);
  const uri = uriWithMemory(needed);
  return {
    limit: 'memoryMiB',
    needed,
    available: Math.floor(bytesAvailable / 2 ** 20),
    where,
    remedies: [...(uri === null ? [] : [`open the device with more memory: ${uri}`]), 'a smaller block'],
  };
}
