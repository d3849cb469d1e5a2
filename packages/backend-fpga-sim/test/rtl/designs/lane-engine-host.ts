/** What a host does with lane-engine.sv: fill its memories, start it, read it back. */
import { readFileSync } from 'node:fs';
import type { RtlDesign } from '../rtl-design.ts';
import type { RtlSimulation } from '../rtl-simulator.ts';
import { chunks, degree, type LaneImage, type LaneState, lanes, sites } from './lane-engine-model.ts';

export const laneEngine: RtlDesign = {
  source: readFileSync(new URL('./lane-engine.sv', import.meta.url), 'utf8'),
  top: 'lane_engine',
};

const window = (number: number, offset = 0): number => number * 2 ** 24 + offset;
/** Where each lane's part of the windows 2 and 4 begins. */
const wordsPerLane = 2 ** 12;

export async function loadImage(simulation: RtlSimulation, image: LaneImage): Promise<void> {
  const slotWord = (slot: number): number => (image.sources[slot] ?? 0) * 256 + ((image.weights[slot] ?? 0) & 255);
  await simulation.write(window(1), image.spins);
  for (let lane = 0; lane < lanes; lane++) {
    const biases = Uint32Array.from({ length: chunks }, (_, chunk) => image.biases[chunk * lanes + lane] ?? 0);
    await simulation.write(window(2, lane * wordsPerLane), biases);
    const slots = Uint32Array.from({ length: chunks * degree }, (_, n) =>
      slotWord((Math.floor(n / degree) * lanes + lane) * degree + (n % degree)),
    );
    await simulation.write(window(4, lane * wordsPerLane), slots);
  }
  await simulation.write(window(6), Uint32Array.from(image.thresholds));
  await simulation.write(window(10), image.generators);
}

/** Starts sweeps; `run` of the simulation lets them happen. */
export const start = (simulation: RtlSimulation, sweeps: number): Promise<void> =>
  simulation.write(window(0), Uint32Array.of(sweeps));

export async function readState(simulation: RtlSimulation): Promise<LaneState> {
  const [low = 0, high = 0, flips = 0] = await simulation.read(window(0, 2), 3);
  return {
    spins: await simulation.read(window(1), sites / 32),
    generators: await simulation.read(window(10), 4 * lanes),
    cycles: low + high * 2 ** 32,
    flips,
  };
}
