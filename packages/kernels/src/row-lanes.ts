/** How 16 rows lie in vectors: the order of lanes in 8-, 16- and 32-bit form. */

/** Rows of a tile. */
export const rowsPerTile = 16;

/** 32-bit form `[slot][4 vectors][4]`: number n belongs to lane `laneOrder32[n]`. 16-bit form has the same order: E (even lanes), then O. */
export const laneOrder32: readonly number[] = [0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15];

/** Where lane l lies in the 16- or 32-bit form. */
export const placeOfLane: readonly number[] = laneOrder32.map((_, lane) => laneOrder32.indexOf(lane));
