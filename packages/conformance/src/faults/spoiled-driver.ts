/**
 * A device with one planted fault: everything is delegated to the device inside, except what a spoiler rewrites. One spoiler belongs to one open
 * device, so faults that remember something (runs before, runs in flight) keep it per device.
 */
import type {
  DeviceProfile,
  Driver,
  DriverResult,
  DriverRun,
  LoadedProgram,
  LoadOptions,
  Misfit,
  Plan,
  Program,
} from '@isinglass/sdk';

/** What a fault changes; each member stands in for the call of that name and is given the true one. */
export interface Spoiler {
  /** The profile at every reading. */
  readonly profile?: (profile: DeviceProfile) => DeviceProfile;
  /** The program that is really loaded, for the one that was asked for. */
  readonly held?: (asked: Program) => Program;
  readonly plan?: (program: Program, plan: (program: Program) => Plan | readonly Misfit[]) => Plan | readonly Misfit[];
  readonly load?: (load: () => Promise<LoadedProgram>) => Promise<LoadedProgram>;
  /** Told of every load that succeeded: how that program is really run. */
  readonly loaded?: (run: TrueRun) => void;
  /** `program` is the one that was asked for. */
  readonly run?: (q: DriverRun, run: TrueRun, program: Program) => Promise<DriverResult>;
  /** What the device says it holds. */
  readonly effective?: (asked: Program) => Promise<Program>;
  readonly unload?: (unload: () => Promise<void>) => Promise<void>;
  readonly close?: (close: () => Promise<void>) => Promise<void>;
}

export type TrueRun = (q: DriverRun) => Promise<DriverResult>;

/** `driver` with the fault. */
export function spoiledDriver(driver: Driver, spoiler: Spoiler): Driver {
  return {
    get profile() {
      return spoiler.profile?.(driver.profile) ?? driver.profile;
    },
    get lost() {
      return driver.lost;
    },
    plan: (program) =>
      spoiler.plan === undefined ? driver.plan(program) : spoiler.plan(program, (asked) => driver.plan(asked)),
    load(program, o) {
      const load = (): Promise<LoadedProgram> => loadSpoiled(driver, spoiler, { program, o });
      return spoiler.load === undefined ? load() : spoiler.load(load);
    },
    close: () => (spoiler.close === undefined ? driver.close() : spoiler.close(() => driver.close())),
  };
}

async function loadSpoiled(
  driver: Driver,
  spoiler: Spoiler,
  { program, o }: { readonly program: Program; readonly o: LoadOptions },
): Promise<LoadedProgram> {
  const loaded = await driver.load(spoiler.held?.(program) ?? program, o);
  const { run, unload, effective } = spoiler;
  spoiler.loaded?.((q) => loaded.run(q));
  const report = effective === undefined ? loaded.effective?.bind(loaded) : () => effective(program);
  return {
    run: (q) => (run === undefined ? loaded.run(q) : run(q, (spoiled) => loaded.run(spoiled), program)),
    ...(report === undefined ? {} : { effective: report }),
    unload: () => (unload === undefined ? loaded.unload() : unload(() => loaded.unload())),
  };
}

/** A profile with some members replaced, frozen as profiles are. */
export function claiming(profile: DeviceProfile, changes: Partial<DeviceProfile>): DeviceProfile {
  return frozen({ ...profile, ...changes });
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}
