/**
 * The compiled modules and their instances. One module per kernel folder; all instances of a thread import the same shared memory.
 * Two builds: `baseline` runs wherever WebAssembly SIMD and threads do; `relaxed` uses relaxed SIMD and is 20 to 40 % faster where the
 * engine has it. Both compute the same bits: look-up indices are 0 … 15, where relaxed and ordinary swizzles agree.
 */
import type { FieldKernels } from './fields/fields.exports.ts';
import { builds as fields } from './generated/fields.wasm.ts';
import { builds as gibbsUpdate } from './generated/gibbs-update.wasm.ts';
import { builds as halfSums } from './generated/half-sums.wasm.ts';
import { builds as packSpins } from './generated/pack-spins.wasm.ts';
import { builds as randomWords } from './generated/random-words.wasm.ts';
import { builds as rowFields } from './generated/row-fields.wasm.ts';
import { builds as rowHalfSums } from './generated/row-half-sums.wasm.ts';
import { builds as rowSparseSums } from './generated/row-sparse-sums.wasm.ts';
import { builds as rowSpins } from './generated/row-spins.wasm.ts';
import { builds as rowUpdate } from './generated/row-update.wasm.ts';
import { builds as rowWords } from './generated/row-words.wasm.ts';
import { builds as sparseFields } from './generated/sparse-fields.wasm.ts';
import { builds as sparseUpdate } from './generated/sparse-update.wasm.ts';
import type { GibbsUpdateKernels } from './gibbs-update/gibbs-update.exports.ts';
import type { HalfSumsKernels } from './half-sums/half-sums.exports.ts';
import type { PackSpinsKernels } from './pack-spins/pack-spins.exports.ts';
import type { RandomWordsKernels } from './random-words/random-words.exports.ts';
import type { RowFieldsKernels } from './row-fields/row-fields.exports.ts';
import type { RowHalfSumsKernels } from './row-half-sums/row-half-sums.exports.ts';
import type { RowSparseSumsKernels } from './row-sparse-sums/row-sparse-sums.exports.ts';
import type { RowSpinsKernels } from './row-spins/row-spins.exports.ts';
import type { RowUpdateKernels } from './row-update/row-update.exports.ts';
import type { RowWordsKernels } from './row-words/row-words.exports.ts';
import type { SparseFieldsKernels } from './sparse-fields/sparse-fields.exports.ts';
import type { SparseUpdateKernels } from './sparse-update/sparse-update.exports.ts';
import { engine, type KernelMemory, type KernelModule } from './web-assembly.ts';

export type SimdVariant = 'baseline' | 'relaxed';

/** Every kernel of a thread, in one flat object. */
export interface Kernels
  extends RandomWordsKernels,
    HalfSumsKernels,
    GibbsUpdateKernels,
    FieldKernels,
    PackSpinsKernels,
    RowFieldsKernels,
    RowHalfSumsKernels,
    RowSparseSumsKernels,
    RowSpinsKernels,
    RowUpdateKernels,
    RowWordsKernels,
    SparseFieldsKernels,
    SparseUpdateKernels {}

const sources = [
  randomWords,
  halfSums,
  gibbsUpdate,
  fields,
  packSpins,
  rowFields,
  rowHalfSums,
  rowSparseSums,
  rowSpins,
  rowUpdate,
  rowWords,
  sparseFields,
  sparseUpdate,
];

/** Compiled once, sent to every worker. */
export type KernelModules = readonly KernelModule[];

/** The fastest variant that this engine accepts; null where there is no SIMD at all. */
export function bestVariant(): SimdVariant | null {
  if (isSupported('relaxed')) return 'relaxed';
  return isSupported('baseline') ? 'baseline' : null;
}

/** Whether this engine accepts the modules of a variant. */
export function isSupported(variant: SimdVariant): boolean {
  return engine.validate(fromBase64(halfSums[variant]));
}

/** Compiles every module of a variant; throws WebAssembly.CompileError where it is not supported. */
export function compileKernels(variant: SimdVariant): Promise<KernelModules> {
  return Promise.all(sources.map((source) => engine.compile(fromBase64(source[variant]))));
}

/** Instances of all modules over one memory, which is shared and may grow to 4 GiB. */
export function instantiateKernels(modules: KernelModules, memory: KernelMemory): Kernels {
  const parts = modules.map((module) => new engine.Instance(module, { env: { memory } }).exports);
  return Object.assign({}, ...parts) as Kernels;
}

/** The memory that the modules import. */
export function kernelMemory(pages: { readonly initial: number; readonly maximum: number }): KernelMemory {
  return new engine.Memory({ ...pages, shared: true });
}

/** The largest memory of a 32-bit module: 4 GiB. */
export const memoryPagesMax = 65536;
/** Of WebAssembly. */
export const bytesPerPage = 65536;

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}
