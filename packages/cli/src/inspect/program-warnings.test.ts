import { readFileSync } from 'node:fs';
import { type Block, createProgram, readProgram } from '@isinglass/sdk';
import { expect, it } from 'vitest';
import { programWarnings } from './program-warnings.ts';

/** One block with δ as a gain and a spin-sum readout with signs; 12 sweeps, 3 of them burn-in. */
const vector = new URL('../../../sdk/test/fixtures/oracle/feed-forward.isg', import.meta.url);
const { json, tensors } = readProgram(new Uint8Array(readFileSync(vector)));

function warningsWith(change: (block: Block) => Block) {
  const stages = json.stages.map((stage) => (stage.kind === 'block' ? change(stage) : stage));
  return programWarnings(createProgram({ ...json, stages }, tensors));
}

it('a program as it should be has no warnings', () => {
  expect(warningsWith((block) => block)).toEqual([]);
});

it('a gain above 1 is named, one of exactly 1 is not', () => {
  const withDelta = (value: number) => (block: Block) => ({
    ...block,
    gains: block.gains.map((gain) => (gain.id === 'delta' ? { ...gain, value } : gain)),
  });
  expect(warningsWith(withDelta(1))).toEqual([]);
  expect(warningsWith(withDelta(1.25))).toMatchObject([{ code: 'gain-above-one', where: 'stages[0].gains[1]' }]);
});

it('a coupling that cannot move a field by one unit is named', () => {
  const withScale = (scale: number) => (block: Block) => ({
    ...block,
    couplings: block.couplings.map((coupling, c) => (c === 0 ? { ...coupling, scale } : coupling)),
  });
  expect(warningsWith(withScale(1e-3))).toEqual([]);
  expect(warningsWith(withScale(1e-8))).toMatchObject([{ code: 'inert-coupling', where: 'stages[0].couplings[0]' }]);
});

it('an even number of samples is named where signs are taken of spin sums', () => {
  const withSweeps = (sweeps: number) => (block: Block) => ({ ...block, schedule: { ...block.schedule, sweeps } });
  expect(warningsWith(withSweeps(12))).toEqual([]);
  expect(warningsWith(withSweeps(13))).toMatchObject([{ code: 'even-samples', where: 'stages[0].readouts[0]' }]);
});
