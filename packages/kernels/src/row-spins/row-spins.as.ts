// Between one row's states and the packed rows of the contract (semantics 1.1), and numbers per spin in and out.
//
// Spin (c, p) of a bank `channels x pixels` has the index c * pixels + p. It lies in bit 4 + (c & 3) of the nibble byte
// p * quads + (c >> 2), quads = 4 * ceil(channels / 16), and in slot 16 * unit + (c & 15), unit = (c >> 4) * pixels + p. A bank whose spins are
// in the order of a list has a table instead: `slots`, u32 per spin (0: no table).

@inline
function slotOf(slots: usize, spin: u32, c: u32, p: u32, pixels: u32): usize {
  if (slots != 0) return usize(load<u32>(slots + 4 * usize(spin)));
  return 16 * (usize(c >> 4) * usize(pixels) + usize(p)) + usize(c & 15);
}

/** Number `slot` of 16 in the 32-bit form of a unit. */
@inline
function placeOf(slot: usize): usize {
  const lane = slot & 15;
  return (slot & ~15) + (lane & 1 ? 8 + (lane >> 1) : lane >> 1);
}

/** Packed words at `out`, padding bits zero; from nibbles, or from masks where nibbles is 0. */
export function packRow(out: usize, nibbles: usize, masks: usize, slots: usize, channels: u32, pixels: u32): void {
  const quads = usize(((channels + 15) >> 4) << 2);
  let word: u32 = 0;
  let spin: u32 = 0;
  for (let c: u32 = 0; c < channels; c++) {
    const shift = 4 + (c & 3);
    let at = nibbles + (c >> 2);
    for (let p: u32 = 0; p < pixels; p++) {
      let bit: u32;
      if (nibbles != 0) {
        bit = (u32(load<u8>(at)) >> shift) & 1;
        at += quads;
      } else {
        bit = u32(load<u8>(masks + slotOf(slots, spin, c, p, pixels))) & 1;
      }
      word |= bit << (spin & 31);
      if ((++spin & 31) == 0) {
        store<u32>(out, word);
        out += 4;
        word = 0;
      }
    }
  }
  if ((spin & 31) != 0) store<u32>(out, word);
}

/** Sets the states of a bank from packed words. nibbles, masks: 0 where not wanted; absent channels become 0. */
export function unpackRow(from: usize, nibbles: usize, masks: usize, slots: usize, channels: u32, pixels: u32): void {
  const quads = usize(((channels + 15) >> 4) << 2);
  if (nibbles != 0) memory.fill(nibbles, 0, quads * usize(pixels));
  let spin: u32 = 0;
  for (let c: u32 = 0; c < channels; c++) {
    const shift = 4 + (c & 3);
    let at = nibbles + (c >> 2);
    for (let p: u32 = 0; p < pixels; p++, spin++) {
      const bit = (load<u32>(from + 4 * usize(spin >> 5)) >> (spin & 31)) & 1;
      if (nibbles != 0) {
        store<u8>(at, u32(load<u8>(at)) | (bit << shift));
        at += quads;
      }
      if (masks != 0) store<u8>(masks + slotOf(slots, spin, c, p, pixels), 0 - bit);
    }
  }
}

/** out (i32, in index order) += 2 * (sum + count) + offset; sums (i32, 32-bit form) and counts (u8 per slot): 0 where there are none. */
export function collectRow(out: usize, sums: usize, counts: usize, slots: usize, channels: u32, pixels: u32, offset: i32): void {
  let spin: u32 = 0;
  for (let c: u32 = 0; c < channels; c++) {
    for (let p: u32 = 0; p < pixels; p++, spin++, out += 4) {
      const slot = slotOf(slots, spin, c, p, pixels);
      let n: i32 = 0;
      if (sums != 0) n += load<i32>(sums + 4 * placeOf(slot));
      if (counts != 0) n += i32(load<u8>(counts + slot));
      store<i32>(out, load<i32>(out) + 2 * n + offset);
    }
  }
}
