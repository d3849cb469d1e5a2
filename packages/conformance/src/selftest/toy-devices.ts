/** Devices of the selftest: the machine that the suite holds true, and that machine with gross faults. */
import type { DriverResult, DriverRun } from '@isinglass/sdk';
import { type Spoiler, spoiledDriver } from '../faults/spoiled-driver.ts';
import { roundedFields } from '../faults/weight-faults.ts';
import { FixedMachine } from '../oracle/fixed-machine.ts';
import { machineProfile } from '../oracle/machine/machine-profile.ts';
import { defineProvider, type Provider } from '../provider/provider.ts';

/** What all of them say that they are: sums only, so that a fault of sums is a fault of all that is seen. */
export const toyProfile = machineProfile({
  determinism: 'stable',
  readout: { observables: ['spin-sum'], signs: false, trace: false, counterBits: 32, strideMin: 1 },
});

const machine = (): FixedMachine => new FixedMachine({ profile: toyProfile });

const spoiled = (spoiler: Spoiler): Provider =>
  defineProvider({ create: async () => spoiledDriver(machine(), spoiler) });

/** Sums of a result, rewritten. */
const withSums = (change: (sum: number, q: DriverRun) => number): Spoiler => ({
  async run(q, run): Promise<DriverResult> {
    const result = await run(q);
    return {
      ...result,
      readouts: result.readouts.map(({ sums, ...rest }) =>
        sums === undefined ? rest : { ...rest, sums: sums.map((sum) => change(sum, q)) },
      ),
    };
  },
});

const keptOf = (q: DriverRun): number => Math.floor((q.sweeps - q.burnIn) / q.stride) * q.chains;

export const healthyDevice: Provider = defineProvider({ create: async () => machine() });

/** Every sum has the other sign. */
export const invertedDevice = spoiled(withSums((sum) => -sum));

/** Every spin is up at all times. */
export const allUpDevice = spoiled(withSums((_, q) => keptOf(q)));

/** One sample too many in every sum. */
export const oneTooManyDevice = spoiled(withSums((sum) => sum + 1));

/** Uses fields rounded to multiples of ½, and says so when asked what it holds: the law of its own program is not that of the one it was given. */
export const coarseFieldsDevice = spoiled(roundedFields(0.5));

/** All up on the first device that is opened, healthy afterwards. */
export function onceWrongDevice(): Provider {
  let opened = 0;
  return defineProvider({
    create: async (o) => (opened++ === 0 ? allUpDevice.create(o) : healthyDevice.create(o)),
  });
}

const refusal = (name: string): Error => Object.assign(new Error('not today'), { name });

/** Devices that throw, or never answer: each is a failure, whatever the error is called. */
export const brokenDevices: Readonly<Record<string, Provider>> = {
  'create() throws': defineProvider({ create: () => Promise.reject(refusal('DeviceError')) }),
  'load() throws': spoiled({ load: () => Promise.reject(refusal('DeviceError')) }),
  'run() throws': spoiled({ run: () => Promise.reject(refusal('DeviceError')) }),
  'run() throws an UnsupportedError': spoiled({ run: () => Promise.reject(refusal('UnsupportedError')) }),
  'run() throws an error named TooFewSamples': spoiled({ run: () => Promise.reject(refusal('TooFewSamples')) }),
  'run() throws an error named SkipError': spoiled({ run: () => Promise.reject(refusal('SkipError')) }),
  'run() throws undefined': spoiled({ run: () => Promise.reject(undefined) }),
  'run() never settles': spoiled({ run: () => new Promise(() => {}) }),
  'close() throws': spoiled({ close: () => Promise.reject(refusal('DeviceError')) }),
};
