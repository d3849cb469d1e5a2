import { couplingView } from '@isinglass/sdk';
import { sumBound } from '@isinglass/sdk/machine-driver';
import { expect, test } from 'vitest';
import { fakeContext } from '../gpu/fixtures/fake-device.ts';
import { drained, generatedBlocks } from './fixtures/generated-blocks.ts';
import { loadBlock } from './loaded-block.ts';

test("a bound is at least every free spin's Σ|w|, equal to the largest but for convolutions, and no more than the sdk's for both ends", () => {
  const seen = new Set<string>();
  for (const { name, block } of generatedBlocks(8)) {
    const { sumBounds } = drained(loadBlock(block, fakeContext({ packed: true })));
    const free = new Set(block.banks.filter((bank) => bank.free).map(({ bank }) => bank.id));
    for (const coupling of block.block.couplings) {
      const view = couplingView(coupling, block.block, block.program.tensors);
      const sums = (['from', 'to'] as const).flatMap((side) =>
        free.has(coupling[side]) ? [...view.absoluteSums(side)] : [],
      );
      const exact = Math.max(0, ...sums);
      const bound = sumBounds.get(coupling.id) as number;
      const { kind } = coupling.form;
      const ends = `${free.has(coupling.from) ? 'free' : 'pinned'}–${free.has(coupling.to) ? 'free' : 'pinned'}`;
      const place = { name, kind, ends, bound };
      if (kind === 'conv') expect(bound).toBeGreaterThanOrEqual(exact);
      else expect(place).toEqual({ ...place, bound: exact });
      expect(bound).toBeLessThanOrEqual(sumBound(block.program.tensors, coupling));
      seen.add(`${kind} ${ends}`);
    }
  }
  for (const kind of ['conv', 'dense', 'diagonal', 'sparse']) expect([...seen]).toContain(`${kind} free–free`);
  expect([...seen].filter((sight) => sight.includes('pinned')).length).toBeGreaterThan(2);
});
