/** A canvas to draw one digit on. */
import { centredDigit, contextOf, smallCanvas } from './centred-digit.ts';
import { imageSide } from './program.ts';

/** In pixels of the canvas, of which ten are one of the image: strokes of MNIST are about two wide. */
const penWidth = 20;

export class DrawingPad {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #pen: { readonly x: number; readonly y: number } | undefined;

  /** `onStroke` is called at the end of each stroke. */
  constructor(canvas: HTMLCanvasElement, o: { readonly onStart: () => void; readonly onStroke: () => void }) {
    this.#canvas = canvas;
    this.#context = contextOf(canvas);
    this.clear();
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      o.onStart();
      this.#pen = this.#place(event);
      this.#line(this.#pen);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (this.#pen !== undefined) this.#line(this.#place(event));
    });
    const end = (): void => {
      if (this.#pen === undefined) return;
      this.#pen = undefined;
      o.onStroke();
    };
    canvas.addEventListener('pointerup', end);
    canvas.addEventListener('pointercancel', end);
  }

  clear(): void {
    this.#context.fillStyle = '#000';
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** Shows an image of 28 × 28 pixels. */
  show(pixels: Uint8Array): void {
    const small = smallCanvas(imageSide);
    const image = small.createImageData(imageSide, imageSide);
    for (const [n, ink] of pixels.entries()) image.data.set([ink, ink, ink, 255], 4 * n);
    small.putImageData(image, 0, 0);
    this.#context.imageSmoothingEnabled = false;
    this.#context.drawImage(small.canvas, 0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** What is drawn, as an image of 28 × 28 pixels; undefined: nothing is. */
  image(): Uint8Array<ArrayBuffer> | undefined {
    return centredDigit(this.#context);
  }

  #place({ offsetX, offsetY }: PointerEvent): { readonly x: number; readonly y: number } {
    const scale = this.#canvas.width / this.#canvas.clientWidth;
    return { x: offsetX * scale, y: offsetY * scale };
  }

  #line(to: { readonly x: number; readonly y: number }): void {
    const from = this.#pen ?? to;
    const context = this.#context;
    context.strokeStyle = '#fff';
    context.lineWidth = penWidth;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    this.#pen = to;
  }
}
