/** Where devices come from: opens them through the provider, and closes all that were opened. */
import type { DeviceProfile, Driver } from '@isinglass/sdk';
import { Lab } from '../lab/lab.ts';
import { within } from '../lab/within.ts';
import { isUnavailable, type Provider, type Unavailable } from '../provider/provider.ts';
import { closeMs, type Deadlines } from './deadlines.ts';
import { type ErrorRecord, errorRecord } from './error-record.ts';

export interface DeviceSourceOptions {
  readonly provider: Provider;
  readonly flags: Readonly<Record<string, string>>;
  readonly deadlines: Deadlines;
  /** Aborted when the case is over or given up. */
  readonly signal: AbortSignal;
}

/** The devices of one case. */
export class DeviceSource {
  readonly #o: DeviceSourceOptions;
  readonly #labs: Lab[] = [];
  #ended = false;

  constructor(o: DeviceSourceOptions) {
    this.#o = o;
  }

  /** A fresh device; throws what the provider throws, DeadlineMissed, or Error where it is unavailable or no driver. */
  async open(): Promise<Lab> {
    const made = await this.create();
    if (isUnavailable(made)) throw new Error(`the device has become unavailable: ${made.unavailable}`);
    const lab = new Lab(made, { deadlineMs: this.#o.deadlines.callMs });
    this.#labs.push(lab);
    return lab;
  }

  /** As `open`, for what may be unavailable. A device that comes after the deadline is closed again. */
  async create(): Promise<Driver | Unavailable> {
    const { provider, flags, signal, deadlines } = this.#o;
    signal.throwIfAborted();
    const creating = Promise.resolve(provider.create({ flags, signal }));
    try {
      const made = await within('create', creating, deadlines.callMs);
      if (this.#ended) throw new Error('the device opened after its case had ended');
      return assertDriver(made);
    } catch (error) {
      creating.then(closeLate, () => {});
      throw error;
    }
  }

  /** Closes what is open; what goes wrong is the device's, and is returned. A device that its check has closed is closed. */
  async closeAll(): Promise<readonly ErrorRecord[]> {
    this.#ended = true;
    const closing = this.#labs.splice(0).map(async (lab) => {
      try {
        await within('closing the device', lab.close(), closeMs);
        return [];
      } catch (error) {
        const record = errorRecord(error, 'close');
        return record.code === 'device-closed' ? [] : [record];
      }
    });
    return (await Promise.all(closing)).flat();
  }
}

/** The profile of a device that is opened for it, or why there is none. */
export async function profileOf(
  o: DeviceSourceOptions,
): Promise<{ readonly profile: DeviceProfile } | { readonly kind: 'unavailable' | 'failed'; readonly reason: string }> {
  const source = new DeviceSource(o);
  try {
    const made = await source.create();
    if (isUnavailable(made)) return { kind: 'unavailable', reason: made.unavailable };
    const profile = structuredClone(made.profile);
    await within('close', made.close(), closeMs);
    return { profile };
  } catch (error) {
    o.signal.throwIfAborted();
    const { name, message } = errorRecord(error);
    return { kind: 'failed', reason: `${name}: ${message}` };
  }
}

function assertDriver(made: Driver | Unavailable): Driver | Unavailable {
  if (typeof made !== 'object' || made === null) throw new TypeError(`create() gave ${String(made)}, not a Driver`);
  if (isUnavailable(made)) return made;
  const missing = (['plan', 'load', 'close'] as const).filter((method) => typeof made[method] !== 'function');
  const absent = [...missing, ...(['profile', 'lost'] as const).filter((member) => made[member] === undefined)];
  if (absent.length > 0) throw new TypeError(`create() gave no Driver: it has no ${absent.join(', ')}`);
  return made;
}

function closeLate(made: Driver | Unavailable): void {
  if (typeof made === 'object' && made !== null && !isUnavailable(made))
    Promise.resolve(made.close?.()).catch(() => {});
}
