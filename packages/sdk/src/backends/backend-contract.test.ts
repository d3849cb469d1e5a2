import { expect, test } from 'vitest';
import { ScriptedDriver, scriptedBackend } from '../../test/support/scripted-driver.ts';
import { whyNotBackend, whyNotContract } from './backend-contract.ts';

test('the same major and a minor that is not above goes with this sdk', () => {
  expect(whyNotContract('1.0', '1.0')).toBeNull();
  expect(whyNotContract('1.2', '1.10')).toBeNull();
  expect(whyNotContract('1.10', '1.2')).toMatch(/update @isinglass\/sdk/);
  expect(whyNotContract('2.0', '1.9')).toMatch(/major versions differ/);
  expect(whyNotContract('0.9', '1.0')).toMatch(/major versions differ/);
  expect(whyNotContract('1', '1.0')).toMatch(/not MAJOR.MINOR/);
});

test('a backend is told by its members, not by its class', () => {
  const backend = scriptedBackend(new ScriptedDriver());
  expect(whyNotBackend({ ...backend })).toBeNull();
  expect(whyNotBackend(undefined)).toMatch(/not an object/);
  for (const key of ['scheme', 'contract', 'enumerate', 'open'] as const) {
    expect(whyNotBackend({ ...backend, [key]: undefined }), key).not.toBeNull();
  }
});
