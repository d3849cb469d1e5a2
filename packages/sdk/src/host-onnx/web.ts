/** Host stages in browsers: `onnxruntime-web`, an optional peer dependency. */
import { checkFields } from '../device/check-arguments.ts';
import { integerIn } from '../device/check-values.ts';
import type { HostRuntime } from '../session/host-runtime.ts';
import { type OnnxRuntime, onnxHostRuntime } from './onnx-runtime.ts';

export interface WebHostOptions {
  /** Threads for one graph; default 1, which needs no cross-origin isolation. */
  readonly threads?: number;
  /** Where the runtime's `.wasm` files are; default: beside its script. */
  readonly wasmPaths?: string;
}

/** A HostRuntime on WebAssembly. The package is imported with the first graph; without it, an UnsupportedError says how to install it. */
export function webHostRuntime(o: WebHostOptions = {}): HostRuntime {
  checkFields('options', o, { threads: true, wasmPaths: true });
  const threads = integerIn('threads', o.threads ?? 1, { min: 1, max: 1024 });
  return onnxHostRuntime({
    name: 'onnxruntime-web',
    load: async () => {
      const runtime = await import('onnxruntime-web/wasm');
      runtime.env.wasm.numThreads = threads;
      if (o.wasmPaths !== undefined) runtime.env.wasm.wasmPaths = o.wasmPaths;
      return runtime as unknown as OnnxRuntime;
    },
    session: { executionProviders: ['wasm'], intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 },
  });
}
