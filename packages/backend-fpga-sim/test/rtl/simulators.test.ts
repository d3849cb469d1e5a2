import { describe, expect, onTestFinished, test } from 'vitest';
import { laneEngine, loadImage, readState, start } from './designs/lane-engine-host.ts';
import { laneImage } from './designs/lane-engine-images.ts';
import { laneSweeps } from './designs/lane-engine-model.ts';
import { icarus } from './native/icarus.ts';
import { type RtlDesign, RtlError } from './rtl-design.ts';
import type { RtlSimulation, RtlSimulator } from './rtl-simulator.ts';
import { simulators } from './simulators.ts';
import { cxxrtl } from './wasm/cxxrtl.ts';

/** Liveness: clang takes ten to thirty seconds for a design on an idle machine, and others compile beside it. */
const timeout = 300_000;

async function opened(simulator: RtlSimulator, design: RtlDesign): Promise<RtlSimulation> {
  const simulation = await simulator.open(design);
  onTestFinished(() => simulation.end());
  return simulation;
}

/** The design with one thing changed that is there once. */
function changed(before: string, after: string): RtlDesign {
  expect(laneEngine.source.split(before)).toHaveLength(2);
  return { ...laneEngine, source: laneEngine.source.replace(before, after) };
}

for (const simulator of simulators) {
  if (simulator.unavailable !== undefined) console.warn(`${simulator.name} is skipped: ${simulator.unavailable}`);

  describe.skipIf(simulator.unavailable !== undefined)(simulator.name, () => {
    test('a lane engine has the words and cycles of its model', { timeout }, async () => {
      for (const [seed, sweeps] of [
        [1, 1],
        [2, 3],
        [3, 40],
      ] as const) {
        const simulation = await opened(simulator, laneEngine);
        const image = laneImage(seed);
        await loadImage(simulation, image);
        await start(simulation, sweeps);
        expect(await simulation.run(1_000_000)).toBe(true);
        expect(await readState(simulation)).toEqual(laneSweeps(image, sweeps));
      }
    });

    test('a machine that is stopped by the clock goes on where it was', { timeout }, async () => {
      const simulation = await opened(simulator, laneEngine);
      const image = laneImage(4);
      await loadImage(simulation, image);
      await start(simulation, 5);
      const { cycles } = laneSweeps(image, 5);
      const before = simulation.cycles;
      expect(await simulation.run(cycles - 1)).toBe(false);
      expect(simulation.cycles).toBe(before + cycles - 1);
      expect(await simulation.run(1_000_000)).toBe(true);
      expect(simulation.cycles).toBe(before + cycles);
      expect(await simulation.run(1_000_000)).toBe(true);
      expect(simulation.cycles).toBe(before + cycles);
      expect(await readState(simulation)).toEqual(laneSweeps(image, 5));
    });

    test('every word on the bus takes one cycle, and two cycles of reset come first', { timeout }, async () => {
      const simulation = await opened(simulator, laneEngine);
      await simulation.write(2 ** 24, Uint32Array.of(0x8000_0001, 0xffff_ffff));
      expect(simulation.cycles).toBe(4);
      expect(await simulation.read(2 ** 24, 2)).toEqual(Uint32Array.of(0x8000_0001, 0xffff_ffff));
      expect(simulation.cycles).toBe(6);
    });

    test('a changed constant of the generator is noticed', { timeout }, async () => {
      const simulation = await opened(simulator, changed('{t3[20:0], t3[31:21]}', '{t3[21:0], t3[31:22]}'));
      const image = laneImage(5);
      await loadImage(simulation, image);
      await start(simulation, 3);
      await simulation.run(1_000_000);
      const { cycles, ...words } = await readState(simulation);
      const { cycles: expectedCycles, ...expectedWords } = laneSweeps(image, 3);
      expect(cycles).toBe(expectedCycles);
      expect(words).not.toEqual(expectedWords);
    });

    test('one cycle more is noticed', { timeout }, async () => {
      const simulation = await opened(
        simulator,
        changed(
          'LOOK_UP: state <= SAMPLE;',
          'LOOK_UP: if (slot == DEGREE + 1) state <= SAMPLE; else slot <= slot + 1;',
        ),
      );
      const image = laneImage(5);
      await loadImage(simulation, image);
      await start(simulation, 3);
      await simulation.run(1_000_000);
      const { cycles, ...words } = await readState(simulation);
      const { cycles: expectedCycles, ...expectedWords } = laneSweeps(image, 3);
      expect(cycles).not.toBe(expectedCycles);
      expect(words).toEqual(expectedWords);
    });

    test('a design that is no SystemVerilog is refused with the words of the tool', { timeout }, async () => {
      const refused = simulator.open(changed('always_comb begin', 'always_comb beginn'));
      await expect(refused).rejects.toThrow(RtlError);
      await expect(refused).rejects.toThrow(/syntax error/i);
    });
  });
}

test('an index beyond a memory is refused where others wrap it or read 0', { timeout }, async () => {
  const smaller = await opened(cxxrtl, changed('thresholds[0:511]', 'thresholds[0:383]'));
  await smaller.write(6 * 2 ** 24, new Uint32Array(384));
  await expect(smaller.write(6 * 2 ** 24 + 384, new Uint32Array(1))).rejects.toThrow(/out of bounds write/);
});

test.skipIf(icarus.unavailable !== undefined)('a word that nothing has written is no number', { timeout }, async () => {
  const simulation = await opened(icarus, laneEngine);
  await simulation.write(10 * 2 ** 24, Uint32Array.of(7));
  expect(await simulation.read(10 * 2 ** 24, 1)).toEqual(Uint32Array.of(7));
  await expect(simulation.read(10 * 2 ** 24, 2)).rejects.toThrow(/0xa000001 is not known: x/);
});

test('calls in flight are refused when a simulation ends, and calls after that', { timeout }, async () => {
  const simulation = await cxxrtl.open(laneEngine);
  const running = simulation.run(1);
  const endless = simulation.write(0, Uint32Array.of(2 ** 31)).then(() => simulation.run(2 ** 31));
  await running;
  const refused = expect(endless).rejects.toThrow(RtlError);
  setTimeout(() => simulation.end(), 50);
  await refused;
  await expect(simulation.read(0, 1)).rejects.toThrow(RtlError);
});
