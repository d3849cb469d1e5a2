import { expect, test } from 'vitest';
import { philoxInto } from '../random/philox-into.ts';
import { philoxBlock, RandomStream } from '../random/random-stream.ts';
import { hexWords, oracleArithmetic } from './fixtures/oracle-vectors.ts';
import { BlockDraws, blockAndChain, keyWords } from './philox.ts';

const block = (counter: readonly number[], key: readonly number[]): number[] => {
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
  const [k0 = 0, k1 = 0] = key;
  const out = new Uint32Array(4);
  philoxInto(out, c0, c1, c2, c3, k0, k1);
  return [...out];
};

test('known answers of Random123, as the Python oracle has them', () => {
  for (const { counter, key, out } of oracleArithmetic.philox) {
    expect(block([...hexWords(counter)], [...hexWords(key)])).toEqual([...hexWords(out)]);
  }
});

test('the 32-bit form is the BigInt form at 500 random places', () => {
  const random = new RandomStream(1n, 'philox.test');
  for (let n = 0; n < 500; n++) {
    const counter = [random.word(), random.word(), random.word(), random.word()] as const;
    const key = [random.word(), random.word()] as const;
    expect(block(counter, key)).toEqual([...philoxBlock([...counter], [...key])]);
  }
});

test('draws of spins are those of the Python oracle', () => {
  // One free bank of 32 spins: flat numbers are spin indices.
  const draws = new BlockDraws({
    banks: [
      { bank: { id: 's', role: 'free', shape: [32], color: 0 }, id: 's', free: true, first: 0, offset: 0, spins: 32 },
    ],
    spinIndex: Uint32Array.from({ length: 32 }, (_, n) => n),
  });
  const r = new Uint16Array(32);
  for (const lane of oracleArithmetic.lanes) {
    draws.fill(r, { ...lane, seed: BigInt(lane.seed) });
    expect([...r]).toEqual(lane.r);
  }
});

test('draws leave pinned spins alone and follow padded indices', () => {
  const draws = new BlockDraws({
    banks: [
      {
        bank: { id: 'p', role: 'pinned', shape: [3], value: 'x' },
        id: 'p',
        free: false,
        first: 0,
        offset: 0,
        spins: 3,
      },
      { bank: { id: 's', role: 'free', shape: [2], color: 0 }, id: 's', free: true, first: 3, offset: 32, spins: 2 },
    ],
    spinIndex: Uint32Array.from([0, 1, 2, 32, 33]),
  });
  const r = new Uint16Array(5).fill(7);
  draws.fill(r, { seed: 5n, block: 2, image: 3, chain: 4, sweep: 6 });
  const [word] = block([4, 6, 3, blockAndChain(2, 4)], keyWords(5n)) as [number];
  expect([...r]).toEqual([7, 7, 7, word & 0xffff, word >>> 16]);
});
