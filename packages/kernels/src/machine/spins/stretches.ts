/**
 * A bank cut into stretches of units that are updated together, and the random numbers that each needs. Draws come in blocks of eight spins of
 * consecutive index:
 *
 *   planes      some pixels of a group: 16 channels, `pixels` spins apart; one stretch of spins where all pixels of the group are in it
 *   one pixel   units are consecutive spins
 *   listed      any spins: the draws of the whole bank are made once a sweep, and units gather theirs
 */
import { everyOtherDraw } from '../../row-update/row-update.exports.ts';
import { rowDrawBytes } from '../../row-words/row-words.exports.ts';
import { type SpinLanes, spinsPerUnit } from './spin-lanes.ts';

/** Consecutive units of a bank; of one group unless the bank has one pixel. */
export interface Stretch {
  readonly unit: number;
  readonly units: number;
  readonly group: number;
  readonly pixel: number;
  /** From the bank's nibbles to those of the first unit, and from one unit to the next. */
  readonly nibbles: number;
  readonly nibbleStride: number;
  /** Blocks of spins (spinIndex ≫ 3) and where in the draw buffer they go; none for listed banks. */
  readonly draws: readonly { readonly block: number; readonly blocks: number; readonly at: number }[];
}

/** Units of the longest stretch: 32 KiB of draws, as much of half sums. */
export const stretchUnitsMax = 1024;
const bytesPerSpin = 2;

/** The largest draw buffer: 16 channels of a stretch's pixels, each with a partial group of blocks. */
export const stretchDrawBytes = spinsPerUnit * rowDrawBytes(stretchUnitsMax / 8 + 1);

export function stretchesOf(bank: SpinLanes): readonly Stretch[] {
  if (bank.colors !== null) return listedStretches(bank);
  return bank.lanes.pixels === 1 ? flatStretches(bank) : planeStretches(bank);
}

/** Short enough that a matrix of many units is shared out between threads and its tables between rows. */
const flatUnits = 64;

function flatStretches({ lanes: { offset, channels }, units }: SpinLanes): Stretch[] {
  const stretches: Stretch[] = [];
  for (let unit = 0; unit < units; unit += flatUnits) {
    const count = Math.min(flatUnits, units - unit);
    const spins = Math.min(channels - spinsPerUnit * unit, spinsPerUnit * count);
    stretches.push({
      unit,
      units: count,
      group: unit,
      pixel: 0,
      nibbles: 4 * unit,
      nibbleStride: 4,
      draws: [{ block: (offset + spinsPerUnit * unit) / 8, blocks: Math.ceil(spins / 8), at: 0 }],
    });
  }
  return stretches;
}

/** Units of a listed stretch: updates of 4096 spins. */
const listedUnits = 256;

function listedStretches({ colors }: SpinLanes): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { unit: first, units } of colors ?? []) {
    for (let n = 0; n < units; n += listedUnits) {
      const unit = first + n;
      const count = Math.min(listedUnits, units - n);
      stretches.push({ unit, units: count, group: 0, pixel: 0, nibbles: 0, nibbleStride: 0, draws: [] });
    }
  }
  return stretches;
}

/** Whether a group's pixels are one stretch, so that its draws are one stretch of spins. */
const isWhole = (pixels: number): boolean => pixels <= stretchUnitsMax;
/** From one channel's draws to the next where they are drawn one by one. */
const channelBytes = rowDrawBytes(stretchUnitsMax / 8 + 1);

function planeStretches({ lanes: { offset, channels, pixels }, groups, quads }: SpinLanes): Stretch[] {
  const stretches: Stretch[] = [];
  for (let group = 0; group < groups; group++) {
    const own = Math.min(spinsPerUnit, channels - spinsPerUnit * group);
    const first = offset + spinsPerUnit * group * pixels;
    for (let pixel = 0; pixel < pixels; pixel += stretchUnitsMax) {
      const units = Math.min(stretchUnitsMax, pixels - pixel);
      const draws = isWhole(pixels)
        ? [{ block: first / 8, blocks: Math.ceil((own * pixels) / 8), at: 0 }]
        : Array.from({ length: own }, (_, c) => {
            const begin = first + c * pixels + pixel;
            const block = Math.floor(begin / 8);
            return { block, blocks: Math.ceil((begin + units) / 8) - block, at: c * channelBytes };
          });
      stretches.push({
        unit: group * pixels + pixel,
        units,
        group,
        pixel,
        nibbles: pixel * quads + 4 * group,
        nibbleStride: quads,
        draws,
      });
    }
  }
  return stretches;
}

/**
 * What arrangeDraws needs to know: byte offsets in the draw buffer of pixel 0 of the 16 channels of any stretch (bank offsets and stretches
 * begin at multiples of 8, so it is the same for all), or, of listed banks, of every slot. Empty where units are in order.
 */
export function drawOffsets({ lanes: { channels, pixels }, colors, slots, order }: SpinLanes): Uint32Array {
  if (colors !== null) {
    const offsets = new Uint32Array(slots);
    for (const { unit, spins } of colors) {
      for (const [n, spin] of spins.entries()) offsets[spinsPerUnit * unit + n] = bytesPerSpin * spin;
      for (let first = 0; first + spinsPerUnit <= spins.length; first += spinsPerUnit) {
        if (areEveryOther(spins, first) && areEveryOther(spins, first + 8)) {
          offsets[spinsPerUnit * unit + first + 1] = everyOtherDraw;
        }
      }
    }
    return offsets;
  }
  if (order === 1) return new Uint32Array(0);
  // A bank of fewer than 16 channels has no draws for the others: they look at channel 0's.
  return Uint32Array.from({ length: spinsPerUnit }, (_, c) => {
    if (c >= channels) return 0;
    return (
      bytesPerSpin * (isWhole(pixels) ? c * pixels : 0) +
      (isWhole(pixels) ? 0 : c * channelBytes + bytesPerSpin * ((c * pixels) & 7))
    );
  });
}

/** Whether eight spins are every other one, as in a row of a lattice with two colors. */
function areEveryOther(spins: Uint32Array, first: number): boolean {
  return spins.subarray(first, first + 8).every((spin, n) => spin === (spins[first] as number) + 2 * n);
}
