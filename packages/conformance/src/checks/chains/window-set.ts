/** Windows of 128 bits that were seen, up to a global sign: spins are shown in random gauges. */

export interface BitSequence {
  /** The run. */
  readonly source: string;
  /** What the window at this offset is called. */
  readonly place: (offset: number) => string;
  readonly bit: (n: number) => number;
  readonly count: number;
}

interface Seen {
  readonly source: string;
  readonly place: (offset: number) => string;
  readonly offset: number;
}

export class WindowSet {
  static readonly bits = 128;
  readonly #seen = new Map<string, Seen>();

  /** Adds all windows of a sequence; calls `twice` for those that were there, with the source and the names of both. */
  add({ source, place, bit, count }: BitSequence, twice: (source: string, here: string, there: string) => void): void {
    const words = new Uint32Array(4);
    for (let n = 0; n < count; n++) {
      words[0] = ((words[0] as number) << 1) | ((words[1] as number) >>> 31);
      words[1] = ((words[1] as number) << 1) | ((words[2] as number) >>> 31);
      words[2] = ((words[2] as number) << 1) | ((words[3] as number) >>> 31);
      words[3] = ((words[3] as number) << 1) | bit(n);
      const offset = n - WindowSet.bits + 1;
      if (offset < 0) continue;
      const mask = (words[0] as number) >>> 31 === 0 ? 0 : 0xffffffff;
      const key = String.fromCharCode(
        ...[...words].flatMap((w) => [((w ^ mask) >>> 16) & 0xffff, (w ^ mask) & 0xffff]),
      );
      const known = this.#seen.get(key);
      if (known === undefined) this.#seen.set(key, { source, place, offset });
      else twice(known.source, place(offset), known.place(known.offset));
    }
  }
}
