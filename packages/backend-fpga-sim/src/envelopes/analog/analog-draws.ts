/**
 * Random numbers of one row of an analog machine. A p-bit's number is that of semantics 5 as long as its source forgets between two updates. Where it does not, a
 * spin keeps its number with the probability ρ and takes a new one otherwise: numbers of every sweep are uniform, and those of sweeps that are n apart are
 * correlated by ρⁿ, as exp(−t/τ) of a source that jumps at random between its levels.
 */
import { philox4x32, spinDraw } from '@isinglass/sdk';

/** Which chance of a machine is meant, beside the numbers of the updates: parts of the key, "keep" and "read". */
const uses = { keep: 0x6b656570, read: 0x72656164 } as const;

/** What the last call of Philox gave: read at once. */
const words = new Uint32Array(4);

/** A row. */
export interface RowKey {
  /** The low and the high word of the seed. */
  readonly seed: readonly [number, number];
  /** Global number of the image. */
  readonly image: number;
  /** Block index · 2²⁴ + global chain. */
  readonly blockAndChain: number;
}

/** Writes the numbers of a sweep (c1 of semantics 5.1; 0 for the initial state) over those of the sweep before, for the spins `begin … end − 1`. */
export function drawNumbers(
  numbers: Uint16Array,
  key: RowKey,
  o: { readonly sweep: number; readonly begin: number; readonly end: number; readonly keepProbability: number },
): void {
  const [low, high] = key.seed;
  const kept = o.keepProbability > 0 ? eventDraws(key, { use: 'keep', sweep: o.sweep }) : null;
  let counter = -1;
  for (let spin = o.begin; spin < o.end; spin++) {
    if (kept?.(spin, o.keepProbability) === true) continue;
    if (spin >>> 3 !== counter) {
      counter = spin >>> 3;
      philox4x32(counter, o.sweep, key.image, key.blockAndChain, low, high, words);
    }
    numbers[spin] = spinDraw(words, spin);
  }
}

/** Whether a state is read as its opposite when the states after a sweep are read; the same however often they are. */
export const misreads = (key: RowKey, sweep: number): ((spin: number, probability: number) => boolean) =>
  eventDraws(key, { use: 'read', sweep });

/** Independent events of a spin, each of its own probability. */
function eventDraws(
  key: RowKey,
  o: { readonly use: keyof typeof uses; readonly sweep: number },
): (spin: number, probability: number) => boolean {
  const [low, high] = key.seed;
  // Its own: events are drawn between draws.
  const events = new Uint32Array(4);
  let counter = -1;
  return (spin, probability) => {
    if (spin >>> 2 !== counter) {
      counter = spin >>> 2;
      philox4x32(counter, o.sweep, key.image, key.blockAndChain, (low ^ uses[o.use]) >>> 0, high, events);
    }
    return (events[spin & 3] as number) < probability * 2 ** 32;
  };
}
