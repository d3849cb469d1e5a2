import { expect, test } from 'vitest';
import { randomProgram } from '../testing/random-program.ts';
import { type MemoryFootprint, type MemoryPlanOptions, planInMemory } from './plan-in-memory.ts';

const program = randomProgram({ seed: 3, forms: ['dense'], blocks: 2 });
const [first, second] = program.json.stages;

/** 100 bytes loaded; the second block needs 30 + 7 per row more, the first 10 + 2 per row. */
const sizes: readonly MemoryFootprint[] = [
  { loadedBytes: 60, runBytes: 10, bytesPerRow: 2, rowsPreferred: 8 },
  { loadedBytes: 40, runBytes: 30, bytesPerRow: 7, rowsPreferred: 8 },
];

const plan = (bytesMax: number, o: Partial<MemoryPlanOptions> = {}) =>
  planInMemory(program, {
    footprint: (block) => sizes[block === first ? 0 : 1] as MemoryFootprint,
    bytesMax,
    rowsMax: Number.POSITIVE_INFINITY,
    misfit: ({ bytesNeeded, bytesAvailable, where }) => {
      return { limit: 'bytes', needed: bytesNeeded, available: bytesAvailable, where, remedies: [] };
    },
    ...o,
  });

test('rows of a block are as many as fit beside all loaded blocks and what its run holds anyway', () => {
  expect([first?.kind, second?.kind]).toEqual(['block', 'block']);
  expect(plan(200)).toEqual({
    // Loaded blocks and the larger of the two runs, without rows.
    bytes: 130,
    blocks: [
      { bytesPerRow: 2, rowsMax: 45, rowsPreferred: 8 },
      { bytesPerRow: 7, rowsMax: 10, rowsPreferred: 8 },
    ],
  });
});

test('rowsMax bounds both the rows that are possible and those that are preferred', () => {
  expect(plan(200, { rowsMax: 5 })).toMatchObject({ blocks: [{ rowsMax: 5, rowsPreferred: 5 }, { rowsMax: 5 }] });
});

test('memory for one row is enough, and one byte less is a misfit of that block alone', () => {
  expect(plan(137)).toMatchObject({ blocks: [{ rowsMax: 13 }, { rowsMax: 1, rowsPreferred: 1 }] });
  expect(plan(136)).toEqual([{ limit: 'bytes', needed: 137, available: 136, where: 'stages[1]', remedies: [] }]);
});

test('all misfits are said at once', () => {
  expect(plan(111)).toMatchObject([{ where: 'stages[0]', needed: 112 }, { where: 'stages[1]' }]);
});
