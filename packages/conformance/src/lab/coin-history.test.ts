import { expect, test } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { CoinHistory } from './coin-history.ts';

test.each([1, 31, 32, 33, 70])('agreements of %i rows are those counted one by one', (rows) => {
  const [spins, samples] = [3, 5];
  const random = new RandomStream(1n, 'bits');
  const bits = Uint8Array.from({ length: spins * samples * rows }, () => random.integer(0, 1));
  const history = new CoinHistory({ spins, rows, samples, bits });
  const at = (sample: number, row: number, spin: number): number =>
    bits[(sample * rows + row) * spins + spin] as number;
  for (let a = 0; a < spins; a++) {
    let ups = 0;
    for (let n = 0; n < samples * rows; n++) ups += bits[n * spins + a] as number;
    expect(history.ups(a)).toBe(ups);
    for (let b = 0; b < spins; b++) {
      for (const lag of [0, 1, 4]) {
        let agreements = 0;
        for (let sample = 0; sample + lag < samples; sample++) {
          for (let row = 0; row < rows; row++) agreements += Number(at(sample, row, a) === at(sample + lag, row, b));
        }
        expect(history.agreements(a, b, lag)).toBe(agreements);
      }
    }
  }
});
