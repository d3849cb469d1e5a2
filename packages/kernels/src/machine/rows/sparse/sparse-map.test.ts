import { type Block, couplingView, scaled } from '@isinglass/sdk';
import { Dice, randomProgram } from '@isinglass/sdk/testing';
import { describe, expect, it } from 'vitest';
import { compileKernels, instantiateKernels, isSupported } from '../../../load-kernels.ts';
import { placeOfLane } from '../../../row-lanes.ts';
import { sparseGroup } from '../../../sparse-update/sparse-update.exports.ts';
import { slotOfSpin } from '../../bank-lanes.ts';
import { type BuiltInfluence, buildSparseBlock, type SparseBlock } from './fixtures/sparse-block.ts';
import { type TestMemory, testMemory } from './fixtures/test-memory.ts';
import { sparseBytesMax } from './sparse-plan.ts';
import { SparseStep } from './sparse-step.ts';

describe.each(['baseline', 'relaxed'] as const)('records of random couplings, %s', (variant) => {
  describe.runIf(isSupported(variant))('where the engine has it', () => {
    it('sums and fields are those of the sdk, cell by cell and part by part', async () => {
      const modules = await compileKernels(variant);
      let kinds = { equal: 0, weighted: 0 };
      for (let seed = 0; seed < 60; seed++) {
        const program = randomProgram({
          seed,
          forms: ['sparse', 'diagonal', ...(seed % 3 === 0 ? ['conv' as const] : [])],
        });
        const block = program.json.stages.find((stage): stage is Block => stage.kind === 'block') as Block;
        const dice = new Dice(seed, 7);
        const memory = testMemory(2 ** 22);
        const built = buildSparseBlock(program, block, dice, memory);
        const step = new SparseStep(
          instantiateKernels(modules, memory.memory),
          memory.memory,
          memory.reserve(sparseGroup.bytes),
        );
        for (const influence of built.influences) {
          const { giver, states } = randomGiver(built, influence, dice, memory);
          const A = sumsOf(program, built, influence, states);
          const shift = dice.integer(0, 8);
          const m = { M: dice.integer(32768, 65535), sh: dice.integer(0, 40) };
          const size = 64 * influence.source.receiver.slots;
          const sums = memory.reserve(size);
          const fields = memory.reserve(size);
          for (const [part, { equal, weighted }] of influence.map.parts.entries()) {
            kinds = { equal: kinds.equal + equal.spins, weighted: kinds.weighted + weighted.spins };
            for (let first = 0; first < influence.map.cells.length; first++) {
              const spins = { map: influence.map, part, cells: { first, end: first + 1 } };
              step.addSums(spins, shift, { giver, sums });
            }
            step.addFields({ map: influence.map, part }, m, { giver, fields });
          }
          for (let spin = 0; spin < influence.source.receiver.spinCount; spin++) {
            for (let lane = 0; lane < 16; lane++) {
              const at = 16 * slotOfSpin(influence.source.receiver, spin) + (placeOfLane[lane] as number);
              const own = A[lane]?.[spin] as number;
              expect(memory.i32[sums / 4 + at]).toBe(own * 2 ** shift);
              if (Math.abs(scaled(own, m)) < 2 ** 26) expect(memory.i32[fields / 4 + at]).toBe(scaled(own, m));
            }
          }
        }
      }
      expect(Math.min(kinds.equal, kinds.weighted)).toBeGreaterThan(100);
    });
  });
});

it('the plan says what building takes, and counts alone bound it', () => {
  for (let seed = 0; seed < 40; seed++) {
    const program = randomProgram({ seed, forms: ['sparse', 'diagonal'] });
    const block = program.json.stages.find((stage): stage is Block => stage.kind === 'block') as Block;
    const memory = testMemory(2 ** 22);
    const { influences } = buildSparseBlock(program, block, new Dice(seed), memory);
    expect(memory.used()).toBe(influences.reduce((sum, { plan }) => sum + plan.bytes, 0));
    for (const { coupling, plan, source } of influences) {
      const view = couplingView(coupling, block, program.tensors);
      const ends = view.nnz().nominal * (coupling.from === coupling.to ? 2 : 1);
      const max = sparseBytesMax({ spins: source.receiver.spinCount, ends, parts: source.parts.length });
      expect(plan.bytes).toBeLessThanOrEqual(max);
      expect(plan.sumMax).toBe(Math.max(0, ...view.absoluteSums(source.receiver.id === coupling.to ? 'to' : 'from')));
    }
  }
});

function randomGiver(built: SparseBlock, { giver }: BuiltInfluence, dice: Dice, memory: TestMemory) {
  const lanes = built.lanes[giver] as SparseBlock['lanes'][number];
  const address = memory.reserve(16 * lanes.slots);
  const states = Array.from({ length: 16 }, () =>
    Int8Array.from({ length: lanes.spinCount }, () => (dice.chance(0.5) ? 1 : -1)),
  );
  for (let spin = 0; spin < lanes.spinCount; spin++) {
    const slot = slotOfSpin(lanes, spin);
    for (let lane = 0; lane < 16; lane++) memory.u8[address + 16 * slot + lane] = states[lane]?.[spin] === 1 ? 0xff : 0;
  }
  return { giver: address, states };
}

/** A of every spin of the receiver, by lane. */
function sumsOf(
  program: Parameters<typeof buildSparseBlock>[0],
  { block }: SparseBlock,
  { coupling, side, source }: BuiltInfluence,
  states: readonly Int8Array[],
): readonly Float64Array[] {
  const view = couplingView(coupling, block, program.tensors);
  return states.map((state) => {
    const out = new Float64Array(source.receiver.spinCount);
    if (side === 'to') view.applyForward(state, out);
    else view.applyAdjoint(state, out);
    return out;
  });
}
