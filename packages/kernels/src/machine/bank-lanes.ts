/**
 * How the fast machine sees a bank: `channels × pixels`, four channels of a pixel to a unit. A bank that a convolution reaches is
 * (C, product of the rest); every other one is flat, (N, 1). Padding channels have slots but no spins.
 */
import { type BankLayout, type Block, blockLayout } from '@isinglass/sdk';

export interface BankLanes {
  readonly id: string;
  /** Position in the block's list of banks. */
  readonly index: number;
  readonly free: boolean;
  /** spinIndex of spin 0. */
  readonly offset: number;
  readonly spinCount: number;
  readonly channels: number;
  readonly pixels: number;
  /** No convolution reaches it: one pixel, spins in index order. */
  readonly flat: boolean;
  /** ⌈channels / 4⌉ */
  readonly quads: number;
  /** quads · pixels; unit q·pixels + p holds channels 4q … 4q + 3 of pixel p. */
  readonly units: number;
  /** 4 · units; see slotOfSpin. */
  readonly slots: number;
  /** Kept as nibbles: a convolution or a full matrix reads it, or nothing does. */
  readonly nibbles: boolean;
  /** Kept as byte masks: a sparse or diagonal coupling reads it. */
  readonly masks: boolean;
}

/** Every bank of a block, in declared order. */
export function blockLanes(block: Block): readonly BankLanes[] {
  return blockLayout(block).map((place, index) => lanesOf(block, place, index));
}

/** Where a spin's numbers lie: slot = 4·unit + (channel & 3). */
export function slotOfSpin({ pixels }: Pick<BankLanes, 'pixels'>, spin: number): number {
  const channel = Math.floor(spin / pixels);
  const pixel = spin - channel * pixels;
  return 4 * ((channel >>> 2) * pixels + pixel) + (channel & 3);
}

/** The spin in a slot, or −1 where a channel is padding. */
export function spinOfSlot({ pixels, channels }: Pick<BankLanes, 'pixels' | 'channels'>, slot: number): number {
  const unit = slot >>> 2;
  const quad = Math.floor(unit / pixels);
  const channel = 4 * quad + (slot & 3);
  return channel < channels ? channel * pixels + unit - quad * pixels : -1;
}

function lanesOf(block: Block, { bank, offset, spinCount }: BankLayout, index: number): BankLanes {
  const reached = block.couplings.filter(({ from, to }) => from === bank.id || to === bank.id);
  const kinds = new Set(reached.map(({ form }) => form.kind));
  const channels = kinds.has('conv') ? (bank.shape[0] as number) : spinCount;
  const masks = kinds.has('sparse') || kinds.has('diagonal');
  const flat = !kinds.has('conv');
  const pixels = spinCount / channels;
  const quads = Math.ceil(channels / 4);
  return {
    id: bank.id,
    index,
    free: bank.role === 'free',
    offset,
    spinCount,
    channels,
    pixels,
    flat,
    quads,
    units: quads * pixels,
    slots: 4 * quads * pixels,
    nibbles: kinds.has('conv') || kinds.has('dense') || !masks,
    masks,
  };
}
