import { describe, expect, test } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { blockLaw } from './block-law.ts';
import { exactUp } from './block-law-exact.ts';
import { caseNames, oracleCase } from './fixtures/oracle-vectors.ts';

describe('the law of a block', () => {
  test.each(caseNames)(
    '%s: the float64 form is the BigInt form in random states at random temperatures',
    async (name) => {
      const { program, vector } = await oracleCase(name);
      const options = { block: vector.block, gains: vector.request.gains ?? {} };
      const law = blockLaw(program, options);
      const exact = exactUp(program, options);
      const random = new RandomStream(1n, `block-law.test/${name}`);
      const spins = law.banks.reduce((sum, bank) => sum + bank.spins, 0);
      for (let n = 0; n < 20; n++) {
        const states = Int8Array.from({ length: spins }, () => random.sign());
        const b = random.pick([65536, 0, random.integer(1, 65535)]);
        for (const spin of law.colors.flat()) expect(law.up(spin, states, b)).toBe(exact(spin, states, b));
      }
    },
  );

  test('every free spin has one color, and pinned spins have none', async () => {
    for (const name of caseNames) {
      const { program, vector } = await oracleCase(name);
      const { banks, colors } = blockLaw(program, { block: vector.block });
      const free = banks.flatMap((bank) =>
        bank.free ? Array.from({ length: bank.spins }, (_, n) => bank.first + n) : [],
      );
      expect(colors.flat().toSorted((a, b) => a - b)).toEqual(free);
    }
  });

  test('a block that is not there is an error', async () => {
    const { program } = await oracleCase('conv1d');
    expect(() => blockLaw(program, { block: 254 })).toThrow(RangeError);
  });

  test('gains that leave the fixed law are an error', async () => {
    const { program, vector, block } = await oracleCase('feed-forward');
    const id = block.gains.find(({ runtime }) => runtime)?.id;
    expect(id).toBeDefined();
    const gains = { [id as string]: 1e12 };
    expect(() => blockLaw(program, { block: vector.block, gains })).toThrow(/shift|2\^26/);
  });
});
