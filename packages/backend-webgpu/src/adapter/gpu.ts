/// <reference types="@webgpu/types" />
/**
 * Where the WebGPU API comes from: the page or worker itself, or in Node the optional peer package `webgpu`. This file and
 * those beside it load anywhere: what only Node has is asked for at run time.
 */
import { nodeGpu } from './node-gpu.ts';

/** Why something is not there, with what to do about it. Absent is not broken: what is there and fails throws. */
export interface Unavailable {
  readonly unavailable: string;
}

/** The entry of the WebGPU API. In Node it is the same object for the life of the process. */
export async function requestGpu(): Promise<GPU | Unavailable> {
  // Typed as always there; older browsers and Node have none.
  const gpu = globalThis.navigator?.gpu as GPU | undefined;
  if (gpu !== undefined) return gpu;
  if (globalThis.process?.versions?.node !== undefined) return nodeGpu();
  return { unavailable: whyNotInPage() };
}

function whyNotInPage(): string {
  const { isSecureContext } = globalThis as { readonly isSecureContext?: boolean };
  if (isSecureContext === false) {
    return 'WebGPU is only for secure pages: serve this one over https, or from localhost';
  }
  return 'this browser has no WebGPU; take one that has, such as a current Chrome, Edge, Firefox or Safari';
}
