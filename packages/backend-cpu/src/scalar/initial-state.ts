/** The state before sweep 1 (semantics 1.6): fair coins, or the feed-forward signs of 4.8. */

import { updateSpins } from './gibbs-sweep.ts';
import type { RunLaw } from './law.ts';
import { packLanes } from './row-packing.ts';
import type { Scratch, Tile } from './tile.ts';
import { inParts, type Work } from './work.ts';

/** s = +1 iff r < 32768, with the numbers of sweep 0. */
export function* startRandom(tile: Tile, scratch: Scratch): Work {
  const { rows } = tile;
  const { thresholds } = scratch;
  thresholds.fill(32768);
  for (const own of tile.freeBanks()) {
    yield* inParts(own.bank.allSpins, rows, (part) => {
      updateSpins(part, own, { rows, thresholds, random: tile.random, sweep: 0 });
      packLanes(part, own.states, own.x, rows, tile.structure.packing);
    });
  }
}

/**
 * Colors in listed order; spins of colors already visited lend their means, the others 0:
 *
 *   u_i = H_i + Σ_free contribution(Σ_j w_ij m_j)        s_i = +1 iff u_i ≥ 0
 */
export function* startFeedForward(tile: Tile, law: RunLaw, { field }: Scratch): Work {
  const { rows, structure } = tile;
  // Means are no small integers: one row per lane.
  const means = structure.banks.map((bank) => new Float64Array(bank.free ? bank.spinCount * rows : 0));
  const acc = new Float64Array(field.length);
  for (const color of structure.colors) {
    for (const { bank, spins } of color) {
      const own = tile.free(bank.index);
      yield* inParts(spins, rows, (part) => tile.setStaticField(own, part, field));
      for (const { coupling, map, side, giver } of bank.fromFree) {
        acc.fill(0, 0, bank.spinCount * rows);
        yield* map.apply({ side, acc, x: means[giver] as Float64Array, lanes: rows, spins });
        yield* inParts(spins, rows, (part) => law.addMeanContribution(coupling.id, { spins: part, rows, field, acc }));
      }
      yield* inParts(spins, rows, (part) => {
        for (const spin of part) {
          for (let i = spin * rows; i < (spin + 1) * rows; i++) own.states[i] = (field[i] as number) >= 0 ? 1 : -1;
        }
        packLanes(part, own.states, own.x, rows, structure.packing);
        law.setMeans({ spins: part, rows, field, means: means[bank.index] as Float64Array });
      });
    }
  }
}
