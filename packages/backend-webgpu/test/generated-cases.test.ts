/** What the programs cover that are compared by default: a list of all that they are said to be, each several times. */
import { expect, test } from 'vitest';
import { exercisedBy } from './exercised-by.ts';
import { generatedRun, programsByDefault } from './generated-cases.ts';
import { pieceCutNames } from './piece-cuts.ts';
import { kinds, wayToRun } from './ways-to-run.ts';

const seeds = Array.from({ length: programsByDefault }, (_, seed) => seed);

const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n);
const forms = ['conv', 'dense', 'sparse', 'diagonal'];
const sums = ['spin-sum', 'conditional-sum'];

const expected: Readonly<Record<string, readonly string[]>> = {
  forms: [
    ...forms,
    ...forms.flatMap((form) => [`${form} among free banks`, `${form} with a pinned bank`]),
    'sparse within a bank',
  ],
  convolutions: [
    ...[1, 2].map((rank) => `conv of rank ${rank}`),
    ...[1, 2, 3].flatMap((n) => [`conv stride ${n}`, `conv dilation ${n}`]),
    ...[0, 1, 2, 3].map((n) => `conv pad ${n}`),
    ...['conv padded unequally', 'conv in groups', 'conv in one group'],
  ],
  numbers: [...range(2, 8).map((n) => `weights of ${n} bits`), ...range(4, 12).map((n) => `${n} fraction bits`)],
  banks: ['pinned bank', 'one color', 'color map', 'bias by spin', 'bias by channel', 'bias by border'],
  temperatures: ['full temperature', 'a temperature between', 'no temperature: b = 0', 'gain at run time'],
  rows: [
    ...['one chain', 'several chains', '20 chains and more', 'later chains', 'the last chain number'],
    ...['one image', 'several images', 'the last image number', 'a single row', 'more rows than invocations'],
  ],
  sweeps: ['burn-in', 'every sweep retained', 'not every sweep retained', 'later sweeps', 'the last sweep number'],
  readouts: [
    ...sums.flatMap((sum) => [`${sum} as sums`, `${sum} as signs`, `${sum} as both`]),
    ...sums.flatMap((sum) => [`${sum}: ties are 1`, `${sum}: ties are -1`]),
    'state as sums',
  ],
  starts: ['random start', 'feed-forward start', 'given start', 'resumed'],
};

/** How many of the programs each name is said of. */
function counted(namesOf: (seed: number) => Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const seed of seeds) for (const name of namesOf(seed)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

test('at least 60 different programs are compared', () => {
  const hashes = new Set(seeds.map((seed) => generatedRun(seed).program.hash));
  expect(hashes.size).toBe(seeds.length);
  expect(hashes.size).toBeGreaterThanOrEqual(60);
});

const counts = counted((seed) => exercisedBy(generatedRun(seed)));

test.each(Object.keys(expected))('%s: all of them, in two programs or more', (group) => {
  const found = Object.fromEntries((expected[group] ?? []).map((name) => [name, counts.get(name) ?? 0]));
  const rare = Object.keys(found).filter((name) => (found[name] ?? 0) < 2);
  expect({ rare, found }).toEqual({ rare: [], found });
});

test('nothing is exercised that is not in the list', () => {
  const listed = new Set(Object.values(expected).flat());
  expect([...counts.keys()].filter((name) => !listed.has(name))).toEqual([]);
});

test.each(kinds)('%s: with every size of workgroups, cut in every way', (kind) => {
  const ways = counted((seed) => {
    const { uri, cut } = wayToRun(seed, kind);
    return [cut, ...uri.replace('webgpu?', '').split('&')];
  });
  const fused = kind === 'many sweeps in a dispatch';
  const products = fused ? ['packed', 'planes'] : [kind === 'packed products' ? 'packed' : 'planes'];
  expect([...ways.keys()].toSorted()).toEqual(
    [
      ...['as usual', ...pieceCutNames],
      ...products.map((each) => `products=${each}`),
      `fuse=${fused ? 'small' : 'nothing'}`,
      ...[32, 64, 128, 256].map((size) => `workgroup=${size}`),
    ].toSorted(),
  );
});
