import { expect, test } from 'vitest';
import { laneGenerators } from '../generators/create-lane-generators.ts';
import { OwnStreams } from './own-streams.ts';

const key = { seed: 3n, image: 0, blockAndChain: 0, sweepOffset: 0 };
const circuits = 12;

test('circuits that are walked one at a time draw what lanes draw at once, each from its own stream', () => {
  const walked = new OwnStreams(laneGenerators('xoshiro128pp', circuits), { circuits, inUse: () => 10 });
  const atOnce = laneGenerators('xoshiro128pp', circuits);
  const indices = Uint32Array.from({ length: circuits }, (_, n) => n);
  walked.seed(key);
  atOnce.seed(key);
  const out = new Uint16Array(1);
  const all = new Uint16Array(10);
  for (let sweep = 0; sweep < 5; sweep++) {
    atOnce.draw(all, indices, 0, sweep);
    const draws = Array.from(all, (_, circuit) => {
      walked.draw(out, indices, circuit, sweep);
      return out[0];
    });
    expect(draws).toEqual([...all]);
  }
  expect(walked.save()).toEqual(atOnce.save());
});

test('numbers by spin are those of the spin', () => {
  const indices = Uint32Array.of(40, 7, 93);
  const walked = new OwnStreams(laneGenerators('philox', circuits), { circuits, inUse: () => 3 });
  const lanes = laneGenerators('philox', circuits);
  walked.seed(key);
  lanes.seed(key);
  const all = new Uint16Array(3);
  lanes.draw(all, indices, 0, 9);
  const out = new Uint16Array(1);
  expect(
    Array.from(all, (_, circuit) => {
      walked.draw(out, indices, circuit, 9);
      return out[0];
    }),
  ).toEqual([...all]);
});
