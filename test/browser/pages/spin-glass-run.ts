/** A spin glass on the `cpu` device of whoever runs this: Node or a page. */
import cpu from '@isinglass/backend-cpu';
import { isingProgram, readEdgeList } from '@isinglass/compiler';
import { openDevice } from '@isinglass/sdk';

const side = 12;

/** A square lattice with couplings and biases from a fixed sequence; `i h` is a bias. */
function latticeEdges(): string {
  const lines: string[] = [];
  const value = (n: number): number => (((n * 37) % 15) - 7) / 8;
  for (let i = 0; i < side * side; i++) {
    lines.push(`${i} ${value(i) / 4}`);
    if (i % side < side - 1) lines.push(`${i} ${i + 1} ${value(i + 1) || 1}`);
    if (i + side < side * side) lines.push(`${i} ${i + side} ${value(i + 2) || -1}`);
  }
  return lines.join('\n');
}

/** The sums over three images of two chains each, the last states, and what the device says of itself. */
export async function spinGlassRun(uri: string) {
  const { program } = isingProgram(readEdgeList(latticeEdges()), { sweeps: 40 });
  const device = await openDevice(uri, { backends: [cpu] });
  const loaded = await device.load(program);
  try {
    const { readouts, last } = await loaded.run({ block: 0, images: 3, chains: 2, seed: 5n, keep: 'host' });
    return {
      description: device.profile.description ?? '',
      sums: [...(readouts[0]?.sums ?? [])].map(Number),
      last: [...(last?.s?.words ?? [])],
    };
  } finally {
    await loaded.unload();
    await device.close();
  }
}
