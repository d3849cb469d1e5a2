/** Runs a group of tests with the kernels of each build that this engine accepts; one that it does not accept shows as skipped. */
import { beforeAll, describe } from 'vitest';
import {
  compileKernels,
  instantiateKernels,
  isSupported,
  type KernelModules,
  type Kernels,
  type SimdVariant,
} from '../src/load-kernels.ts';
import type { KernelMemory } from '../src/web-assembly.ts';

const variants: readonly SimdVariant[] = ['baseline', 'relaxed'];

/** `tests` gets a function that instantiates the kernels over a memory. */
export function describeEachVariant(
  name: string,
  tests: (kernelsOver: (memory: KernelMemory) => Kernels) => void,
): void {
  describe.each(variants)(`${name}, %s`, (variant) => {
    describe.runIf(isSupported(variant))('where the engine has it', () => {
      let modules: KernelModules;
      beforeAll(async () => {
        modules = await compileKernels(variant);
      });
      tests((memory) => instantiateKernels(modules, memory));
    });
  });
}
