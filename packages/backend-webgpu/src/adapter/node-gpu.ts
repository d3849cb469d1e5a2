/**
 * WebGPU in Node: Dawn, as the npm package `webgpu` builds it.
 *
 * Two rules follow from how that package keeps its native side alive. The object that `create()` returns must stay
 * reachable as long as the process lives: once it is collected, the next garbage collection ends the process, whatever
 * devices are in use. A constant of a module that nothing reads any more does not hold it, so a global does. And there is
 * one per process, or rather one per thread: a second instance only doubles the driver's threads and memory. The global
 * does not keep a process from ending.
 */
import type { Unavailable } from './gpu.ts';

type Dawn = typeof import('webgpu');

/** In a variable, so that bundlers for browsers do not look for what only Node may have. */
const packageName = 'webgpu';

/** One key for every copy of this package in the process. */
const place = Symbol.for('isinglass.webgpu.gpu');
const held = globalThis as { [place]?: GPU };

/** Dawn's WebGPU, created with the first call; its constants and classes become globals, as in a page. */
export async function nodeGpu(): Promise<GPU | Unavailable> {
  if (held[place] !== undefined) return held[place];
  let dawn: Dawn;
  try {
    dawn = await import(/* @vite-ignore */ packageName);
  } catch (e) {
    return { unavailable: whyNotLoaded(e) };
  }
  // Another call may have been faster.
  held[place] ??= create(dawn);
  return held[place];
}

function create({ create, globals }: Dawn): GPU {
  for (const [name, value] of Object.entries(globals)) {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return create([]);
}

/** The reason for users, from what `import('webgpu')` threw. */
export function whyNotLoaded(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const text = String(message ?? error);
  if (code === 'ERR_MODULE_NOT_FOUND' && text.includes(`'${packageName}'`)) {
    return 'WebGPU in Node needs the package webgpu, which is not installed; install it: npm install webgpu';
  }
  const [fact] = text.split('\n');
  return `the package webgpu does not load here (${fact}); it has builds for Linux, macOS and Windows on x64 and arm64, and needs a current C++ runtime`;
}
