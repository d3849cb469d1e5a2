/** An open device in a check's hands: every promise has a deadline, everything loaded is unloaded, nothing is left open. */
import type { DeviceProfile, Driver, LoadedProgram, Program } from '@isinglass/sdk';
import { type Disguise, randomDisguise } from '../probes/disguise.ts';
import { fittedProbe } from '../probes/fitted-probe.ts';
import type { Probe } from '../probes/probe.ts';
import { type ProbeProgramOptions, probeProgram } from '../probes/probe-program.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { LoadedProbe } from './loaded-probe.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { within } from './within.ts';

export interface LabOptions {
  /** Every call of the device must settle in this time. */
  readonly deadlineMs: number;
}

/** The law of probes where a check names none: fixed where the device has it. */
export const usualLaw = ({ law }: Pick<DeviceProfile, 'law'>): 'fixed' | 'real' =>
  law.includes('fixed') ? 'fixed' : 'real';

export class Lab {
  readonly driver: Driver;
  readonly #o: LabOptions;
  readonly #loaded = new Set<LoadedProgram>();

  constructor(driver: Driver, o: LabOptions) {
    this.driver = driver;
    this.#o = o;
  }

  get profile(): DeviceProfile {
    return this.driver.profile;
  }

  /** Settles as the promise does, or rejects with DeadlineMissed. */
  within<T>(what: string, promise: Promise<T>): Promise<T> {
    return within(what, promise, this.#o.deadlineMs);
  }

  async load(program: Program): Promise<LoadedProgram> {
    const loaded = await this.within('load', this.driver.load(program, {}));
    this.#loaded.add(loaded);
    return loaded;
  }

  /** A load that may fail: how it ended. What it loaded is unloaded again. */
  async tryLoad(program: Program, signal?: AbortSignal): Promise<Outcome<LoadedProgram>> {
    const o = signal === undefined ? {} : { signal };
    const outcome = await outcomeOf(this.within('load', this.driver.load(program, o)));
    if (outcome.settled === 'resolved') await this.within('unload', outcome.value.unload());
    return outcome;
  }

  async unload(loaded: LoadedProgram): Promise<void> {
    this.#loaded.delete(loaded);
    await this.within('unload', loaded.unload());
  }

  /** A probe in a disguise of `random`, its weights brought to what the device holds. Law: `usualLaw`. */
  async loadProbe(
    probe: Probe,
    random: RandomStream,
    o: Partial<ProbeProgramOptions> & { readonly disguise?: Disguise } = {},
  ): Promise<LoadedProbe> {
    const { profile } = this;
    const law = o.law ?? usualLaw(profile);
    const fitted = fittedProbe(probe, profile);
    const disguise = o.disguise ?? randomDisguise(fitted, profile, random.fork('disguise'));
    const program = probeProgram(fitted, disguise, profile, { ...o, law });
    return new LoadedProbe({ lab: this, probe: fitted, disguise, program, loaded: await this.load(program) });
  }

  /** Closes the device with everything on it: loaded programs, runs in flight. */
  async closeAsItIs(): Promise<void> {
    this.#loaded.clear();
    await this.within('close', this.driver.close());
  }

  /** Unloads what is loaded and closes the device. */
  async close(): Promise<void> {
    for (const loaded of this.#loaded) await this.unload(loaded);
    await this.within('close', this.driver.close());
  }
}
