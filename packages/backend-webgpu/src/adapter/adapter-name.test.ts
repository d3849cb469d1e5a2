import { expect, test } from 'vitest';
import { adapterName, isSoftware } from './adapter-name.ts';
import { fakeAdapter } from './fixtures/fake-adapter.ts';

const swiftShader = { vendor: 'google', architecture: 'swiftshader' };

test.each([
  [{ vendor: 'nvidia', architecture: 'ampere' }, 'nvidia ampere'],
  [{ vendor: 'nvidia', architecture: 'ampere', device: '0x2204' }, 'nvidia ampere'],
  [{ ...swiftShader, description: 'a driver 5.0' }, 'google swiftshader (a driver 5.0)'],
  [
    { ...swiftShader, device: 'swiftshader-device-subzero-', description: 'SwiftShader driver 5.0.0' },
    'swiftshader-device-subzero (SwiftShader driver 5.0.0)',
  ],
  [{ vendor: 'apple' }, 'apple'],
  [{}, 'unnamed GPU'],
])('%o is called %s', (info, name) => {
  expect(adapterName(fakeAdapter(info))).toBe(name);
});

test('an adapter is software if it says so, or if its name is that of a software driver', () => {
  const llvmpipe = { vendor: 'mesa', architecture: 'software', device: 'llvmpipe-llvm-15-0-6-256-bits-' };
  expect(isSoftware(fakeAdapter({ vendor: 'x', isFallbackAdapter: true }))).toBe(true);
  expect(isSoftware(fakeAdapter(swiftShader))).toBe(true);
  expect(isSoftware(fakeAdapter(llvmpipe))).toBe(true);
  expect(isSoftware(fakeAdapter({ vendor: 'microsoft', description: 'Microsoft Basic Render Driver' }))).toBe(true);
  expect(isSoftware(fakeAdapter({ vendor: 'mesa', architecture: 'gen-12', description: 'Mesa 25.0.7' }))).toBe(false);
  expect(isSoftware(fakeAdapter({}))).toBe(false);
});
