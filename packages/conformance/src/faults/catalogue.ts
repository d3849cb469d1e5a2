/** All planted faults: M01 … M54 of the catalogue with their variants, faults beyond it, and those that no driver can be given. */
import { arithmeticFaults } from './planted/arithmetic.ts';
import { faultsBeyond } from './planted/beyond.ts';
import { generatorFaults } from './planted/generators.ts';
import { impostorFaults } from './planted/impostors.ts';
import { runFaults } from './planted/runs.ts';
import { updateFaults } from './planted/updates.ts';
import { windowFaults } from './planted/windows.ts';
import type { PlantedFault, UnreachableFault } from './planted-fault.ts';

/** In the order of their numbers, those with words last. */
export const faults: readonly PlantedFault[] = [
  ...updateFaults,
  ...arithmeticFaults,
  ...generatorFaults,
  ...windowFaults,
  ...runFaults,
  ...impostorFaults,
  ...faultsBeyond,
].toSorted((a, b) => numberOf(a.id) - numberOf(b.id));

/** Faults of the catalogue, or parts of them, that lie above the contract of a driver. */
export const unreachableFaults: readonly UnreachableFault[] = [
  {
    id: 'M48/program',
    title: 'A load that failed leaves its own program half loaded.',
    reason:
      'load() returns the loaded program or is rejected: a failed load gives nothing that could be run. What it does to programs that were there is reachable: M48.',
  },
  {
    id: 'M49/feature',
    title: 'An undeclared feature is silently ignored.',
    reason:
      'The sdk compares programs and requests with the profile and refuses by name before a driver is called; a driver may rely on that. Limits that are overstated are reachable: M49/rows, M17.',
  },
  {
    id: 'M41/sums',
    title: 'A tie goes the wrong way on a device that gives sums alone.',
    reason: 'Without readout.signs the sdk computes signs from sums; the tie rule is never the driver’s.',
  },
  {
    id: 'M42/means',
    title: 'Averages are divided by K + 1 above the driver.',
    reason:
      'What crosses the contract is an integer sum; the division by K is the sdk’s. A driver that rescales its sums is reachable: M42.',
  },
];

/** 54 for `M54/…`; words come after all numbers. */
export function numberOf(id: string): number {
  const match = /^M(\d+)/.exec(id);
  return match === null ? 1000 : Number(match[1]);
}

export { familyOf } from './family.ts';
