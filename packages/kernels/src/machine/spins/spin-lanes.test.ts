import type { Block, Program } from '@isinglass/sdk';
import { programFamilies } from '@isinglass/sdk/testing';
import { describe, expect, test } from 'vitest';
import { type BankLanes, blockLanes } from '../bank-lanes.ts';
import { type SpinLanes, slotsOfSpins, spinLanes, spinsPerUnit } from './spin-lanes.ts';

const blockOf = (program: Program): Block => program.json.stages.find(({ kind }) => kind === 'block') as Block;

/** The first free bank as the one-row form sees it. */
function freeBank(program: Program, degrees: (lanes: BankLanes) => Uint32Array): SpinLanes {
  const block = blockOf(program);
  const lanes = blockLanes(block).find(({ free }) => free) as BankLanes;
  return spinLanes(program, block, lanes, degrees(lanes));
}

/** Steps of all units, were every color listed in this order. */
function stepsOf(spins: Uint32Array, degrees: Uint32Array): number {
  let steps = 0;
  for (let unit = 0; unit < spins.length / spinsPerUnit; unit++) {
    const own = spins.subarray(spinsPerUnit * unit, spinsPerUnit * (unit + 1));
    steps += Math.max(...[...own].map((spin) => degrees[spin] as number));
  }
  return steps;
}

describe('spins of a color in lists', () => {
  test('those with the most neighbours come first where that saves a tenth of the steps, else as they are', () => {
    let sortedLists = 0;
    for (let seed = 0; seed < 40; seed++) {
      const program = programFamilies.irregularGraph(seed);
      // Some steep, some flat.
      const degreeOf = (spin: number): number => 1 + ((spin * 7919) % (seed % 4 === 0 ? 2 : 5 + seed));
      const degrees = ({ spinCount }: BankLanes) =>
        Uint32Array.from({ length: spinCount }, (_, spin) => degreeOf(spin));
      const own = freeBank(program, degrees);
      const all = degrees(own.lanes);
      const slots = slotsOfSpins(own);
      expect(new Set(slots).size).toBe(own.lanes.spinCount);
      for (const { spins } of own.colors ?? []) {
        const rising = spins.toSorted();
        const sorted = rising.toSorted((a, b) => degreeOf(b) - degreeOf(a) || a - b);
        const saves = stepsOf(sorted, all) <= 0.9 * stepsOf(rising, all);
        expect(spins).toEqual(saves ? sorted : rising);
        if (saves) sortedLists++;
      }
    }
    expect(sortedLists).toBeGreaterThan(20);
  });

  test('a lattice with equal numbers of neighbours stays in index order', () => {
    const own = freeBank(programFamilies.lattice(3), ({ spinCount }) => new Uint32Array(spinCount).fill(6));
    for (const { spins } of own.colors ?? []) expect(spins).toEqual(spins.toSorted());
    expect(own.colors).not.toBeNull();
  });
});
