import { couplingView } from '@isinglass/sdk';
import { Dice } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { drained, generatedBlocks, influencesOf } from './fixtures/generated-blocks.ts';
import { type SparseList, sparseList } from './sparse-list.ts';

/** What sparse-field reads of the n-th listed spin. */
function readBack({ list, entries }: SparseList, n: number): { readonly spin: number; readonly neighbours: unknown } {
  const own = entries.subarray(list[2 * n], list[2 * (n + 1)]);
  return { spin: list[2 * n + 1] as number, neighbours: [...own].map((entry) => [entry >>> 8, (entry << 24) >> 24]) };
}

const cases = generatedBlocks(10).flatMap(({ name, block }) =>
  influencesOf(block)
    .filter(({ influence }) => influence.geometry === null)
    .map(({ bank, influence }) => ({ name: `${name}, ${influence.coupling.id}`, block, bank, influence })),
);

test('a list has the neighbours of its spins with their weights, without those of weight 0', () => {
  const seen = new Set<string>();
  for (const { name, block, bank, influence } of cases) {
    const { coupling, side } = influence;
    const view = couplingView(coupling, block.block, block.program.tensors);
    const some = Uint32Array.from(
      Array.from({ length: bank.spins }, (_, spin) => spin).filter((spin) => new Dice(spin).chance(0.5)),
    );
    for (const spins of [null, some, new Uint32Array(0)]) {
      const found = drained(sparseList(view, { law: block.law, side }, spins));
      const listed = spins === null ? Array.from({ length: bank.spins }, (_, spin) => spin) : [...spins];
      expect(found.list).toHaveLength(2 * (listed.length + 1));
      expect(found.list.at(-2)).toBe(found.entries.length);
      for (const [n, spin] of listed.entries()) {
        const neighbours = [...view.neighbours(side, spin)].filter(([, weight]) => weight !== 0);
        expect({ name, n, ...readBack(found, n) }).toEqual({ name, n, spin, neighbours });
      }
    }
    seen.add(`${coupling.form.kind} ${coupling.from === coupling.to ? 'within' : side}`);
  }
  expect([...seen].sort()).toEqual(['diagonal from', 'diagonal to', 'sparse from', 'sparse to', 'sparse within']);
});
