/** Faults of seeds: runs that get other random numbers than the request's seed, images and chains give them. */
import type { DeviceProfile, DriverRun } from '@isinglass/sdk';
import { declaring } from './capability-faults.ts';
import type { Spoiler } from './spoiled-driver.ts';

/** The generator restarts with every run, whatever the seed (M28). */
export const restarted = (): Spoiler => ({ run: (q, run) => run({ ...q, seed: 1n }) });

/** The same numbers for every run, from a device that claims no more than the law: a constant stream. */
export const constantStream = (profile: DeviceProfile): Spoiler => ({
  ...declaring(profile, { determinism: 'statistical' }),
  run: (q, run) => run({ ...q, seed: 1n, images: q.images.map((_, n) => n), chainOffset: 0, sweepOffset: 0 }),
});

/** Only the lowest bits of the seed count (M30). */
export const seedBits = (bits: number): Spoiler => ({
  run: (q, run) => run({ ...q, seed: q.seed & ((1n << BigInt(bits)) - 1n) }),
});

/** The seed is ignored: the device draws one of its own for every run (M31). */
export function seedIgnored(): Spoiler {
  return { run: (q, run) => run({ ...q, seed: ownSeed() }) };
}

/** Random numbers depend on what else is in flight (M32). */
export function seedOfLoad(): Spoiler {
  let inFlight = 0;
  return {
    async run(q, run) {
      inFlight++;
      try {
        return await run({ ...q, seed: q.seed ^ BigInt(inFlight - 1) });
      } finally {
        inFlight--;
      }
    },
  };
}

/** All images of a run share one stream of random numbers: with one chain each, all rows do (M29). */
export const imagesShareStream = (): Spoiler => ({
  run: (q, run) => run({ ...q, images: q.images.map(() => q.images[0] ?? 0) }),
});

/** β is `factor` ≤ 1 of what it should be, by the temperatures. */
export const cooled = (factor: number): Spoiler => ({
  run: (q, run) => run({ ...q, temperatures: temperaturesTimes(q, factor) }),
});

/** Temperatures of a run, all times `factor` ≤ 1; those of runs too long to list them stay as they are. */
export function temperaturesTimes({ sweeps, temperatures }: DriverRun, factor: number): DriverRun['temperatures'] {
  if (sweeps > listedSweepsMax) return temperatures;
  return Uint32Array.from({ length: sweeps }, (_, n) => Math.round((temperatures?.[n] ?? 65536) * factor));
}

const listedSweepsMax = 2 ** 20;

function ownSeed(): bigint {
  return crypto.getRandomValues(new BigUint64Array(1))[0] as bigint;
}
