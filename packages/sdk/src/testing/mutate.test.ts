import { expect, test } from 'vitest';
import { mutateJson, mutation, mutations, type StructuredMutator } from './mutate.ts';

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const sources = [encode({ a: [1, 2, { b: 'x' }], c: {} }), encode([[], { d: [0.5] }]), new Uint8Array([0, 255, 7])];

/** Treats the sources as JSON. */
const structured: StructuredMutator = (source, dice) => {
  if (source.length < 8) return undefined;
  const { value, done } = mutateJson(JSON.parse(new TextDecoder().decode(source)), dice);
  return { bytes: encode(value), done };
};

test('a mutation made alone is the one that a long run makes, and sources are not written to', () => {
  const before = sources.map((source) => source.slice());
  const run = [...mutations(sources, { seed: 5, count: 3000, structured })];
  expect(run).toHaveLength(3000);
  for (const made of run.filter(({ index }) => index % 7 === 0)) {
    expect(mutation(sources, { seed: 5, index: made.index, structured })).toEqual(made);
  }
  expect(sources).toEqual(before);
});

test('seeds differ, and hardly any mutation leaves its source as it is', () => {
  const texts = (seed: number) => [...mutations(sources, { seed, count: 200 })].map(({ bytes }) => bytes.join());
  expect(texts(1)).not.toEqual(texts(2));
  const whole = new Set(sources.map((source) => source.join()));
  expect(texts(1).filter((text) => whole.has(text)).length).toBeLessThan(20);
});

test('any number of changes to JSON leaves JSON: nothing is shared between places', () => {
  for (const { bytes } of mutations(sources.slice(0, 2), {
    seed: 9,
    count: 20_000,
    structured,
  })) {
    expect(bytes).toBeInstanceOf(Uint8Array);
  }
});
