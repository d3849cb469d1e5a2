/**
 * What updates come to, by the pattern of the spins that they read: n of P(up) = n/65536. Bits of a pattern are the links of the spin in their
 * order, the first one highest, 1 where the spin that is read is up.
 */

/** Larger tables take longer to make than they save. */
const cellsMax = 2 ** 14;

/** Links of every spin side by side: those of spin i are `start[i] … start[i + 1] − 1`. */
export interface Links {
  readonly start: Uint32Array;
  /** What a link reads: a spin, or the number of spins plus a spin for its value before the sweep. */
  readonly read: Uint32Array;
}

export class PatternTable {
  readonly links: Links;
  /** First cell of every spin. */
  readonly first: Uint32Array;
  readonly cells: Int32Array;

  private constructor(links: Links, first: Uint32Array, cells: number) {
    this.links = links;
    this.first = first;
    this.cells = new Int32Array(cells);
  }

  /** `n`: of an update, by the values (±1) that are read. Undefined where there would be more than 2^14 cells. */
  static of(links: Links, n: (spin: number, values: Int8Array) => number): PatternTable | undefined {
    const spins = links.start.length - 1;
    const first = new Uint32Array(spins);
    let cells = 0;
    for (let spin = 0; spin < spins; spin++) {
      first[spin] = cells;
      cells += 2 ** ((links.start[spin + 1] as number) - (links.start[spin] as number));
      if (cells > cellsMax) return undefined;
    }
    const table = new PatternTable(links, first, cells);
    const values = new Int8Array(2 * spins).fill(-1);
    for (let spin = 0; spin < spins; spin++) {
      const own = links.read.subarray(links.start[spin], links.start[spin + 1]);
      for (let pattern = 0; pattern < 2 ** own.length; pattern++) {
        for (let link = 0; link < own.length; link++) {
          values[own[link] as number] = (pattern >>> (own.length - 1 - link)) & 1 ? 1 : -1;
        }
        table.cells[(first[spin] as number) + pattern] = n(spin, values);
      }
    }
    return table;
  }

  /** n of an update of the spin, by the values (±1) of all spins, and before the sweep. */
  at(spin: number, values: Int8Array): number {
    const { start, read } = this.links;
    const end = start[spin + 1] as number;
    let pattern = 0;
    for (let link = start[spin] as number; link < end; link++) {
      pattern = (pattern << 1) | (((values[read[link] as number] as number) + 1) >> 1);
    }
    return this.cells[(this.first[spin] as number) + pattern] as number;
  }
}
