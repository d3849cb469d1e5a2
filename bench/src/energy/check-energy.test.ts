import cpu from '@isinglass/backend-cpu';
import { openDevice, unpackSpins } from '@isinglass/sdk';
import { runFixedLaw } from '@isinglass/sdk/reference';
import { describe, expect, it } from 'vitest';
import { workloadProgram } from '../programs/workload-program.ts';
import { type RandomStream, randomStream } from '../workloads/random-stream.ts';
import { type CheckProtocol, rowsOf, spinsPerRow, type Workload } from '../workloads/workload.ts';
import { namedWorkloads } from '../workloads/workload-list.ts';
import { rowEnergies } from './check-energy.ts';
import { energyPerSpin } from './energy-per-spin.ts';

const protocol: CheckProtocol = { burnIn: 10, span: 40, stride: 2 };

async function ours(name: string, workload: Workload) {
  const rows = rowsOf(workload);
  const task = workloadProgram(name, workload, { weightBits: 7, rows, observable: 'spin-sum', coupled: true });
  const device = await openDevice('cpu', { backends: [cpu] });
  const loaded = await device.load(task.program);
  const energies = await rowEnergies(loaded, task, { workload, protocol });
  await device.close();
  return { task, energies };
}

describe('the check energy of a device', () => {
  it.each(namedWorkloads)('on $name is that of the reference machine, state by state', async ({ name, generate }) => {
    const workload = generate('quick');
    const { task, energies } = await ours(name, workload);
    // The first two rows: the reference machine is slow.
    const images = task.images === 1 ? 1 : 2;
    const { readouts } = runFixedLaw(task.program, {
      block: 0,
      gains: {},
      images: Uint32Array.from({ length: images }, (_, image) => image),
      inputs: Object.fromEntries(
        Object.entries(task.inputs).map(([id, packed]) => [
          id,
          { ...packed, rows: images, words: packed.words.slice(0, (packed.words.length / packed.rows) * images) },
        ]),
      ),
      chains: task.images === 1 ? 2 : 1,
      chainOffset: 0,
      sweeps: protocol.burnIn + protocol.span,
      burnIn: protocol.burnIn,
      stride: protocol.stride,
      sweepOffset: 0,
      temperatures: null,
      seed: 2n,
      start: { kind: 'random' },
      keep: 'nothing',
      readouts: task.freeBanks.map(({ id }) => ({ bank: id, observable: 'state', as: 'sums', tie: 1 })),
    });
    const banks = readouts.map(({ states }) => {
      if (states === undefined) throw new Error('no states');
      return { spins: unpackSpins(states), count: states.spinCount };
    });
    const retained = protocol.span / protocol.stride;
    for (const row of [0, 1]) {
      let energy = 0;
      for (let k = 0; k < retained; k++) {
        const sample = row * retained + k;
        const parts = banks.flatMap(({ spins, count }) => [...spins.subarray(sample * count, (sample + 1) * count)]);
        energy += energyPerSpin(workload, row, Int8Array.from(parts)) / retained;
      }
      expect(energies[row]).toBeCloseTo(energy, 12);
    }
  });

  /**
   * Null hypothesis: after the same sweeps, a row's mean energy has the same law as that of a sampler in float64 with the real
   * couplings; 7-bit rounding moves it by far less than one row fluctuates. Statistic: Student's t of the differences of 16 rows
   * (15 degrees of freedom). |t| > 6 has a probability of 2.4·10⁻⁵; four workloads, one fixed seed each.
   */
  it.each(['W1', 'W3', 'W4', 'W5'])('on %s agrees with a plain sampler that rounds nothing', async (name) => {
    const workload = namedWorkloads.find((named) => named.name === name)?.generate('quick') as Workload;
    const { energies } = await ours(name, workload);
    const differences = Array.from(energies.subarray(0, 16), (energy, row) => energy - plainEnergy(workload, row));
    const mean = differences.reduce((sum, d) => sum + d, 0) / 16;
    const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / 15;
    expect(Math.abs(mean) / Math.sqrt(variance / 16)).toBeLessThan(6);
    // That the test can fail: the energy of independent spins is 0, far from here.
    expect(Math.abs(energies[0] as number)).toBeGreaterThan(6 * Math.sqrt(variance / 16));
  });
});

/** One row by the formulas: fields from neighbour lists, one spin after the other, color by color. */
function plainEnergy(workload: Workload, row: number): number {
  const neighbours = neighboursOf(workload);
  const random = randomStream(77n, row);
  const spins = Int8Array.from(neighbours, () => (random.word() & 1 ? 1 : -1));
  const order = orderOf(workload);
  let energy = 0;
  let samples = 0;
  for (let sweep = 1; sweep <= protocol.burnIn + protocol.span; sweep++) {
    for (const spin of order) update(spin, random);
    if (sweep <= protocol.burnIn || (sweep - protocol.burnIn) % protocol.stride !== 0) continue;
    energy += energyPerSpin(workload, row, spins);
    samples++;
  }
  return energy / samples;

  function update(spin: number, { word }: RandomStream): void {
    let field = fieldOf(workload, row, spin);
    for (const [other, J] of neighbours[spin] ?? []) field += J * (spins[other] as number);
    const up = 1 / (1 + Math.exp(-2 * workload.beta * field));
    spins[spin] = (word() + 0.5) / 2 ** 32 < up ? 1 : -1;
  }
}

function fieldOf(w: Workload, row: number, spin: number): number {
  if (w.kind === 'graph') return w.h[spin] as number;
  const first = w.channels1 * w.height * w.width;
  const second = w.channels2 * w.height * w.width;
  return (spin < first ? w.h1[row * first + spin] : w.h2[row * second + spin - first]) as number;
}

function orderOf(w: Workload): readonly number[] {
  const spins = Array.from({ length: spinsPerRow(w) }, (_, spin) => spin);
  return w.kind === 'conv' ? spins : spins.toSorted((a, b) => (w.color[a] as number) - (w.color[b] as number));
}

function neighboursOf(w: Workload): [number, number][][] {
  const neighbours = Array.from({ length: spinsPerRow(w) }, (): [number, number][] => []);
  const join = (a: number, b: number, J: number): void => {
    neighbours[a]?.push([b, J]);
    neighbours[b]?.push([a, J]);
  };
  if (w.kind === 'graph') {
    w.J.forEach((J, pair) => {
      join(w.u[pair] as number, w.v[pair] as number, J);
    });
    return neighbours;
  }
  const map = w.height * w.width;
  w.kernel.forEach((weight, n) => {
    const [oc, ic, dy, dx] = [
      Math.floor(n / 9 / w.channels1),
      Math.floor(n / 9) % w.channels1,
      Math.floor((n % 9) / 3) - 1,
      (n % 3) - 1,
    ];
    for (let y = Math.max(0, -dy); y < Math.min(w.height, w.height - dy); y++) {
      for (let x = Math.max(0, -dx); x < Math.min(w.width, w.width - dx); x++) {
        const from = ic * map + (y + dy) * w.width + x + dx;
        join(from, w.channels1 * map + oc * map + y * w.width + x, w.delta * weight);
      }
    }
  });
  return neighbours;
}
