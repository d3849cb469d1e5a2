/** Whether the suite can work with a device at all: it opens, its profile is valid, a run answers. Says nothing about the law. */
import { parseDeviceProfile } from '@isinglass/sdk';
import { catalogue } from '../checks/catalogue.ts';
import type { Check, Level } from '../checks/check.ts';
import type { Lab } from '../lab/lab.ts';
import { coinProbe } from '../probes/graphs.ts';
import { missingNeeds, needs } from '../profile/needs.ts';
import { isUnavailable, type Provider } from '../provider/provider.ts';
import { RandomStream } from '../random/random-stream.ts';
import { caseId } from './case-id.ts';
import { defaultDeadlines } from './deadlines.ts';
import { DeviceSource } from './device-source.ts';
import { errorRecord } from './error-record.ts';
import { selectedChecks } from './selection.ts';
import { watchStrayErrors } from './stray-errors.ts';
import { claimedTolerances } from './tolerances.ts';

export interface DoctorOptions {
  readonly provider: Provider;
  readonly level: Level;
  readonly flags?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Default: the catalogue. */
  readonly checks?: readonly Check[];
}

export interface DoctorStep {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what is wrong. */
  readonly detail: string;
}

export interface DoctorReport {
  readonly ok: boolean;
  readonly steps: readonly DoctorStep[];
  /** Case ids that the level would run. */
  readonly runs: readonly string[];
  /** Those that it would not, with what the profile does not declare. */
  readonly unsupported: readonly { readonly case: string; readonly missing: readonly string[] }[];
}

/** Steps after the first that fails are not tried. Never throws what the device throws. */
export async function doctor(o: DoctorOptions): Promise<DoctorReport> {
  const signal = o.signal ?? new AbortController().signal;
  const setting = { provider: o.provider, flags: o.flags ?? {}, deadlines: defaultDeadlines[o.level], signal };
  const devices = new DeviceSource(setting);
  const steps: DoctorStep[] = [];
  const strays = watchStrayErrors();
  const step = async <T>(name: string, work: () => Promise<{ value: T; detail: string }>): Promise<T | undefined> => {
    if (steps.some(({ ok }) => !ok)) return undefined;
    try {
      const { value, detail } = await work();
      steps.push({ name, ok: true, detail });
      return value;
    } catch (error) {
      signal.throwIfAborted();
      const { name: kind, message } = errorRecord(error);
      steps.push({ name, ok: false, detail: `${kind}: ${message}` });
      return undefined;
    }
  };

  await step('the device is here', async () => {
    const made = await devices.create();
    if (isUnavailable(made)) throw new Error(`unavailable: ${made.unavailable}`);
    await made.close();
    return { value: undefined, detail: 'opened and closed' };
  });
  const lab = await step('it opens again', async () => ({ value: await devices.open(), detail: 'opened' }));
  const profile = await step('its profile is valid', async () => {
    const parsed = parseDeviceProfile((lab as Lab).profile);
    return { value: parsed, detail: `${parsed.vendor} ${parsed.name}, ${parsed.determinism}` };
  });
  await step('its profile is frozen', async () => {
    if (!Object.isFrozen((lab as Lab).profile)) throw new Error('profile is not frozen: Object.freeze it, deeply');
    return { value: undefined, detail: 'frozen' };
  });
  await step('a run of free coins answers', () => coinRun(lab as Lab));
  const left = await devices.closeAll();
  await strays.stop();
  const stray = [...left, ...strays.found.map(({ kind, error }) => errorRecord(error, kind))];
  for (const { from = 'left behind', name, message } of stray) {
    steps.push({ name: from, ok: false, detail: `${name}: ${message}` });
  }

  const selected = selectedChecks(o.checks ?? catalogue, { level: o.level, only: null });
  const declared =
    profile === undefined ? undefined : { ...profile, tolerances: claimedTolerances(profile, o.provider.tolerances) };
  const judged = selected.map(({ plan }) => ({
    case: caseId(plan),
    missing: declared === undefined ? [] : missingNeeds(declared, plan.needs).map((need) => needs[need]),
  }));
  return {
    ok: steps.every(({ ok }) => ok),
    steps,
    runs: judged.filter(({ missing }) => missing.length === 0).map((each) => each.case),
    unsupported: judged.filter(({ missing }) => missing.length > 0),
  };
}

/** Four coins, one sweep: the result has the shape that the contract asks for. */
async function coinRun(lab: Lab): Promise<{ value: undefined; detail: string }> {
  const random = new RandomStream(1n, 'doctor');
  const probe = await lab.loadProbe(coinProbe(4), random);
  const began = performance.now();
  const result = await probe.run({ images: 1, sweeps: 2, seed: random.bits64() });
  if (lab.profile.readout.observables.includes('spin-sum')) probe.sumsOf(result, 1);
  return { value: undefined, detail: `answered in ${(performance.now() - began).toFixed(1)} ms` };
}
