/** Host stages in Node: `onnxruntime-node`, an optional peer dependency. */
import { checkFields } from '../device/check-arguments.ts';
import { integerIn } from '../device/check-values.ts';
import type { HostRuntime } from '../session/host-runtime.ts';
import { type OnnxRuntime, onnxHostRuntime } from './onnx-runtime.ts';

export interface NodeHostOptions {
  /** Cores for one graph; default 1. Encoders and decoders are small, and the cores are the device's. */
  readonly threads?: number;
}

/** A HostRuntime on the CPU. The package is imported with the first graph; without it, an UnsupportedError says how to install it. */
export function nodeHostRuntime(o: NodeHostOptions = {}): HostRuntime {
  checkFields('options', o, { threads: true });
  const threads = integerIn('threads', o.threads ?? 1, { min: 1, max: 1024 });
  return onnxHostRuntime({
    name: 'onnxruntime-node',
    load: async () => {
      const module = await import('onnxruntime-node');
      return (module.default ?? module) as unknown as OnnxRuntime;
    },
    session: {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Errors only: warnings of the optimiser are not for users.
      logSeverityLevel: 3,
    },
  });
}
