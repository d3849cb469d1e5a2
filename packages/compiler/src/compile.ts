import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type CompileResult, compileWith } from './compile-imported.ts';
import { importPass } from './import-pass.ts';
import type { ModelSource } from './onnx/model-source.ts';
import { type CompileOptions, checkCompileOptions } from './options/compile-options.ts';
import { PassRunner } from './pipeline/pass.ts';

/**
 * Compiles a trained ONNX model to a verified program.
 *
 * `model` is the file's bytes, or a ModelSource where weights lie in files beside it (`@isinglass/compiler/node` reads
 * them from a folder). Throws InvalidRequestError for options, InvalidModelError that names the ONNX node,
 * DoesNotFitError for `device`; each with everything that was found in `diagnostics`.
 */
export async function compile(model: Uint8Array | ModelSource, options: CompileOptions = {}): Promise<CompileResult> {
  checkCompileOptions(options);
  const { name, input, binaryInputs, signal } = options;
  const runner = new PassRunner(signal);
  const { source, digests } = digested(model instanceof Uint8Array ? { model } : model);
  const imported = await runner.run(
    importPass({
      ...(name === undefined ? {} : { name }),
      ...(input === undefined ? {} : { input }),
      ...(binaryInputs === undefined ? {} : { binaryInputs }),
      ...(signal === undefined ? {} : { signal }),
    }),
    source,
  );
  return compileWith(runner, imported, options, { model: digests() });
}

/** The same source, which remembers the SHA-256 of everything that was read from it. */
function digested(source: ModelSource): {
  readonly source: ModelSource;
  readonly digests: () => Readonly<Record<string, unknown>>;
} {
  const external: Record<string, string> = {};
  const read = source.external?.bind(source);
  const watched: ModelSource = {
    model: source.model,
    ...(source.name === undefined ? {} : { name: source.name }),
    ...(read === undefined
      ? {}
      : {
          external: async (location) => {
            const bytes = await read(location);
            external[location] = bytesToHex(sha256(bytes));
            return bytes;
          },
        }),
  };
  const digests = () => {
    const sha = bytesToHex(sha256(source.model));
    return Object.keys(external).length === 0 ? { sha256: sha } : { sha256: sha, external };
  };
  return { source: watched, digests };
}
