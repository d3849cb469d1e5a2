import { nodeThreads } from './pool-worker.ts';

/** More threads than this are of no use to any program known. */
const usefulMax = 64;

/** Threads that a machine may have here; 1 where the engine gives none, as in pages: that one is the calling thread. */
export function threadsMax(): number {
  return nodeThreads() === undefined ? 1 : usefulMax;
}
