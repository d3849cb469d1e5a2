/**
 * A bank cut into pieces that the caches hold, and the random numbers that each piece needs. Draws come in blocks of eight spins of
 * consecutive index; the four channels of a unit are `pixels` spins apart:
 *
 * - flat banks: 32 units are 128 consecutive spins;
 * - small maps: the four planes of a quad are one stretch, drawn at once and used in several chunks;
 * - large maps: 200 pixels of each of the four channels.
 */
import { drawBytesPerBlock } from '../../random-words/random-words.exports.ts';
import type { BankLanes } from '../bank-lanes.ts';

/** Consecutive units of a bank; of one quad unless the bank is flat. */
export interface Chunk {
  /** Counts the chunks of a bank. */
  readonly cell: number;
  readonly unit: number;
  readonly units: number;
  readonly quad: number;
  readonly pixel: number;
  /** Byte offsets of the draws of the four channels of the first unit, from the group's buffer. */
  readonly draws: readonly [number, number, number, number];
  /** Bytes from one unit's draws to the next. */
  readonly drawStride: number;
}

/** Chunks whose draws are made together. */
export interface DrawGroup {
  /** Blocks of spins (spinIndex ≫ 3) and where in the buffer they go. */
  readonly draws: readonly { readonly block: number; readonly blocks: number; readonly at: number }[];
  readonly chunks: readonly Chunk[];
}

const unitsPerFlatChunk = 32;
/** Large pieces cost fewer calls and no more memory traffic than the second-level cache bears; 25 blocks of draws are five times five. */
const unitsPerMapChunk = 200;
/** Spins drawn at once: 32 KiB of draws. */
const spinsPerDraw = 1024;
const bytesPerSpin = drawBytesPerBlock / 8;

/** Units of the largest chunk of any bank. */
export const chunkUnitsMax = unitsPerMapChunk;
/** The largest draw buffer: a stretch of spinsPerDraw, or four of a chunk's pixels, each with a partial block on both sides. */
export const drawBufferBytes = Math.max(spinsPerDraw / 8 + 2, 4 * (unitsPerMapChunk / 8 + 1)) * drawBytesPerBlock;

export function drawGroups(bank: BankLanes): readonly DrawGroup[] {
  const groups = bank.flat ? flatGroups(bank) : 4 * bank.pixels <= spinsPerDraw ? quadGroups(bank) : pixelGroups(bank);
  let cell = 0;
  return groups.map(({ draws, chunks }) => ({ draws, chunks: chunks.map((chunk) => ({ ...chunk, cell: cell++ })) }));
}

/** Chunks that are not numbered yet. */
type Group = Omit<DrawGroup, 'chunks'> & { readonly chunks: readonly Omit<Chunk, 'cell'>[] };

function flatGroups({ offset, units, channels }: BankLanes): Group[] {
  const groups: Group[] = [];
  for (let unit = 0; unit < units; unit += unitsPerFlatChunk) {
    const count = Math.min(unitsPerFlatChunk, units - unit);
    // Offsets are multiples of 32 and chunks of 128 spins: blocks are whole.
    const spins = Math.min(channels - 4 * unit, 4 * count);
    groups.push({
      draws: [{ block: (offset + 4 * unit) / 8, blocks: Math.ceil(spins / 8), at: 0 }],
      chunks: [
        {
          unit,
          units: count,
          quad: unit,
          pixel: 0,
          draws: [0, bytesPerSpin, 2 * bytesPerSpin, 3 * bytesPerSpin],
          drawStride: 4 * bytesPerSpin,
        },
      ],
    });
  }
  return groups;
}

function quadGroups({ offset, channels, pixels, quads }: BankLanes): Group[] {
  return Array.from({ length: quads }, (_, quad) => {
    const first = offset + 4 * quad * pixels;
    const spins = Math.min(4, channels - 4 * quad) * pixels;
    const block = Math.floor(first / 8);
    const chunks: Omit<Chunk, 'cell'>[] = [];
    for (let pixel = 0; pixel < pixels; pixel += unitsPerMapChunk) {
      const at = (c: number): number => (first - 8 * block + c * pixels + pixel) * bytesPerSpin;
      chunks.push({
        unit: quad * pixels + pixel,
        units: Math.min(unitsPerMapChunk, pixels - pixel),
        quad,
        pixel,
        draws: [at(0), ...paddedDraws(channels, quad, at)],
        drawStride: bytesPerSpin,
      });
    }
    return { draws: [{ block, blocks: Math.ceil((first + spins) / 8) - block, at: 0 }], chunks };
  });
}

function pixelGroups({ offset, channels, pixels, quads }: BankLanes): Group[] {
  const groups: Group[] = [];
  const bytesPerChannel = (unitsPerMapChunk / 8 + 1) * drawBytesPerBlock;
  for (let quad = 0; quad < quads; quad++) {
    for (let pixel = 0; pixel < pixels; pixel += unitsPerMapChunk) {
      const units = Math.min(unitsPerMapChunk, pixels - pixel);
      const firstOf = (c: number): number => offset + (4 * quad + c) * pixels + pixel;
      const at = (c: number): number => c * bytesPerChannel + (firstOf(c) & 7) * bytesPerSpin;
      const draws = [0, 1, 2, 3]
        .filter((c) => 4 * quad + c < channels)
        .map((c) => {
          const block = Math.floor(firstOf(c) / 8);
          return { block, blocks: Math.ceil((firstOf(c) + units) / 8) - block, at: c * bytesPerChannel };
        });
      const chunk = {
        unit: quad * pixels + pixel,
        units,
        quad,
        pixel,
        draws: [at(0), ...paddedDraws(channels, quad, at)] as const,
        drawStride: bytesPerSpin,
      };
      groups.push({ draws, chunks: [chunk] });
    }
  }
  return groups;
}

/** Draws of channels 1 … 3; those of a padding channel are never looked at, but must lie in the buffer: channel 0's. */
function paddedDraws(channels: number, quad: number, at: (c: number) => number): [number, number, number] {
  const of = (c: number): number => at(4 * quad + c < channels ? c : 0);
  return [of(1), of(2), of(3)];
}
