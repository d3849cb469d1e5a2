/** From a run to the request of a test vector: to write vectors, or to ask an oracle that reads them. */
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import { type PackedSpins, wordsPerRow } from '../spins/packed-spins.ts';
import type { RunData } from './vector-run.ts';
import type { Vector } from './vectors.ts';

/** Throws InvalidRequestError for what a vector cannot say: scattered images, a sweep offset, a resumed state. */
export function vectorRequest(run: RunData): Vector['request'] {
  const imageOffset = run.images[0] ?? 0;
  if (run.images.some((image, n) => image !== imageOffset + n)) throw unsaid('images', 'must be consecutive numbers');
  if (run.sweepOffset !== 0) throw unsaid('sweepOffset', 'must be 0');
  if (run.start.kind === 'resume') throw unsaid('start', 'must not be a handle');
  return {
    seed: `0x${run.seed.toString(16).padStart(16, '0')}`,
    batch: run.images.length,
    imageOffset,
    chains: run.chains,
    chainOffset: run.chainOffset,
    sweeps: run.sweeps,
    burnIn: run.burnIn,
    stride: run.stride,
    init: run.start.kind,
    temperatures: run.temperatures === null ? null : [...run.temperatures],
    gains: { ...run.gains },
    inputs: hexBanks(run.inputs),
    initial: run.start.kind === 'given' ? hexBanks(run.start.states) : null,
  };
}

function hexBanks(banks: Readonly<Record<string, PackedSpins>>): Record<string, string[][]> {
  return Object.fromEntries(Object.entries(banks).map(([id, spins]) => [id, hexRows(spins)]));
}

function hexRows({ words, rows, spinCount }: PackedSpins): string[][] {
  const stride = wordsPerRow(spinCount);
  return Array.from({ length: rows }, (_, row) =>
    Array.from(words.subarray(row * stride, (row + 1) * stride), (word) => word.toString(16).padStart(8, '0')),
  );
}

function unsaid(where: string, message: string): InvalidRequestError {
  return new InvalidRequestError(`${where} ${message}, to be written as a test vector`, { where });
}
