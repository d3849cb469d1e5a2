/** Checks of the chapter serialization. */
import type { Check } from './check.ts';
import { obsCounters } from './serialization/obs-counters.ts';
import { obsErrors } from './serialization/obs-errors.ts';
import { serRoundtrip } from './serialization/ser-roundtrip.ts';

export const serializationChecks: readonly Check[] = [serRoundtrip, obsCounters, obsErrors];
