/** Stand-ins for tests of the runner: a driver whose methods do what a test says, and checks that find what a test says. */
import cpu from '@isinglass/backend-cpu';
import type { DeviceProfile, Driver } from '@isinglass/sdk';
import type { Check, CheckPlan, Finding, Hypothesis } from '../src/checks/check.ts';
import type { CheckContext } from '../src/checks/check-context.ts';
import type { Provider } from '../src/provider/provider.ts';

const [info] = await cpu.enumerate();
if (info?.available !== true) throw new Error('the device cpu is not available');
/** The profile of `cpu`, without a latency of cancelling: one need that is not declared. */
export const profile: DeviceProfile = { ...info.profile, cancel: { latencyMs: null } };

/** A driver that only opens and closes. */
export function standInDriver(o: Partial<Driver> = {}): Driver {
  return {
    profile,
    lost: new AbortController().signal,
    plan: () => [],
    load: () => Promise.reject(new Error('the stand-in loads nothing')),
    close: async () => {},
    ...o,
  };
}

/** Counts what is open. */
export function countingProvider(
  o: Partial<Driver> = {},
): Provider & { readonly counts: { opened: number; closed: number } } {
  const counts = { opened: 0, closed: 0 };
  return {
    counts,
    async create() {
      counts.opened += 1;
      return standInDriver({
        async close() {
          counts.closed += 1;
        },
        ...o,
      });
    },
  };
}

const plan = (o: Partial<CheckPlan>): CheckPlan => ({
  id: 'test.one',
  version: 1,
  row: 0,
  chapter: 'lifecycle',
  title: 'A stand-in.',
  how: 'Nothing is run.',
  kind: 'logical',
  statistic: 'none',
  samples: 'none',
  resolution: { quick: 'all', standard: 'all', certify: 'all' },
  level: 'quick',
  clauses: [],
  needs: [],
  kills: [],
  blindTo: [],
  since: '0.1.0',
  ...o,
});

export function logical(
  id: string,
  run: (c: CheckContext) => Promise<readonly Finding[]> = async () => [{ name: 'it holds', ok: true }],
  o: Partial<CheckPlan> = {},
): Check {
  const kind = o.kind === 'near-certain' ? 'near-certain' : 'logical';
  return { plan: { ...plan({ id, ...o }), kind }, run };
}

export function statistical(
  id: string,
  sample: (c: CheckContext) => Promise<readonly Hypothesis[]>,
  o: Partial<CheckPlan> = {},
): Check {
  return { plan: { ...plan({ id, ...o }), kind: 'statistical' }, sample };
}
