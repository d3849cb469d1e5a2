import { type Block, type Coupling, couplingView, type Program } from '@isinglass/sdk';
import { Dice, randomProgram } from '@isinglass/sdk/testing';
import { describe, expect, test } from 'vitest';
import { couplingMap } from './coupling-map.ts';

/** acc of one map for random x, only the listed receiving spins asked for. */
function applied(
  program: Program,
  block: Block,
  coupling: Coupling,
  o: { side: 'from' | 'to'; x: Float64Array; lanes: number; spins: Uint32Array; receivers: number },
): Float64Array {
  const shape = (id: string) => block.banks.find((bank) => bank.id === id)?.shape ?? [];
  const shapes = { from: shape(coupling.from), to: shape(coupling.to) };
  const acc = new Float64Array(o.receivers * o.lanes);
  const work = couplingMap(coupling, shapes, program.tensors).apply({ ...o, acc });
  while (!work.next().done);
  return acc;
}

describe.each(['conv', 'dense', 'sparse', 'diagonal'] as const)('a %s coupling', (kind) => {
  test('adds what its view adds, in both directions, lane by lane, for the spins that are asked for', () => {
    let checked = 0;
    for (let seed = 0; seed < 60; seed++) {
      const program = randomProgram({ seed, forms: [kind] });
      const dice = new Dice(seed, 3);
      for (const block of program.json.stages.filter((stage): stage is Block => stage.kind === 'block')) {
        for (const coupling of block.couplings) {
          const view = couplingView(coupling, block, program.tensors);
          const lanes = dice.integer(1, 5);
          for (const side of ['to', 'from'] as const) {
            const receivers = side === 'to' ? view.toCount : view.fromCount;
            const givers = side === 'to' ? view.fromCount : view.toCount;
            const x = Float64Array.from({ length: givers * lanes }, () => dice.integer(-1000, 1000));
            const spins = Uint32Array.from([...Array(receivers).keys()].filter(() => dice.chance(0.6)));
            const acc = applied(program, block, coupling, { side, x, lanes, spins, receivers });
            for (let lane = 0; lane < lanes; lane++) {
              const expected = new Float64Array(receivers);
              const values = x.filter((_, i) => i % lanes === lane);
              if (side === 'to') view.applyForward(values, expected);
              else view.applyAdjoint(values, expected);
              const ofLane = (spin: number) => acc[spin * lanes + lane];
              expect({ seed, sums: Array.from(spins, ofLane) }).toEqual({
                seed,
                sums: Array.from(spins, (i) => expected[i]),
              });
              checked += spins.length;
            }
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(1000);
  });
});
