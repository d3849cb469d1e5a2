import type { instantiateKernels } from '../../load-kernels.ts';
import type { KernelInit } from '../kernel-host.ts';
import { createHandler } from '../worker-handler.ts';

export type InstantiateKernels = typeof instantiateKernels;

/** A module that threads load in place of the machine's own. What it does with messages is the machine's affair. */
export interface TestHandler {
  /** `import.meta.url` of the module. */
  readonly handlerUrl: string;
  readonly createHandler: (init: KernelInit) => unknown;
}

/** A `createHandler` that does what the machine's own does, over other kernels. */
export const handlerOver =
  (instantiate: InstantiateKernels): TestHandler['createHandler'] =>
  (init) =>
    createHandler(init, instantiate);
