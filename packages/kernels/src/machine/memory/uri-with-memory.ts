/**
 * The URI that opens a device with so much memory, MiB, as remedies of errors and misfits name it; null where there is none. Only the backend
 * knows how its devices are called.
 */
export type UriWithMemory = (mebibytes: number) => string | null;

export const noUri: UriWithMemory = () => null;
