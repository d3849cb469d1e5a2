/** An open device, for users: it validates, queues, splits and merges (architecture section 3). */
import type { LoadedProgram, Misfit, Plan } from '../contract/driver.ts';
import { checkHolding } from '../profile/check-holding.ts';
import type { DeviceProfile } from '../profile/device-profile.ts';
import { misfitError } from '../profile/misfit-error.ts';
import type { Program } from '../program/program.ts';
import { checkFields, checkProgram, checkSignal } from './check-arguments.ts';
import { assertDriverAnswer } from './check-driver-result.ts';
import { DeviceProgram } from './device-program.ts';
import { driverError } from './driver-errors.ts';
import type { Machine } from './machine.ts';
import type { ResourceLimits } from './run-request.ts';

export class Device {
  readonly uri: string;
  /** Deep-frozen. */
  readonly profile: DeviceProfile;
  readonly #machine: Machine;
  readonly #limits: Required<ResourceLimits>;

  /** @internal Made by `openDevice`. */
  constructor(machine: Machine, limits: Required<ResourceLimits>) {
    this.uri = machine.uri;
    this.profile = machine.profile;
    this.#machine = machine;
    this.#limits = limits;
  }

  /** Aborts with a DeviceLostError when the machine dies; not by close(). */
  get lost(): AbortSignal {
    return this.#machine.lost;
  }

  /** Whether runs fill a `Timeline`: emulated devices do. */
  get fillsTimelines(): boolean {
    return this.#machine.driver.fillsTimelines === true;
  }

  get limits(): Required<ResourceLimits> {
    return this.#limits;
  }

  /**
   * What the program takes on this device, or every reason why it does not fit: by the profile, by the driver's own
   * plan and by `limits`. Limits that the vendor does not publish are left to the driver; they are listed (with
   * `available: null`) only beside a reason that stands.
   */
  plan(program: Program): Plan | readonly Misfit[] {
    checkProgram(program);
    this.#machine.assertUsable();
    const generic = checkHolding(program, this.profile);
    let own: Plan | readonly Misfit[];
    try {
      own = this.#machine.driver.plan(program);
    } catch (e) {
      throw driverError('plan', e);
    }
    if (!isPlan(own)) return merged(generic, own);
    const blocks = program.json.stages.filter((stage) => stage.kind === 'block').length;
    assertDriverAnswer(
      own?.blocks?.length === blocks && own.bytes >= 0,
      'plan()',
      `bytes, and an entry for each of the ${blocks} blocks`,
    );
    const found = generic.filter((misfit) => misfit.available !== null);
    const memory = this.#memoryMisfits(own);
    return found.length + memory.length === 0 ? own : [...generic, ...memory];
  }

  /**
   * Puts a program on the device. Throws UnsupportedError for a feature that the device lacks, DoesNotFitError with
   * every misfit as a diagnostic.
   */
  async load(program: Program, o: { readonly signal?: AbortSignal } = {}): Promise<DeviceProgram> {
    checkFields('options', o, { signal: true });
    checkSignal('signal', o.signal);
    const plan = this.plan(program);
    if (!isPlan(plan)) throw misfitError(program, this.profile.name, plan);
    const scope = this.#machine.begin<DeviceProgram>({ signal: o.signal });
    if (scope.ended) return scope.promise;
    this.#machine.logger.debug({ program: program.hash, bytes: plan.bytes }, 'program loads');
    const hand = (loaded: LoadedProgram): void => {
      assertDriverAnswer(
        typeof loaded?.run === 'function' && typeof loaded.unload === 'function',
        'load()',
        'an object with run() and unload()',
      );
      if (!scope.ended) {
        const machine = this.#machine;
        scope.succeed(new DeviceProgram({ machine, program, plan, loaded, limits: this.#limits }));
        return;
      }
      // Nobody waits for it any more; a machine that is closed or lost has forgotten it already.
      if (this.#machine.closed || this.lost.aborted) return;
      loaded.unload().catch((e: unknown) => {
        this.#machine.logger.warn({ reason: driverError('unload', e).message }, 'abandoned program');
      });
    };
    try {
      this.#machine.driver
        .load(program, { signal: scope.signal })
        .then(hand)
        .catch((e: unknown) => scope.fail(driverError('load', e)));
    } catch (e) {
      scope.fail(driverError('load', e));
    }
    return scope.promise;
  }

  /** Idempotent; everything in flight rejects with DeviceClosedError at once. */
  close(): Promise<void> {
    return this.#machine.close();
  }

  #memoryMisfits(plan: Plan): readonly Misfit[] {
    const { bytesMax } = this.#limits;
    const row = plan.blocks.reduce((most, block) => Math.max(most, block.bytesPerRow), 0);
    const needed = plan.bytes + row;
    if (needed <= bytesMax) return [];
    return [
      {
        limit: 'limits.bytesMax',
        needed,
        available: bytesMax,
        where: 'program',
        remedies: [`allow at least ${needed} bytes`, 'a smaller program'],
      },
    ];
  }
}

function isPlan(plan: Plan | readonly Misfit[]): plan is Plan {
  return !Array.isArray(plan);
}

/** The driver knows more than its profile: where both speak of one limit at one place, its word stands. */
function merged(generic: readonly Misfit[], own: readonly Misfit[]): readonly Misfit[] {
  const key = ({ limit, where }: Misfit): string => `${limit} at ${where}`;
  const known = new Set(own.map(key));
  return [...own, ...generic.filter((misfit) => !known.has(key(misfit)))];
}
