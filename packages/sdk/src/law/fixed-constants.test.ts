import { expect, test } from 'vitest';
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import { randomProgram } from '../testing/random-program.ts';
import { runtimeGains } from '../testing/vector-run.ts';
import { fixedBlock, fixedBlockFaults } from './fixed-block.ts';
import { type FixedConstants, fixedConstants } from './fixed-constants.ts';
import { sumBound } from './sum-bound.ts';

function drained(program: Program, block: Block, gains: Readonly<Record<string, number>>): FixedConstants {
  const bounds = new Map(block.couplings.map((coupling) => [coupling.id, sumBound(program.tensors, coupling)]));
  const work = fixedConstants(program, block, bounds, gains);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

function* blocks(): Generator<{ readonly program: Program; readonly block: Block }> {
  for (let seed = 0; seed < 60; seed++) {
    const program = randomProgram({ seed });
    for (const stage of program.json.stages) if (stage.kind === 'block') yield { program, block: stage };
  }
}

test('constants made in slices are those that fixedBlock makes at once', () => {
  for (const { program, block } of blocks()) {
    const { multipliers, biases } = fixedBlock(program, block, runtimeGains(block));
    expect(drained(program, block, runtimeGains(block))).toMatchObject({ multipliers, biases });
  }
});

test('gains are refused exactly where fixedBlock refuses them', () => {
  const seen = { refused: 0, accepted: 0 };
  for (const { program, block } of blocks()) {
    const [gain] = block.gains.filter(({ runtime }) => runtime);
    if (gain === undefined) continue;
    // From harmless to far beyond the range: some fields are out of it by a little, which the bound alone cannot tell.
    for (let power = 0; power <= 24; power += 2) {
      const gains = { ...runtimeGains(block), [gain.id]: 2 ** power };
      if (fixedBlockFaults(program, block, gains).length === 0) {
        expect(() => drained(program, block, gains)).not.toThrow();
        seen.accepted++;
      } else {
        expect(() => drained(program, block, gains)).toThrow(/cannot run with these gains/);
        seen.refused++;
      }
    }
  }
  expect(Math.min(seen.refused, seen.accepted)).toBeGreaterThan(50);
});
