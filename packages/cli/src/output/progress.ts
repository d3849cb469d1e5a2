/**
 * How far a long command is, on standard error: a bar on a terminal, otherwise a plain line now and then, so that a log
 * stays short and a person sees that something moves.
 */
import type { WriteStream } from 'node:tty';
import { Presets, SingleBar } from 'cli-progress';

export interface ProgressLine {
  /** Never goes back; `done` of the `total` given at the start. `note` says what is being worked on. */
  update(done: number, note: string): void;
  /** Ends the line, also after a failure. */
  stop(): void;
}

export interface ProgressOptions {
  readonly total: number;
  /** What is counted: "images". */
  readonly unit: string;
  /** Default: standard error. */
  readonly stream?: WriteStream;
}

const plainLineIntervalMs = 5000;

export function startProgress({ total, unit, stream = process.stderr }: ProgressOptions): ProgressLine {
  return stream.isTTY ? barProgress(total, unit, stream) : plainProgress(total, unit, stream);
}

function barProgress(total: number, unit: string, stream: WriteStream): ProgressLine {
  const bar = new SingleBar(
    {
      format: `{bar} {percentage} % | {value}/{total} ${unit} | {eta_formatted} left | {note}`,
      stream,
      hideCursor: true,
      // The sdk stays busy between updates: drawing on update keeps the bar true.
      forceRedraw: true,
      stopOnComplete: false,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { note: '' });
  return {
    update: (done, note) => bar.update(done, { note }),
    stop: () => bar.stop(),
  };
}

function plainProgress(total: number, unit: string, stream: WriteStream): ProgressLine {
  let saidAt = Date.now();
  let said = 0;
  return {
    update(done, note) {
      const now = Date.now();
      if (done === said || (done < total && now - saidAt < plainLineIntervalMs)) return;
      saidAt = now;
      said = done;
      stream.write(`${done}/${total} ${unit} (${note})\n`);
    },
    stop() {},
  };
}
