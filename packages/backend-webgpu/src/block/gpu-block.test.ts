import { blockLayout } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { generatedBlocks } from './fixtures/generated-blocks.ts';

const cases = generatedBlocks(12);

describe('the block that kernels walk', () => {
  test('has the banks of the program at their offsets, in words of 32 spins', () => {
    for (const { name, block } of cases) {
      const expected = blockLayout(block.block).map(({ bank, spinCount, offset }, index) => ({
        index,
        bank,
        free: bank.role === 'free',
        spins: spinCount,
        offset,
        words: Math.ceil(spinCount / 32),
      }));
      for (const [n, bank] of block.banks.entries()) expect({ name, ...bank }).toMatchObject({ name, ...expected[n] });
      for (const { channels, pixels, spins, pixelWords } of block.banks) {
        expect(channels * pixels).toBe(spins);
        expect(pixelWords).toBe(Math.ceil(channels / 32));
      }
      expect(block.banks).toHaveLength(expected.length);
    }
  });

  test('says of every coupling whom it reaches: each free end once, by the role of the other end', () => {
    let within = 0;
    for (const { name, block } of cases) {
      const roleOf = (id: string) => block.block.banks.find((bank) => bank.id === id)?.role;
      const expected = block.block.couplings.flatMap(({ id, from, to }) => {
        const ends =
          from === to
            ? [[to, from, 'to']]
            : [
                [to, from, 'to'],
                [from, to, 'from'],
              ];
        if (from === to) within++;
        return ends
          .filter(([reached]) => roleOf(reached as string) === 'free')
          .map(
            ([reached, other, side]) =>
              `${id} reaches ${reached} as its ${side} from ${roleOf(other as string)} ${other}`,
          );
      });
      const found = block.banks.flatMap((bank) =>
        (['fromPinned', 'fromFree'] as const).flatMap((list) =>
          bank[list].map(({ coupling, side, giver }) => {
            const other = block.banks[giver]?.bank.id;
            const role = list === 'fromPinned' ? 'pinned' : 'free';
            return `${coupling.id} reaches ${bank.bank.id} as its ${side} from ${role} ${other}`;
          }),
        ),
      );
      expect({ name, found: found.toSorted() }).toEqual({ name, found: expected.toSorted() });
    }
    expect(within).toBeGreaterThan(10);
  });

  test('updates every free spin in exactly one part, that of its color, in the order of the schedule', () => {
    for (const { name, block } of cases) {
      const { schedule } = block.block;
      expect(block.colors).toHaveLength(schedule.colors.length);
      const times = block.banks.map(({ spins }) => new Uint8Array(spins));
      for (const [n, parts] of block.colors.entries()) {
        for (const { bank, spins } of parts) {
          const { colorMap, color } = bank.bank as { color?: number; colorMap?: { tensor: string } };
          const map = colorMap === undefined ? null : (block.program.tensors.get(colorMap.tensor)?.data as Uint16Array);
          const listed = spins === null ? Array.from({ length: bank.spins }, (_, spin) => spin) : [...spins];
          for (const spin of listed) {
            expect(map === null ? color : map[spin]).toBe(schedule.colors[n]);
            (times[bank.index] as Uint8Array)[spin] = ((times[bank.index] as Uint8Array)[spin] as number) + 1;
          }
          expect(listed).toEqual(listed.toSorted((a, b) => a - b));
        }
      }
      for (const { index, free, bank } of block.banks) {
        const updated = new Set(times[index]);
        expect({ name, bank: bank.id, updated }).toEqual({ name, bank: bank.id, updated: new Set([free ? 1 : 0]) });
      }
    }
  });

  test('keeps a bank by pixel where a convolution that reaches a free bank reads it so, else not', () => {
    const seen = new Set<boolean>();
    for (const { name, block } of cases) {
      const read = new Set(
        block.banks.flatMap(({ fromPinned, fromFree }) =>
          [...fromPinned, ...fromFree].filter(({ geometry }) => geometry?.spread === true).map(({ giver }) => giver),
        ),
      );
      for (const { index, spread } of block.banks) {
        expect({ name, index, spread }).toEqual({ name, index, spread: read.has(index) });
        seen.add(spread);
      }
    }
    expect(seen).toEqual(new Set([true, false]));
  });
});
