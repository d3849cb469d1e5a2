import type { Block, PackedSpins, Program } from '@isinglass/sdk';
import { runFixedLaw } from '@isinglass/sdk/reference';
import { Dice, type RunData, randomProgram, randomRun } from '@isinglass/sdk/testing';
import { describe, expect, it } from 'vitest';
import { compileKernels, instantiateKernels, isSupported, type SimdVariant } from '../../../load-kernels.ts';
import { SparseMachine, type Way } from './fixtures/sparse-machine.ts';
import { testMemory } from './fixtures/test-memory.ts';

const variants: readonly SimdVariant[] = ['baseline', 'relaxed'];
type Banks = Readonly<Record<string, PackedSpins>>;

describe.each(variants)('random sparse programs, %s', (variant) => {
  describe.runIf(isSupported(variant))('where the engine has it', () => {
    it('every state of every sweep, every sum and the flips are those of the reference machine', async () => {
      const modules = await compileKernels(variant);
      const ways = new Map<Way, number>();
      let packed = 0;
      for (let seed = 0; seed < 120; seed++) {
        const program = randomProgram({
          seed,
          forms: ['sparse', 'diagonal'],
          freeSpinsMax: 60,
          pinnedSpinsMax: seed % 2 === 0 ? 0 : 30,
        });
        const run = runOf(program, seed);
        const block = program.json.stages.find(
          (stage): stage is Block => stage.kind === 'block' && stage.index === run.block,
        ) as Block;
        const trace: Banks[] = [];
        const expected = runFixedLaw(program, { ...run, trace: (_, banks) => trace.push(banks) });
        const memory = testMemory(2 ** 23);
        const kernels = instantiateKernels(modules, memory.memory);
        const machine = new SparseMachine(program, block, { run, memory, kernels, dice: new Dice(seed, 9) });
        machine.begin(trace[0] as Banks);
        let retained = 0;
        for (let t = 1; t <= run.sweeps; t++) {
          const since = t - run.burnIn;
          const keeps = since > 0 && since % run.stride === 0;
          if (keeps) retained++;
          machine.sweep(t, keeps);
          for (const [n, { id }] of block.banks.entries()) {
            const agree = machine.nibblesAgree(n);
            if (agree !== null) packed++;
            expect(agree, `seed ${seed}, nibbles of ${id}`).not.toBe(false);
            expect(machine.states(n).words, `seed ${seed}, sweep ${t}, bank ${id}`).toEqual(trace[t]?.[id]?.words);
          }
        }
        for (const [n, request] of run.readouts.entries()) {
          if (request.observable === 'state') continue;
          const bank = block.banks.findIndex(({ id }) => id === request.bank);
          const sums = machine.sums(bank, request.observable, retained);
          expect(sums, `seed ${seed}, ${request.observable} of ${request.bank}`).toEqual(expected.readouts[n]?.sums);
        }
        expect(machine.flips, `seed ${seed}`).toBe(expected.counters.flips);
        for (const [way, updates] of machine.ways) ways.set(way, (ways.get(way) ?? 0) + updates);
      }
      expect(packed).toBeGreaterThan(20);
      const all: readonly Way[] = ['tables by n', 'tables by V', 'the law', 'the law, field per row', '32-bit fields'];
      for (const way of all) expect(ways.get(way), way).toBeGreaterThan(20);
    }, 60_000);
  });
});

/** Up to four tiles of rows; sums of every free bank. */
function runOf(program: Program, seed: number): RunData {
  const run = randomRun(program, seed, {
    starts: ['random', 'given'],
    sweepsMax: 6,
    imagesMax: 1 + (seed % 20),
    chainsMax: 4,
  });
  return { ...run, readouts: run.readouts.map((readout) => ({ ...readout, as: 'sums' as const })) };
}
