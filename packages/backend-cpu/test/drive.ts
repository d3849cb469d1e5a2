/** How the tests of this package drive the driver without the sdk's Device in between. */
import {
  type Driver,
  type DriverResult,
  type DriverRun,
  type LoadedProgram,
  type Program,
  silentLogger,
} from '@isinglass/sdk';
import { driverRun, type RunData } from '@isinglass/sdk/testing';
import backend from '../src/index.ts';

export function openCpu(uri = 'cpu'): Promise<Driver> {
  return backend.open(uri, { logger: silentLogger });
}

export function load(driver: Driver, program: Program): Promise<LoadedProgram> {
  return driver.load(program, {});
}

/** Processor time of this thread so far. */
export function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** One run of a program on a device of its own. */
export async function runOnce(program: Program, run: RunData, more: Partial<DriverRun> = {}): Promise<DriverResult> {
  const driver = await openCpu();
  try {
    const loaded = await load(driver, program);
    return await loaded.run(driverRun(run, more));
  } finally {
    await driver.close();
  }
}

/** A plain run of a block without pinned banks, from random states. */
export function plainRun(o: Partial<RunData> & { readonly block: number }): RunData {
  return {
    gains: {},
    images: Uint32Array.of(0),
    inputs: {},
    chains: 1,
    chainOffset: 0,
    sweeps: 8,
    burnIn: 0,
    stride: 1,
    sweepOffset: 0,
    temperatures: null,
    seed: 7n,
    start: { kind: 'random' },
    keep: 'nothing',
    readouts: [],
    ...o,
  };
}
