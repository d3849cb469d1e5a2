/** The kernels of this process or page, compiled when a device first asks. */
import { bestVariant, compileKernels, type KernelModules, kernelMemory } from '@isinglass/kernels';

let compiled: Promise<KernelModules | null> | undefined;

/** null: the engine has no SIMD, or no shared memory (a page that is not isolated from other origins). Emulators then compute in plain TypeScript. */
export function compiledKernels(): Promise<KernelModules | null> {
  compiled ??= compile();
  return compiled;
}

async function compile(): Promise<KernelModules | null> {
  const variant = bestVariant();
  return variant === null || !hasSharedMemory() ? null : compileKernels(variant);
}

function hasSharedMemory(): boolean {
  try {
    kernelMemory({ initial: 1, maximum: 1 });
    return true;
  } catch {
    // What engines without it throw differs.
    return false;
  }
}
