/** One row of a block on a machine, by bus commands alone: what any two machines behind the same bus can be compared by. */
import type { Program } from '@isinglass/sdk';
import { fixedConstants, sumBound } from '@isinglass/sdk/machine-driver';
import { addressOf, type Hardware, type Window } from '../../src/host/hardware.ts';
import { commands, cycleCounter, flags, registerAt, starts } from '../../src/host/register-map.ts';
import { type PlacedOnLanes, placeOnLanes } from '../../src/lane/placed-on-lanes.ts';
import type { LaneParameters } from '../../src/parameters/engine-parameters.ts';
import { cycleCauses } from '../../src/timing/cycle-causes.ts';
import { onlyBlock } from './lane-cases.ts';

/** What is asked of one row. */
export interface BusRun {
  readonly seed: bigint;
  readonly image: number;
  readonly blockAndChain: number;
  readonly sweepOffset: number;
  readonly burnIn: number;
  readonly stride: number;
  readonly start: keyof typeof starts;
  /** Of all sites. */
  readonly spins: Uint32Array;
  /** One for each sweep, or null. */
  readonly temperatures: Uint32Array | null;
  readonly conditionalSums: boolean;
  /** Sweeps of each command: the first starts, the others continue. */
  readonly pieces: readonly number[];
}

/** The same run with a command for each sweep, so that everything is seen after every one. */
export const sweepBySweep = (run: BusRun): BusRun => ({
  ...run,
  pieces: run.pieces.flatMap((sweeps) => Array<number>(sweeps).fill(1)),
});

/** What a host sees after each command. */
export interface BusStep {
  readonly spins: Uint32Array;
  readonly counters: Readonly<Record<string, number>>;
  readonly sums: Uint32Array;
  readonly conditionalSums: Uint32Array;
  readonly fields: Uint32Array;
  readonly generators: Uint32Array;
}

export function placed(p: LaneParameters, program: Program): PlacedOnLanes {
  const placing = placeOnLanes(p, program, onlyBlock(program));
  for (;;) {
    const step = placing.next();
    if (step.done === true) return step.value;
  }
}

/** Everything that the machine needs to hold before it runs. */
export async function writeImages(machine: Hardware, image: PlacedOnLanes, program: Program): Promise<void> {
  const block = onlyBlock(program);
  const bounds = new Map(block.couplings.map((coupling) => [coupling.id, sumBound(program.tensors, coupling)]));
  const making = fixedConstants(program, block, bounds, {});
  let made = making.next();
  while (made.done !== true) made = making.next();
  for (const { window, offset, words } of [...image.image(), ...image.constants(made.value)]) {
    if (words.length > 0) await machine.write(addressOf(window, offset), words);
  }
}

export const counterNames: readonly string[] = [
  'CYCLES',
  ...cycleCauses.flatMap((cause) => (cause === 'io' ? [] : [cycleCounter(cause)])),
  'UPDATES',
  'FLIPS',
  'SATURATIONS',
];

export async function set(machine: Hardware, values: Readonly<Record<string, number>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await machine.write(addressOf('registers', registerAt(name)), Uint32Array.of(value));
  }
}

/** Far more than any of these runs takes: a machine that is at work then will never end. */
const cyclesMax = 10_000_000;

async function untilIdle(machine: Hardware): Promise<void> {
  const perCall = 100_000;
  for (let cycles = 0; cycles < cyclesMax; cycles += perCall) {
    if (await machine.run(perCall)) return;
  }
  throw new RangeError(`the machine is at work after ${cyclesMax} cycles`);
}

/** Runs it; one step for each piece. `generatorWords`: of the window GENERATORS. */
export async function busRun(
  machine: Hardware,
  run: BusRun,
  image: Pick<PlacedOnLanes, 'slots' | 'spinWords'>,
  generatorWords: number,
): Promise<BusStep[]> {
  const read = (window: Window, count: number): Promise<Uint32Array> | Uint32Array =>
    count === 0 ? new Uint32Array() : machine.read(addressOf(window), count);
  await set(machine, {
    COMMAND: commands.clearCounters,
    SEED_LOW: Number(run.seed & 0xffffffffn),
    SEED_HIGH: Number(run.seed >> 32n),
    IMAGE: run.image,
    BLOCK_CHAIN: run.blockAndChain,
    SWEEP_OFFSET: run.sweepOffset,
    BURN_IN: run.burnIn,
    STRIDE: run.stride,
    START: starts[run.start],
    FLAGS:
      flags.staticPass |
      flags.clearSums |
      (run.temperatures === null ? 0 : flags.temperatures) |
      (run.conditionalSums ? flags.conditionalSums : 0),
  });
  await machine.write(addressOf('spins'), run.spins);
  const steps: BusStep[] = [];
  let done = 0;
  for (const sweeps of run.pieces) {
    if (run.temperatures !== null && sweeps > 0) {
      await machine.write(addressOf('temperatures'), run.temperatures.slice(done, done + sweeps));
    }
    await set(machine, { SWEEPS: sweeps, COMMAND: done === 0 ? commands.start : commands.continue });
    await untilIdle(machine);
    done += sweeps;
    const counters: Record<string, number> = {};
    for (const name of counterNames) {
      const [low = 0, high = 0] = await machine.read(addressOf('registers', registerAt(name)), 2);
      counters[name] = high * 2 ** 32 + low;
    }
    steps.push({
      spins: await read('spins', image.spinWords),
      counters,
      sums: await read('sums', image.slots),
      conditionalSums: await read('conditionalSums', image.slots),
      fields: await read('fields', image.slots),
      generators: await read('generators', generatorWords),
    });
  }
  return steps;
}
