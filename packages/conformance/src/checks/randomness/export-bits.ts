/**
 * Row 53, advisory: zero-field bits, for files that test batteries read, such as PractRand and TestU01. There is no verdict: a bias inside a declared band
 * fails them, and rightly so.
 */
import { loadCoins, rowsWithin, showsHistory, tosses } from '../../lab/coins.ts';
import type { Lab } from '../../lab/lab.ts';
import { RandomStream } from '../../random/random-stream.ts';

export interface ExportBitsOptions {
  /** Where the bytes go, in order: a file, as a rule. Its promise is awaited before the next call. */
  readonly write: (bytes: Uint8Array) => unknown;
  /** Whole bytes in all. */
  readonly bytes: number;
  /** Of the device's runs; each run has a seed of its own from this one. */
  readonly seed: bigint;
  /** `spin`: the bits of one spin in time, spin after spin. `interleaved`: all spins of a sample in turn. */
  readonly order: 'spin' | 'interleaved';
  /** The first bit of a byte is its highest instead of its lowest. */
  readonly bitReversed: boolean;
  readonly signal?: AbortSignal;
}

const spinsWanted = 64;
const samplesAtOnce = 1024;

/** Writes the bits; rows of a run follow one another. Throws what the device and `write` throw, and RangeError for sizes that are no whole number of bytes. */
export async function exportBits(lab: Lab, o: ExportBitsOptions): Promise<void> {
  if (!Number.isSafeInteger(o.bytes) || o.bytes < 0) throw new RangeError(`${o.bytes} bytes`);
  const random = new RandomStream(o.seed, 'export');
  const coins = await loadCoins(lab, spinsWanted, random.fork('coins'));
  const { images } = rowsWithin(lab.profile, { images: 64, chains: 1 });
  const wanted = Math.max(1, Math.ceil((8 * o.bytes) / (images * coins.spins)));
  const samples = showsHistory(lab.profile) ? Math.min(samplesAtOnce, wanted) : 1;
  /** Bits at the end of a run that do not fill a byte: the next run goes on with them. */
  let left = new Uint8Array(0);
  for (let written = 0; written < o.bytes; ) {
    o.signal?.throwIfAborted();
    const { bits, spins } = await tosses(coins, { images, samples, seed: random.bits64() }, random);
    const count = images * samples * spins;
    const ordered = new Uint8Array(left.length + count);
    ordered.set(left);
    for (let sample = 0; sample < samples; sample++) {
      for (let row = 0; row < images; row++) {
        for (let spin = 0; spin < spins; spin++) {
          const bit = bits[(sample * images + row) * spins + spin] as number;
          const at =
            o.order === 'spin' ? (row * spins + spin) * samples + sample : (row * samples + sample) * spins + spin;
          ordered[left.length + at] = bit;
        }
      }
    }
    const chunk = packed(ordered, o.bitReversed).subarray(0, o.bytes - written);
    left = ordered.slice(8 * (ordered.length >>> 3));
    if (chunk.length > 0) await o.write(chunk);
    written += chunk.length;
  }
}

function packed(bits: Uint8Array, reversed: boolean): Uint8Array {
  const bytes = new Uint8Array(bits.length >>> 3);
  for (let n = 0; n < 8 * bytes.length; n++) {
    const place = reversed ? 7 - (n & 7) : n & 7;
    bytes[n >>> 3] = (bytes[n >>> 3] as number) | ((bits[n] as number) << place);
  }
  return bytes;
}
