/** All checks, chapter by chapter in the order of `chapters`. The order inside a chapter is the order of its file. */
import { capabilityChecks } from './capability.ts';
import { chainsChecks } from './chains.ts';
import type { Chapter, Check } from './check.ts';
import { concurrencyChecks } from './concurrency.ts';
import { distributionChecks } from './distribution.ts';
import { dynamicsChecks } from './dynamics.ts';
import { exactnessChecks } from './exactness.ts';
import { lifecycleChecks } from './lifecycle.ts';
import { loadingChecks } from './loading.ts';
import { pinsChecks } from './pins.ts';
import { quantizationChecks } from './quantization.ts';
import { randomnessChecks } from './randomness.ts';
import { readoutChecks } from './readout.ts';
import { resourcesChecks } from './resources.ts';
import { scheduleChecks } from './schedule.ts';
import { serializationChecks } from './serialization.ts';

const byChapter: Readonly<Record<Chapter, readonly Check[]>> = {
  lifecycle: lifecycleChecks,
  capability: capabilityChecks,
  loading: loadingChecks,
  pins: pinsChecks,
  distribution: distributionChecks,
  dynamics: dynamicsChecks,
  schedule: scheduleChecks,
  readout: readoutChecks,
  chains: chainsChecks,
  randomness: randomnessChecks,
  quantization: quantizationChecks,
  concurrency: concurrencyChecks,
  resources: resourcesChecks,
  serialization: serializationChecks,
  exactness: exactnessChecks,
};

/** Every check of the suite. Ids are unique. */
export const catalogue: readonly Check[] = Object.values(byChapter).flat();
