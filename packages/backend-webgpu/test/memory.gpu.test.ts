/** What a device holds: no more than planned, and nothing that grows. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Block, Program } from '@isinglass/sdk';
import { driverRun, programFamilies, type RunData, randomGraph } from '@isinglass/sdk/testing';
import { describe, expect } from 'vitest';
import type { GpuContext } from '../src/gpu/gpu-context.ts';
import { imagesOf, maps, short, soon, ways } from './plain-runs.ts';
import { driverTest } from './support/driver-test.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** The most bytes that a GPU holds at once from now on. */
function watched({ device, memory }: GpuContext): { readonly mostBytes: number } {
  const seen = { mostBytes: memory.bytes };
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    seen.mostBytes = Math.max(seen.mostBytes, memory.bytes + descriptor.size);
    return create(descriptor);
  };
  return seen;
}

/** Every sum, sign and state of every free bank. */
function everything(program: Program, start: 'random' | 'feed-forward'): RunData {
  const block = program.json.stages.find((stage): stage is Block => stage.kind === 'block') as Block;
  const free = block.banks.filter(({ role }) => role === 'free');
  const pinned = block.banks.filter(({ role }) => role === 'pinned');
  if (pinned.length > 0) throw new Error(`${program.json.name} has inputs`);
  const readouts = free.flatMap(({ id: bank }) =>
    (['spin-sum', 'conditional-sum', 'state'] as const).map(
      (observable) => ({ bank, observable, as: observable === 'state' ? 'sums' : 'both', tie: 1 }) as const,
    ),
  );
  return { ...short, chains: 2, sweeps: 2, start: { kind: start }, keep: 'host', readouts };
}

/** Pieces that are small beside what rows take. */
const pieces = { stagingBytesMax: 2 ** 15, collectedBytesMax: 2 ** 14, submitSweepsMax: 4 };

const programs: Readonly<Record<string, Program>> = {
  'maps and a convolution': maps,
  'a lattice': programFamilies.lattice(12),
  'a graph of many colors': randomGraph(3, { spins: 300, degree: 40 }),
};

describe.each(ways)('a run, %s,', (_, uriWith) => {
  driverTest.for(Object.keys(programs))(
    'of %s holds no more than planned, and a third of it at least',
    async (name, { open }) => {
      const program = programs[name] as Program;
      for (const start of ['random', 'feed-forward'] as const) {
        const { driver, gpu } = await open(uriWith(), { pieces });
        const plan = driver.plan(program);
        if (!('blocks' in plan)) throw new Error('the program must fit');
        const loaded = await driver.load(program, {});
        const seen = watched(gpu);
        const images = Math.ceil((2 * plan.bytes) / (plan.blocks[0]?.bytesPerRow ?? Number.NaN));
        await loaded.run(driverRun({ ...everything(program, start), images: imagesOf(images) }));
        const planned = plan.bytes + 2 * images * (plan.blocks[0]?.bytesPerRow ?? Number.NaN);
        const { mostBytes } = seen;
        expect({ name, start, planned, mostBytes, fits: mostBytes <= planned }).toMatchObject({ name, fits: true });
        if (start === 'feed-forward') expect(mostBytes).toBeGreaterThan(planned / 3);
      }
    },
  );
});

driverTest(
  '200 programs loaded, run and unloaded leave nothing on the GPU, and nothing that grows beside it',
  {
    timeout: 120_000,
  },
  async ({ open }) => {
    const { driver, gpu } = await open();
    const runs: readonly RunData[] = [short, { ...short, start: { kind: 'feed-forward' }, keep: 'device' }];
    const after: MemoryUse[] = [];
    for (let n = 0; n < 200; n++) {
      const loaded = await driver.load(maps, {});
      await loaded.run(driverRun(runs[n % 2] as RunData));
      await loaded.unload();
      expect({ n, held: gpu.memory.bytes }).toEqual({ n, held: 0 });
      if (n % 50 === 49) after.push(await memoryUse());
    }
    // The first 100 compile shaders and code, and give the allocator its pages. 80 KB more with each program would be seen.
    const [, second, , last] = after as [MemoryUse, MemoryUse, MemoryUse, MemoryUse];
    const grown = {
      objects: last.objects - second.objects > 2 ** 20,
      process: last.process - second.process > 2 ** 23,
    };
    expect({ after, grown }).toMatchObject({ grown: { objects: false, process: false } });
  },
);

interface MemoryUse {
  /** Live objects and arrays of this thread, in bytes. */
  readonly objects: number;
  /** All that the process holds, its GPU driver included, in bytes. */
  readonly process: number;
}

async function memoryUse(): Promise<MemoryUse> {
  for (let n = 0; n < 3; n++) {
    collect();
    await soon(5);
  }
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  return { objects: heapUsed + external + arrayBuffers, process: rss };
}
