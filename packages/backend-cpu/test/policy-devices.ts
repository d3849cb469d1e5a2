/** `cpu` with a policy of cutting work that a test sets, and changes from run to run: small programs then take every way that large ones do. */
import {
  type DeviceMemory,
  defaultPolicy,
  openTestMachines,
  type SchedulePolicy,
  type TestHandler,
} from '@isinglass/kernels/machine/testing';
import { type Driver, silentLogger } from '@isinglass/sdk';
import { MachineDriver } from '@isinglass/sdk/machine-driver';
import { parseCpuUri } from '../src/device-options.ts';
import { openMachines } from '../src/machines/open-machines.ts';
import { cpuProfile } from '../src/profile.ts';

type Changeable = { -readonly [K in keyof SchedulePolicy]: SchedulePolicy[K] };

export interface PolicyDevice {
  readonly uri: string;
  readonly driver: Driver;
  /** Read by the device whenever a run begins or goes on. */
  readonly policy: Changeable;
  readonly memory: MemoryWatch;
}

/** The device's own memory, seen from the first load on. */
export interface MemoryWatch {
  /** Bytes in regions. */
  readonly used: number;
  /** The most since the last look. */
  takePeak(): number;
}

/** `handler`: what threads do, where it is not what they always do. */
export async function openWithPolicy(
  uri: string,
  policy: Partial<SchedulePolicy> = {},
  handler?: TestHandler,
): Promise<PolicyDevice> {
  const options = parseCpuUri(uri);
  const own: Changeable = { ...defaultPolicy, ...policy };
  const { watch, memory } = watchMemory();
  const machines = await openMachines(options, (o) =>
    openTestMachines(o, { policy: own, onLoad: watch, ...(handler === undefined ? {} : { handler }) }),
  );
  const driver = new MachineDriver({ profile: cpuProfile(options), machines, logger: silentLogger });
  return { uri, driver, policy: own, memory };
}

function watchMemory(): { readonly watch: (memory: DeviceMemory) => void; readonly memory: MemoryWatch } {
  let watched: DeviceMemory | undefined;
  let peak = 0;
  const memory: MemoryWatch = {
    get used() {
      return watched?.bytesUsed ?? 0;
    },
    takePeak() {
      const most = peak;
      peak = watched?.bytesUsed ?? 0;
      return most;
    },
  };
  const watch = (of: DeviceMemory): void => {
    if (watched === of) return;
    watched = of;
    const allocate = of.allocate.bind(of);
    // allocateZeroed comes here, too.
    of.allocate = (bytes, what) => {
      const region = allocate(bytes, what);
      peak = Math.max(peak, of.bytesUsed);
      return region;
    };
  };
  return { watch, memory };
}

const always = { awayMin: 0, togetherMin: 0, piece: 1 } as const;

/** Every way that a run can be cut. `spinsRowsMax` is left to the test. */
export const waysToCut = {
  /** Threads of their own for full shares of tiles, all threads together for the rest, a message per sweep. */
  'sweep by sweep, the rest together': always,
  'several sweeps at a time, the rest together': { ...always, piece: 3e5 },
  'sweep by sweep, every tile by one thread': { ...always, togetherMin: Number.POSITIVE_INFINITY },
  'all sweeps at once, every tile by one thread': { awayMin: 0, togetherMin: Number.POSITIVE_INFINITY, piece: 1e12 },
  'all sweeps at once, the rest together': { ...always, piece: 1e12 },
  'in the calling thread, sweep by sweep': { ...always, awayMin: Number.POSITIVE_INFINITY },
} as const satisfies Readonly<Record<string, Omit<SchedulePolicy, 'spinsRowsMax'>>>;
