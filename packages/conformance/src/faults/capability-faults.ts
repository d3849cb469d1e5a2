/** Faults of what a device says about itself, and of what it holds on to (M49, M50, M52). */
import type { DeviceProfile } from '@isinglass/sdk';
import { claiming, type Spoiler } from './spoiled-driver.ts';

/** The profile names another limit once a run has been made (M50). */
export function profileChanges(before: DeviceProfile): Spoiler {
  const after = claiming(before, { batch: { ...before.batch, inFlight: before.batch.inFlight + 1 } });
  let ran = false;
  return {
    profile: () => (ran ? after : before),
    run(q, run) {
      ran = true;
      return run(q);
    },
  };
}

/** Every device that is opened has a name of its own (M50). */
export function identityDiffers(profile: DeviceProfile): Spoiler {
  const opened = claiming(profile, { name: `${profile.name} ${crypto.randomUUID()}` });
  return { profile: () => opened };
}

/** The profile claims `rows` rows at a time; the machine has cells for half of them, and gives the others what these have (M49). */
export function rowsOverstated(profile: DeviceProfile, rows: number): Spoiler {
  return {
    ...declaring(profile, { batch: { ...profile.batch, rowsMax: rows, imagesMax: rows } }),
    async run(q, run) {
      const half = Math.max(1, rows >> 1);
      if (q.images.length * q.chains <= half) return await run(q);
      const images = q.images.map((_, n) => q.images[n % Math.max(1, Math.floor(half / q.chains))] ?? 0);
      return await run({ ...q, images });
    },
  };
}

/** The profile with members replaced, the same object at every reading. */
export function declaring(profile: DeviceProfile, changes: Partial<DeviceProfile>): Spoiler {
  const changed = claiming(profile, changes);
  return { profile: () => changed };
}

/** Every load takes `bytes` that are never given back (M52). */
export function leaking(bytes: number): Spoiler {
  const kept: Uint8Array[] = [];
  return {
    load(load) {
      kept.push(new Uint8Array(bytes).fill(kept.length & 255));
      return load();
    },
  };
}
