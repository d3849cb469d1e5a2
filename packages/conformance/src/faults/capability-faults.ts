/** Faults of what a device says about itself, and of what it holds on to (M49, M50, M52). */
import { type DeviceProfile, type PackedSpins, wordsPerRow } from '@isinglass/sdk';
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

/** The profile claims `rows` rows at a time; the machine has cells for half of them, and gives zeros for the others (M49). */
export function rowsOverstated(profile: DeviceProfile, rows: number): Spoiler {
  const half = rows >> 1;
  const cut = (packed: PackedSpins, rowsMax: number): PackedSpins => ({
    ...packed,
    words: packed.words.map((word, n) => (n < rowsMax * wordsPerRow(packed.spinCount) ? word : 0)),
  });
  return {
    ...declaring(profile, { batch: { ...profile.batch, rowsMax: rows, imagesMax: rows } }),
    async run(q, run) {
      const result = await run(q);
      const images = Math.floor(half / q.chains);
      if (q.images.length <= images) return result;
      const readouts = result.readouts.map(({ sums, signs, states }) => ({
        ...(sums && { sums: sums.map((sum, n) => (n < (images * sums.length) / q.images.length ? sum : 0)) }),
        ...(signs && { signs: cut(signs, images) }),
        ...(states && { states: cut(states, (images * states.rows) / q.images.length) }),
      }));
      return { ...result, readouts };
    },
  };
}

/** The profile with members replaced, the same object at every reading. */
export function declaring(profile: DeviceProfile, changes: Partial<DeviceProfile>): Spoiler {
  const changed = claiming(profile, changes);
  return { profile: () => changed };
}

/** Feed-forward starts are declared, and random ones are made (M49). */
export const feedForwardIgnored = (): Spoiler => ({
  run: (q, run) => run(q.start.kind === 'feed-forward' ? { ...q, start: { kind: 'random' } } : q),
});

/** Twice as many flips are counted as there were. */
export const flipsDoubled = (): Spoiler => ({
  async run(q, run) {
    const { counters, ...result } = await run(q);
    return { ...result, counters: { ...counters, ...(counters.flips && { flips: 2 * counters.flips }) } };
  },
});

/** What goes wrong in a run is told by an error without name and code, and by a path of the host. */
export const errorsWithoutCode = (): Spoiler => ({
  async run(q, run) {
    try {
      return await run(q);
    } catch (error) {
      if (q.signal.aborted) throw error;
      throw new Error('assertion failed in /opt/machine/driver/run.c');
    }
  },
});

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
