import { expect, test } from 'vitest';
import { adapterName } from './adapter-name.ts';
import { fakeAdapter } from './fixtures/fake-adapter.ts';
import { adapterOf } from './request-adapter.ts';

const adapters = {
  any: fakeAdapter({ vendor: 'intel', architecture: 'xe' }),
  'high-performance': fakeAdapter({ vendor: 'nvidia', architecture: 'ada' }),
  'low-power': fakeAdapter({ vendor: 'intel', architecture: 'xe' }),
  fallback: fakeAdapter({ vendor: 'google', architecture: 'swiftshader', isFallbackAdapter: true }),
};

const gpu = {
  requestAdapter: async (o: GPURequestAdapterOptions = {}) =>
    adapters[o.forceFallbackAdapter === true ? 'fallback' : (o.powerPreference ?? 'any')],
} as GPU;
const empty = { requestAdapter: async () => null } as unknown as GPU;

const nameOf = async (options: Parameters<typeof adapterOf>[1]) => {
  const found = await adapterOf(gpu, options);
  return 'unavailable' in found ? found.unavailable : adapterName(found);
};

test('without a wish the first adapter is taken, with one that which fits it', async () => {
  expect(await nameOf({})).toBe('intel xe');
  expect(await nameOf({ powerPreference: 'high-performance' })).toBe('nvidia ada');
});

test('a name is looked for among all adapters that can be asked for, in any case', async () => {
  expect(await nameOf({ name: 'NVIDIA' })).toBe('nvidia ada');
  expect(await nameOf({ name: 'swiftshader' })).toBe('google swiftshader');
  expect(await nameOf({ name: 'xe', powerPreference: 'high-performance' })).toBe('intel xe');
});

test('a name that no adapter has is answered with the names that there are, each once', async () => {
  expect(await nameOf({ name: 'radeon' })).toBe(
    'no GPU here has "radeon" in its name; there are: intel xe, nvidia ada, google swiftshader',
  );
});

test('no adapter at all is a reason with a remedy', async () => {
  for (const options of [{}, { name: 'nvidia' }]) {
    expect(await adapterOf(empty, options)).toEqual({ unavailable: expect.stringMatching(/^no GPU.*install/) });
  }
});
