/** A thread that holds one compiled design and obeys messages, so that long runs leave the main thread free. */
import { parentPort, workerData } from 'node:worker_threads';
import { engine, type Harness, type SimulatorModule } from './web-assembly.ts';

export type ThreadCall =
  | { readonly kind: 'write'; readonly address: number; readonly words: Uint32Array }
  | { readonly kind: 'read'; readonly address: number; readonly count: number }
  | { readonly kind: 'run'; readonly cyclesMax: number };

/** `words` of reads, `interrupted` of runs. */
export type ThreadAnswer =
  | { readonly cycles: number; readonly words?: Uint32Array; readonly interrupted?: boolean }
  | { readonly violation: string };

class Violation extends Error {}

function textAt({ memory }: Harness, address: number): string {
  const bytes = new Uint8Array(memory.buffer, address);
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
}

/** The C library asks for files where a design prints; nothing is there. */
const badFile = 8;
const noFiles = { fd_write: () => badFile, fd_seek: () => badFile, fd_close: () => badFile };

function instantiate(module: SimulatorModule): Harness {
  const host = {
    violation: (what = 0): never => {
      throw new Violation(textAt(exports, what));
    },
  };
  const { exports } = new engine.Instance(module, { host, wasi_snapshot_preview1: noFiles });
  exports._initialize();
  exports.reset();
  return exports;
}

const dut = instantiate(workerData as SimulatorModule);
const wordsMax = dut.bufferWords();
/** Made anew for each use: memory that grows leaves old views empty. */
const buffer = (): Uint32Array => new Uint32Array(dut.memory.buffer, dut.buffer(), wordsMax);
const cycles = (): number => (dut.cyclesLow() >>> 0) + (dut.cyclesHigh() >>> 0) * 2 ** 32;

function obey(call: ThreadCall): ThreadAnswer {
  if (call.kind === 'run') {
    const interrupted = dut.run(call.cyclesMax) === 1;
    return { cycles: cycles(), interrupted };
  }
  const count = call.kind === 'write' ? call.words.length : call.count;
  const words = new Uint32Array(call.kind === 'read' ? count : 0);
  for (let at = 0; at < count; at += wordsMax) {
    const length = Math.min(wordsMax, count - at);
    if (call.kind === 'write') {
      buffer().set(call.words.subarray(at, at + length));
      dut.write(call.address + at, length);
    } else {
      dut.read(call.address + at, length);
      words.set(buffer().subarray(0, length), at);
    }
  }
  return { cycles: cycles(), words };
}

parentPort?.on('message', (call: ThreadCall) => {
  try {
    parentPort?.postMessage(obey(call));
  } catch (error) {
    if (!(error instanceof Violation || error instanceof engine.RuntimeError)) throw error;
    parentPort?.postMessage({ violation: error.message });
  }
});
