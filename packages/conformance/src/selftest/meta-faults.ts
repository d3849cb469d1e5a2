/** Every fault of a suite that is planted to test the selftest. */
import type { MetaFault } from './meta-fault.ts';
import { runnerMetaFaults } from './runner-meta-faults.ts';
import { statisticsMetaFaults } from './statistics-meta-faults.ts';

export const metaFaults: readonly MetaFault[] = [...runnerMetaFaults, ...statisticsMetaFaults];
