// Offsets into a group: where its tiles lie, u32 addresses and bytes from one tile to the next; see sparse-update.exports.ts.

export const GIVER: usize = 0;
export const GIVER_TILE: usize = 4;
export const MASKS: usize = 8;
export const MASK_TILE: usize = 12;
export const DRAWS: usize = 16;
export const DRAW_TILE: usize = 20;
export const COUNTS: usize = 24;
export const COUNT_TILE: usize = 28;
export const SUMS: usize = 32;
export const SUM_TILE: usize = 36;
export const FIELDS: usize = 40;
export const FIELD_TILE: usize = 44;
export const ROWS: usize = 48; // u16 per tile: bit l is set where lane l is a row
export const TABLES: usize = 56; // what the offsets of tables in the terms count from

/** An address, or 0 where there is nothing. */
@inline
export function step(base: usize, bytes: usize): usize {
  return base == 0 ? 0 : base + bytes;
}
