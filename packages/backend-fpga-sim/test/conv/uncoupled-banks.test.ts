/** Banks that no coupling says the shape of: channels alone are maps of one pixel, and as many as the machine has spins fit it. */
import type { Block, Program } from '@isinglass/sdk';
import { runFixedLaw } from '@isinglass/sdk/reference';
import { driverOutcomes, programOfBlock, randomRun, runOutcome } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { convMisfits } from '../../src/conv/conv-misfits.ts';
import { convParameters, onlyBlock } from './conv-cases.ts';
import { convDriver } from './conv-driver.ts';

function uncoupled(...shapes: readonly (readonly number[])[]): Program {
  const block: Block = {
    kind: 'block',
    id: 'block',
    index: 0,
    banks: shapes.map((shape, n) => ({ id: `b${n}`, role: 'free', shape, color: n })),
    gains: [],
    couplings: [],
    biases: [],
    readouts: shapes.map((_, n) => ({ id: `y${n}`, bank: `b${n}`, observable: 'spin-sum', tie: 1 })),
    schedule: { sweeps: 6, burnIn: 0, stride: 1, chains: 1, colors: shapes.map((_, n) => n), init: 'random', beta: 1 },
    fixed: { fractionBits: 9, beta: 1 },
  };
  return programOfBlock(block, new Map());
}

test.for([
  ['channels alone', uncoupled([2], [37])],
  ['channels × width', uncoupled([3, 11])],
  ['channels × height × width', uncoupled([3, 5, 7])],
] as const)('%s: the bits of the reference, and no spin beside them', async ([, program]) => {
  const run = randomRun(program, 1, { starts: ['random'], sweepsMax: 6 });
  const expected = await runOutcome((trace) => runFixedLaw(program, { ...run, trace }));
  const driver = convDriver(convParameters());
  expect((await driverOutcomes(driver, program, run)).traced).toEqual(expected);
  await driver.close();
});

test('all spins that a machine has fit, in banks that are no whole number of tiles; one more does not', () => {
  const p = convParameters({ spins: 4096 });
  const misfits = (...shapes: readonly (readonly number[])[]) => {
    const program = uncoupled(...shapes);
    return convMisfits(p, program, onlyBlock(program)).map(({ limit }) => limit);
  };
  expect(misfits([2047], [2049])).toEqual([]);
  expect(misfits([2047], [2050])).toEqual(['spins.max']);
});
