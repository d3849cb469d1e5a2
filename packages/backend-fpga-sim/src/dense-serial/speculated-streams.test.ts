import { expect, test } from 'vitest';
import { laneGenerators } from '../generators/create-lane-generators.ts';
import { pathCount, SpeculatedStreams } from './speculated-streams.ts';

const key = { seed: 3n, image: 0, blockAndChain: 0, sweepOffset: 0 };

/** Generator of the n-th spin of a group after these outcomes, counted out: paths of one spin lie side by side, the first outcome in the lowest bit. */
function generatorAfter(outcomes: readonly boolean[]): number {
  let first = 0;
  for (let n = 0; n < outcomes.length; n++) first += 2 ** n;
  return first + outcomes.reduce((path, up, n) => path + (up ? 2 ** n : 0), 0);
}

test.for([1, 2, 3, 4])('with %i paths every spin takes the number of the path that was taken', (parallelPaths) => {
  const spins = 11;
  const paths = pathCount(parallelPaths);
  const states = new Int8Array(spins).fill(-1);
  const inner = laneGenerators('lfsr32', paths);
  const speculated = new SpeculatedStreams(laneGenerators('lfsr32', paths), { parallelPaths, states });
  inner.seed(key);
  speculated.seed(key);
  const all = new Uint16Array(paths);
  const out = new Uint16Array(1);
  const taken = new Set<number>();
  const indices = new Uint32Array(spins);
  for (let sweep = 1; sweep <= 40; sweep++) {
    for (let spin = 0; spin < spins; spin++) {
      const position = spin % parallelPaths;
      // A group that the last spins do not fill is a whole one, and the next sweep begins another.
      if (position === 0) inner.draw(all, indices, 0, sweep);
      const outcomes = Array.from({ length: position }, (_, n) => states[spin - position + n] === 1);
      speculated.draw(out, indices, spin, sweep);
      taken.add(generatorAfter(outcomes));
      expect(out[0]).toBe(all[generatorAfter(outcomes)]);
      states[spin] = (out[0] as number) < 32768 ? 1 : -1;
    }
  }
  expect(taken.size).toBe(paths);
  expect(speculated.save()).toEqual(inner.save());
});
