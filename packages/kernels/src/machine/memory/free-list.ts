/** Which stretches of an address range are free: first fit, neighbours joined when one is given back. */

interface Stretch {
  readonly address: number;
  readonly bytes: number;
}

export class FreeList {
  /** Rising, never adjacent. */
  readonly #stretches: Stretch[];

  /** All of [begin, end) is free. */
  constructor(begin: number, end: number) {
    this.#stretches = [{ address: begin, bytes: end - begin }];
  }

  /** The free stretches, rising; no two touch. */
  get stretches(): readonly Stretch[] {
    return this.#stretches;
  }

  /** Bytes of the longest free stretch. */
  get longest(): number {
    return this.#stretches.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  }

  /** The lowest address where `bytes` bytes are free, now taken; undefined when there is none. */
  take(bytes: number): number | undefined {
    const n = this.#stretches.findIndex((stretch) => stretch.bytes >= bytes);
    const found = this.#stretches[n];
    if (found === undefined) return undefined;
    const rest = { address: found.address + bytes, bytes: found.bytes - bytes };
    this.#stretches.splice(n, 1, ...(rest.bytes > 0 ? [rest] : []));
    return found.address;
  }

  /** What `take` gave, free again. */
  give(address: number, bytes: number): void {
    const next = this.#stretches.findIndex((stretch) => stretch.address > address);
    const n = next < 0 ? this.#stretches.length : next;
    const before = this.#stretches[n - 1];
    const after = this.#stretches[n];
    const joinsBefore = before !== undefined && before.address + before.bytes === address;
    const joinsAfter = after !== undefined && address + bytes === after.address;
    const begin = joinsBefore ? before.address : address;
    const end = joinsAfter ? after.address + after.bytes : address + bytes;
    this.#stretches.splice(joinsBefore ? n - 1 : n, Number(joinsBefore) + Number(joinsAfter), {
      address: begin,
      bytes: end - begin,
    });
  }
}
