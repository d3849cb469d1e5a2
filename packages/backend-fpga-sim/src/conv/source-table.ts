/** The table of SOURCES of one coupling in one direction: stride, pads and dilation, worked out for every tap and pixel. */
import type { Side } from '@isinglass/sdk';
import { type Axis, type CouplingGeometry, mapAt, otherSide, pixelsOf, tapsOf } from './conv-geometry.ts';
import { invalidSource } from './conv-memory-map.ts';

/** `[tap][pixel]`, taps row-major: the pixel of the other end that the tap touches, or `invalidSource`. */
export function sourceTable(geometry: CouplingGeometry, side: Side): Uint32Array {
  const here = mapAt(geometry, side);
  const there = mapAt(geometry, otherSide(side));
  const words = new Uint32Array(tapsOf(geometry) * pixelsOf(here)).fill(invalidSource);
  let at = 0;
  for (let ky = 0; ky < geometry.y.taps; ky++) {
    for (let kx = 0; kx < geometry.x.taps; kx++) {
      for (let y = 0; y < here.height; y++) {
        const row = touched(geometry.y, side, y, ky, there.height);
        for (let x = 0; x < here.width; x++, at++) {
          const column = touched(geometry.x, side, x, kx, there.width);
          if (row >= 0 && column >= 0) words[at] = row * there.width + column;
        }
      }
    }
  }
  return words;
}

/** The place at the other end that a tap touches (semantics 3.4), or −1. */
function touched(axis: Axis, side: Side, position: number, tap: number, size: number): number {
  const there =
    side === 'to'
      ? position * axis.stride + tap * axis.dilation - axis.padBegin
      : (position + axis.padBegin - tap * axis.dilation) / axis.stride;
  return Number.isInteger(there) && there >= 0 && there < size ? there : -1;
}
