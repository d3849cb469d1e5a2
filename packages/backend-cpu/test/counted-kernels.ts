/** `cpu` whose kernels are counted as they are called: everything runs in this thread. */
import type { Kernels } from '@isinglass/kernels';
import { instantiateKernels } from '@isinglass/kernels';
import { defaultPolicy, openTestMachines } from '@isinglass/kernels/machine/testing';
import { type Driver, silentLogger } from '@isinglass/sdk';
import { MachineDriver } from '@isinglass/sdk/machine-driver';
import { parseCpuUri } from '../src/device-options.ts';
import { openMachines } from '../src/machines/open-machines.ts';
import { cpuProfile } from '../src/profile.ts';

/** Calls so far, by name of the kernel. */
export type Calls = Readonly<Record<string, number>>;

export interface CountedDevice {
  readonly driver: Driver;
  /** What was called since the last look. */
  take(): Calls;
}

/** `spinsRowsMax`: see SchedulePolicy. */
export async function openCounted(spinsRowsMax: number, uri = 'cpu?threads=2'): Promise<CountedDevice> {
  const calls = new Map<string, number>();
  const options = parseCpuUri(uri);
  const policy = { ...defaultPolicy, awayMin: Number.POSITIVE_INFINITY, spinsRowsMax };
  const instantiate: typeof instantiateKernels = (modules, memory) =>
    counted(instantiateKernels(modules, memory), calls);
  const driver = new MachineDriver({
    profile: cpuProfile(options),
    machines: await openMachines(options, (o) => openTestMachines(o, { policy, instantiate })),
    logger: silentLogger,
  });
  const take = (): Calls => {
    const taken = Object.fromEntries([...calls].sort(([a], [b]) => (a < b ? -1 : 1)));
    calls.clear();
    return taken;
  };
  return { driver, take };
}

function counted(kernels: Kernels, calls: Map<string, number>): Kernels {
  const count = (name: string, kernel: (...numbers: number[]) => number) => {
    return (...numbers: number[]): number => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      return kernel(...numbers);
    };
  };
  const entries = Object.entries(kernels).map(([name, kernel]) =>
    typeof kernel === 'function' ? [name, count(name, kernel)] : [name, kernel],
  );
  return Object.fromEntries(entries) as Kernels;
}
