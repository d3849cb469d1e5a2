/** Where the spins of a bank lie in the one-row form, scalar witness of `row-spins.as.ts`. */

export interface RowBank {
  readonly channels: number;
  readonly pixels: number;
  /** Slot of every spin, of banks in the order of a list. */
  readonly slots: Uint32Array | null;
}

/** 16·unit + lane. */
export function slotOfRowSpin({ pixels, slots }: RowBank, spin: number): number {
  if (slots !== null) return slots[spin] as number;
  const channel = Math.floor(spin / pixels);
  return 16 * ((channel >> 4) * pixels + (spin % pixels)) + (channel & 15);
}

/** Byte and bit of a spin among the nibbles of a bank without a list. */
export function nibbleOfRowSpin(
  { channels, pixels }: RowBank,
  spin: number,
): { readonly byte: number; readonly bit: number } {
  const channel = Math.floor(spin / pixels);
  const quads = 4 * Math.ceil(channels / 16);
  return { byte: (spin % pixels) * quads + (channel >> 2), bit: 16 << (channel & 3) };
}
