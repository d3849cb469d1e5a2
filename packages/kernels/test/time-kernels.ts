/**
 * Times kernels alone, for the numbers of their READMEs: `node src/<kernel>/<kernel>.bench.ts`. Nothing is asserted about time.
 *
 * Every batch is some 20 ms of one thread's CPU time; all passes of a build take turns, so that a slow spell of the machine hits them alike.
 */
import { compileKernels, instantiateKernels, isSupported, type Kernels } from '../src/load-kernels.ts';
import type { KernelMemory } from '../src/web-assembly.ts';

/** 64 channels of 28 × 28 pixels, 16 rows: one bank of one tile of the benchmark W1 (64 ↔ 64 channels, 3 × 3 taps). */
export const mapOfW1 = { channels: 64, quads: 16, width: 28, pixels: 28 * 28, spins: 64 * 28 * 28 * 16 } as const;

/** Pixels of a quad that the CPU backend updates together. */
export const pixelsPerChunk = 32;

export interface Pass {
  readonly name: string;
  /** Spin updates of one run: times spins of a tile by rows. */
  readonly updates: number;
  /** Synaptic operations of one run, where they are the measure. */
  readonly synapticOperations?: number;
  run(): void;
}

const batchMs = 20;
const batches = 25;

/** Prints a line for every pass and build: nanoseconds per update, median and best batch. */
export async function timeKernels(passesOver: (kernels: (memory: KernelMemory) => Kernels) => Pass[]): Promise<void> {
  for (const variant of ['baseline', 'relaxed'] as const) {
    if (!isSupported(variant)) continue;
    const modules = await compileKernels(variant);
    const passes = passesOver((memory) => instantiateKernels(modules, memory));
    const runs = passes.map((pass) => Math.max(1, Math.round(batchMs / warmMs(pass))));
    const times: number[][] = passes.map(() => []);
    for (let batch = 0; batch < batches; batch++) {
      for (const [n, pass] of passes.entries()) times[n]?.push(cpuMs(pass, runs[n] as number) / (runs[n] as number));
    }
    for (const [n, pass] of passes.entries())
      printLine(
        variant,
        pass,
        (times[n] ?? []).toSorted((x, y) => x - y),
      );
  }
}

function printLine(variant: string, { name, updates, synapticOperations }: Pass, sorted: readonly number[]): void {
  const nanoseconds = (ms: number | undefined): string => (((ms as number) * 1e6) / updates).toFixed(3);
  const [median, best] = [sorted[sorted.length >> 1], sorted[0]];
  const rate =
    synapticOperations === undefined ? '' : `, ${(synapticOperations / (median as number) / 1e6).toFixed(0)} GSOP/s`;
  console.log(`${variant.padEnd(9)} ${name.padEnd(44)} ${nanoseconds(median)} ns (best ${nanoseconds(best)})${rate}`);
}

/** Milliseconds of a run, after as many as the engine needs to compile it well. */
function warmMs(pass: Pass): number {
  cpuMs(pass, 1);
  let ms = 0;
  for (let spent = 0, runs = 1; spent < 100; runs *= 2) {
    ms = cpuMs(pass, runs) / runs;
    spent += ms * runs;
  }
  return ms;
}

/** CPU time of this thread. */
function cpuMs(pass: Pass, runs: number): number {
  const before = process.threadCpuUsage();
  for (let n = 0; n < runs; n++) pass.run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
