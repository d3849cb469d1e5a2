/** A program on a device, ready to read digits. */
import {
  type Backend,
  classesOf,
  type Device,
  openDevice,
  type Program,
  type RunReport,
  Session,
} from '@isinglass/sdk';
import { webHostRuntime } from '@isinglass/sdk/host-onnx-web';
import { imageSide } from './program.ts';

/** How the spins are averaged, and how long. */
export interface Sampling {
  readonly readout: 'conditional-sum' | 'spin-sum';
  readonly sweeps: number;
}

export interface Reading {
  readonly digit: number;
  /** One per digit; they sum to 1. */
  readonly scores: readonly number[];
  readonly report: RunReport;
}

export interface ReadOptions extends Sampling {
  readonly seed: bigint;
  /** Share of all sweeps that are done, 0 … 1. */
  readonly onProgress: (fraction: number) => void;
}

export class DigitReader {
  readonly device: Device;
  readonly #session: Session;

  private constructor(device: Device, session: Session) {
    this.device = device;
    this.#session = session;
  }

  /** Loads the program onto the device; encoder and decoder run in WebAssembly beside it. */
  static async open(program: Program, uri: string, backends: readonly Backend[]): Promise<DigitReader> {
    const device = await openDevice(uri, { backends });
    try {
      return new DigitReader(device, await Session.open(program, device, { host: webHostRuntime() }));
    } catch (e) {
      await device.close();
      throw e;
    }
  }

  /** `pixels`: 28 × 28, row by row from the top, 255 is ink. */
  async read(pixels: Uint8Array, { onProgress, ...o }: ReadOptions): Promise<Reading> {
    const running = this.#session.run({ dtype: 'u8', shape: [1, 1, imageSide, imageSide], data: pixels }, o);
    for await (const { fraction } of running) onProgress(fraction);
    const report = await running;
    const { logits } = report.outputs;
    const [digit = 0] = classesOf(logits);
    return { digit, scores: softmax(logits !== undefined && 'dtype' in logits ? logits.data : []), report };
  }

  async close(): Promise<void> {
    await this.#session.close();
    await this.device.close();
  }
}

function softmax(logits: ArrayLike<number | bigint>): readonly number[] {
  const values = Array.from(logits, Number);
  const max = Math.max(...values);
  const shares = values.map((value) => Math.exp(value - max));
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / sum);
}
