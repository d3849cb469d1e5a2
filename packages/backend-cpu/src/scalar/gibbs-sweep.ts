/**
 * One sweep of one tile (semantics 1.5): color after color, every spin of a color from the current state.
 *
 *   field_i = H_i + Σ_c contribution_c(Σ_j w_ij s_j)        s_i = +1  iff  r_i < threshold(field_i)
 *
 * Spins of one color are not coupled, so the parts of a color may be updated one after another.
 */
import type { ColorPart, Influence } from './block-structure.ts';
import type { RunLaw } from './law.ts';
import type { RandomWords } from './random-words.ts';
import { packLanes } from './row-packing.ts';
import type { Scratch, Tile, TileBank } from './tile.ts';
import { inParts, type Work } from './work.ts';

/** What a sweep does with every part just updated: add to the sums, or nothing. */
export type AfterUpdate = (bank: TileBank, part: Uint32Array, thresholds: Int32Array) => void;

export function* sweepTile(
  tile: Tile,
  o: {
    readonly law: RunLaw;
    readonly scratch: Scratch;
    /** The random counter's sweep: sweepOffset + t. */
    readonly sweep: number;
    /** b_t */
    readonly temperature: number;
    readonly afterUpdate: AfterUpdate | null;
  },
): Work {
  const { law, scratch, sweep, temperature, afterUpdate } = o;
  const { rows } = tile;
  const { field, thresholds } = scratch;
  for (const color of tile.structure.colors) {
    for (const colorPart of color) {
      const { bank, spins } = colorPart;
      const own = tile.free(bank.index);
      yield* inParts(spins, rows, (part) => tile.setStaticField(own, part, field));
      for (const influence of bank.fromFree) yield* addInfluence(influence, tile, law, scratch, colorPart);
      yield* inParts(spins, rows, (part) => {
        law.setThresholds({ spins: part, rows, field, temperature, thresholds });
        tile.flips += updateSpins(part, own, { rows, thresholds, random: tile.random, sweep });
        packLanes(part, own.states, own.x, rows, law.packing);
        afterUpdate?.(own, part, thresholds);
      });
    }
  }
}

/** Adds what one coupling gives the listed spins to the field in the scratch. */
function* addInfluence(
  { coupling, map, side, giver }: Influence,
  tile: Tile,
  law: RunLaw,
  scratch: Scratch,
  { bank: { spinCount }, spins }: ColorPart,
): Work {
  const { rows, lanes } = tile;
  const { acc, field } = scratch;
  acc.fill(0, 0, spinCount * lanes);
  yield* map.apply({ side, acc, x: tile.free(giver).x, lanes, spins });
  yield* inParts(spins, rows, (part) => law.addContribution(coupling.id, { spins: part, rows, field, acc }));
}

/** Draws a new state for the listed spins of a bank; how many states changed. */
export function updateSpins(
  spins: Uint32Array,
  { bank, states }: TileBank,
  o: { readonly rows: number; readonly thresholds: Int32Array; readonly random: RandomWords; readonly sweep: number },
): number {
  const { rows, thresholds, random, sweep } = o;
  const { words } = random;
  let flips = 0;
  let drawn = -1;
  for (let n = 0; n < spins.length; n++) {
    const spin = spins[n] as number;
    // Bank offsets are multiples of 32: groups of eight never cross banks, and the lane is that of the index in the bank.
    const group = (bank.offset + spin - (spin & 7)) / 8;
    if (group !== drawn) {
      random.draw(group, sweep);
      drawn = group;
    }
    const lane = (spin >>> 1) & 3;
    const shift = 16 * (spin & 1);
    for (let row = 0; row < rows; row++) {
      const i = spin * rows + row;
      const draw = ((words[4 * row + lane] as number) >>> shift) & 0xffff;
      const state = draw < (thresholds[i] as number) ? 1 : -1;
      if (state !== states[i]) flips++;
      states[i] = state;
    }
  }
  return flips;
}
