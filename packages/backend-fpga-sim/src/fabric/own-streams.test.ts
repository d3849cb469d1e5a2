import { expect, test } from 'vitest';
import { laneGenerators } from '../generators/create-lane-generators.ts';
import { OwnStreams } from './own-streams.ts';

const key = { seed: 3n, image: 0, blockAndChain: 0, sweepOffset: 0 };
const circuits = 12;

test('circuits that are walked one at a time draw what lanes draw at once, each from its own stream', () => {
  const walked = new OwnStreams({ make: (n) => laneGenerators('xoshiro128pp', n), circuits, inUse: () => 10 });
  const atOnce = laneGenerators('xoshiro128pp', 10);
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
  // Four words each; the last two circuits hold no spin.
  expect(walked.stateWords).toBe(4 * circuits);
  expect([...walked.save()]).toEqual([...atOnce.save(), ...Array(8).fill(0)]);
});

test('a state that was saved goes on where it was', () => {
  const make = () => new OwnStreams({ make: (n) => laneGenerators('lfsr32', n), circuits, inUse: () => 3 });
  const [one, other] = [make(), make()];
  const indices = new Uint32Array(circuits);
  const out = new Uint16Array(1);
  one.seed(key);
  one.draw(out, indices, 0, 1);
  other.restore(one.save());
  one.draw(out, indices, 0, 2);
  const [next] = out;
  other.draw(out, indices, 0, 2);
  expect(out[0]).toBe(next);
});

test('numbers by spin are those of the spin', () => {
  const indices = Uint32Array.of(40, 7, 93);
  const walked = new OwnStreams({ make: (n) => laneGenerators('philox', n), circuits, inUse: () => 3 });
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
