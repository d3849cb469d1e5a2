/**
 * A drawing in the manner of MNIST: the ink scaled into a square of 20 × 20 pixels, its centre of mass in the middle of an
 * image of 28 × 28 (LeCun, Cortes, Burges: the MNIST database).
 */
import { imageSide } from './program.ts';

const inkSide = 20;

/** Row by row from the top, 255 is ink; undefined where there is no ink. */
export function centredDigit(drawing: CanvasRenderingContext2D): Uint8Array<ArrayBuffer> | undefined {
  const ink = boundsOf(inkOf(drawing));
  if (ink === undefined) return undefined;
  const scale = inkSide / Math.max(ink.width, ink.height);
  const [width, height] = [ink.width * scale, ink.height * scale];
  const placed = (x: number, y: number): Ink => {
    const small = smallCanvas(imageSide);
    small.imageSmoothingQuality = 'high';
    small.drawImage(drawing.canvas, ink.x, ink.y, ink.width, ink.height, x, y, width, height);
    return inkOf(small);
  };
  const [x, y] = [(imageSide - width) / 2, (imageSide - height) / 2];
  const mass = centreOfMass(placed(x, y));
  const shift = (from: number): number => Math.round(imageSide / 2 - from);
  return placed(x + shift(mass.x), y + shift(mass.y)).pixels;
}

interface Ink {
  readonly side: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
}

function inkOf(context: CanvasRenderingContext2D): Ink {
  const side = context.canvas.width;
  const { data } = context.getImageData(0, 0, side, side);
  return { side, pixels: Uint8Array.from({ length: side * side }, (_, n) => data[4 * n] ?? 0) };
}

/** The smallest rectangle around all ink. */
function boundsOf({ side, pixels }: Ink) {
  const inked = [...pixels.keys()].filter((n) => pixels[n] !== 0);
  const [first] = inked;
  const last = inked.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const [top, bottom] = [Math.floor(first / side), Math.floor(last / side)];
  let [left, right] = [side, 0];
  for (const n of inked) {
    left = Math.min(left, n % side);
    right = Math.max(right, n % side);
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** In pixels from the upper left corner. */
function centreOfMass({ side, pixels }: Ink): { readonly x: number; readonly y: number } {
  let [sum, x, y] = [0, 0, 0];
  for (const [n, ink] of pixels.entries()) {
    sum += ink;
    x += ink * ((n % side) + 0.5);
    y += ink * (Math.floor(n / side) + 0.5);
  }
  return { x: x / sum, y: y / sum };
}

/** A square canvas that is not part of the page. */
export function smallCanvas(side: number): CanvasRenderingContext2D {
  return contextOf(Object.assign(document.createElement('canvas'), { width: side, height: side }));
}

/** The drawing context of a canvas that is read as well as written. */
export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('this browser gives no 2D canvas');
  return context;
}
