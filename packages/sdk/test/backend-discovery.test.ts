/** Backends are found from the working directory, explicit ones first (architecture section 2). */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { listDevices } from '../src/backends/list-devices.ts';
import { findBackend, loadBackendModule } from '../src/backends/load-backend.ts';
import { installedSchemes, resolveFromWorkingDirectory } from '../src/backends/node-modules.ts';
import { openDevice } from '../src/device/open-device.ts';
import { testProfile } from '../src/testing/test-profile.ts';
import { ScriptedDriver, scriptedBackend } from './support/scripted-driver.ts';

const before = process.cwd();
let folder = '';

function source(scheme: string, contract = '1.0'): string {
  return `export default {
    scheme: '${scheme}', contract: '${contract}',
    async enumerate() { return [{ uri: '${scheme}:0', label: 'from a package', available: false, reason: 'no board' }]; },
    async open() { throw new Error('no board'); },
  };`;
}

function install(name: string, text: string, exports: unknown = './index.js'): void {
  const at = join(folder, 'node_modules', name);
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'package.json'), JSON.stringify({ name, version: '1.0.0', type: 'module', exports }));
  writeFileSync(join(at, 'index.js'), text);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'isinglass-backends-'));
  install('@isinglass/backend-one', source('one'));
  install('isinglass-backend-one', 'export default "shadowed by @isinglass/backend-one"');
  // Exports that require() cannot see.
  install('isinglass-backend-two', source('two'), { '.': { types: './index.d.ts', import: './index.js' } });
  install('isinglass-backend-newer', source('newer', '1.99'));
  install('isinglass-backend-broken', 'throw new Error("out of order")');
  install('isinglass-backend-liar', source('honest'));
  install('isinglass-backend-empty', 'export {}');
  writeFileSync(join(folder, 'mine.js'), source('mine'));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const scripted = scriptedBackend(new ScriptedDriver());

test('a scheme is an explicit backend, else @isinglass/backend-x, else isinglass-backend-x', async () => {
  expect(await findBackend('scripted', [scripted])).toBe(scripted);
  expect(await findBackend('one', [{ ...scripted, scheme: 'one' }])).toMatchObject({ open: scripted.open });
  expect((await findBackend('one', [])).scheme).toBe('one');
  expect((await findBackend('two', [])).scheme).toBe('two');
});

test('an unknown scheme says what was tried and what there is', async () => {
  const e = await findBackend('three', [scripted]).catch((reason: unknown) => reason);
  expect(e).toMatchObject({ code: 'invalid-request', where: 'uri' });
  const { message } = e as Error;
  expect(message).toContain('@isinglass/backend-three and isinglass-backend-three');
  expect(message).toMatch(/available: .*one, scripted, two/);
});

test('a backend that cannot be used is refused with the reason', async () => {
  await expect(findBackend('newer', [])).rejects.toMatchObject({ code: 'unsupported', feature: 'contract' });
  await expect(findBackend('broken', [])).rejects.toMatchObject({ code: 'backend' });
  await expect(findBackend('liar', [])).rejects.toMatchObject({ code: 'backend' });
  await expect(findBackend('empty', [])).rejects.toMatchObject({ code: 'backend' });
  const newer = { ...scripted, contract: '2.0' };
  await expect(findBackend('scripted', [newer])).rejects.toMatchObject({ feature: 'contract' });
});

test('a module is named by a path from the working directory or by its package', async () => {
  expect((await loadBackendModule('./mine.js')).scheme).toBe('mine');
  expect((await loadBackendModule(join(folder, 'mine.js'))).scheme).toBe('mine');
  expect((await loadBackendModule('isinglass-backend-two')).scheme).toBe('two');
  await expect(loadBackendModule('./absent.js')).rejects.toMatchObject({ code: 'invalid-request' });
  await expect(loadBackendModule('isinglass-backend-absent')).rejects.toMatchObject({ code: 'invalid-request' });
});

test('every device is listed, the unavailable with their reasons; one broken backend hides no other', async () => {
  const devices = await listDevices({ backends: [scripted] });
  const byScheme = new Map(devices.map((device) => [device.scheme, device]));
  expect(byScheme.get('scripted')).toMatchObject({ available: true, uri: 'scripted' });
  expect(byScheme.get('one')).toMatchObject({ available: false, uri: 'one:0', reason: 'no board' });
  expect(byScheme.get('broken')).toMatchObject({ available: false, reason: expect.stringContaining('out of order') });
  expect(byScheme.get('newer')).toMatchObject({ available: false, reason: expect.stringContaining('1.99') });
  expect([...byScheme.keys()].sort()).toEqual(['broken', 'empty', 'liar', 'newer', 'one', 'scripted', 'two']);
  await expect(listDevices({ signal: AbortSignal.abort('stop') })).rejects.toBe('stop');
});

test('a backend that fails to open is a BackendError with the cause', async () => {
  await expect(openDevice('one')).rejects.toMatchObject({ code: 'backend', cause: { message: 'no board' } });
  const device = await openDevice('scripted', { backends: [scripted] });
  expect(device.profile.name).toBe(testProfile().name);
});

test('a driver whose profile is not valid is refused and closed', async () => {
  const driver = new ScriptedDriver({ profile: testProfile({ batch: { inFlight: 0 } }) });
  await expect(openDevice('scripted', { backends: [scriptedBackend(driver)] })).rejects.toMatchObject({
    code: 'backend',
    cause: { code: 'invalid-request' },
  });
  expect(driver.closes).toBe(1);
});

test('a resource limit must be a number above 0', async () => {
  const o = { backends: [scripted] };
  await expect(openDevice('scripted', { ...o, limits: { bytesMax: 0 } })).rejects.toMatchObject({
    where: 'limits.bytesMax',
  });
  await openDevice('scripted', { ...o, limits: { bytesMax: 1 } });
});

test('where Node is not, explicit backends work and a package is left to import()', async () => {
  vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });
  try {
    expect(await findBackend('scripted', [scripted])).toBe(scripted);
    expect(installedSchemes()).toEqual([]);
    expect(resolveFromWorkingDirectory('isinglass-backend-one')).toBe('isinglass-backend-one');
    await expect(findBackend('three', [scripted])).rejects.toMatchObject({ code: 'invalid-request', where: 'uri' });
  } finally {
    vi.unstubAllGlobals();
  }
  expect(installedSchemes()).toContain('one');
});
