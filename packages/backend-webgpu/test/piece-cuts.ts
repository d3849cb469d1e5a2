import type { PieceSizes } from '../src/gpu/piece-sizes.ts';

/** Ways to cut the work of one run on the GPU, by name: finer than it ever is. */
export const pieceCuts = {
  'a submit for each dispatch of a row': { submitMs: 0, submitCostFirst: 1, submitCostMin: 1 },
  'submits of some rows': { submitMs: 0, submitCostFirst: 2 ** 15, submitCostMin: 2 ** 15 },
  'submits of two dispatches': { submitDispatchesMax: 2 },
  'submits of one sweep': { submitSweepsMax: 1 },
  'two workgroups a line': { workgroupsMax: 2 },
  'twelve bytes read back at a time': { stagingBytesMax: 12 },
  'one kept state at a time': { collectedBytesMax: 1 },
  'two kept states of a row at a time': { collectedBytesMax: 1000 },
} as const satisfies Readonly<Record<string, Partial<PieceSizes>>>;

export type PieceCut = keyof typeof pieceCuts;

export const pieceCutNames = Object.keys(pieceCuts) as readonly PieceCut[];
