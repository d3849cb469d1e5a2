import { execFileSync } from 'node:child_process';
import { afterAll, expect, test } from 'vitest';
import { ExecDriver } from './exec-driver.ts';
import { execProvider } from './exec-provider.ts';
import { openBroken, smallProgram, smallRun } from './fixtures/exec-devices.ts';

const program = smallProgram();
const signal = new AbortController().signal;

/** What a run on a process that fails like this rejects with. */
async function failureOf(driver: ExecDriver): Promise<unknown> {
  const loaded = await driver.load(program, {});
  return loaded.run(smallRun()).then(
    () => 'it resolved',
    (error: unknown) => error,
  );
}

test.each([
  ['dies', /ended with exit code 3.*last lines of standard error:\nfirst line\nthe motor is on fire/s],
  ['is-killed', /was ended by SIGKILL/],
  ['garbage', /wrote a line that is no JSON: "Segmentation fault \(core dumped\)"/],
  ['binary-garbage', /wrote a line (of more than \d+ bytes|that is no JSON)/],
  ['half-a-message', /ended with exit code 0 in the middle of a message/],
  ['huge-parts', /wrote parts of 9007199254740991 bytes/],
  ['unknown-message', /wrote a message that is none of the protocol/],
  ['unknown-request', /to request 4711, which is not in flight/],
  ['wrong-answer', /"done" where "result" answers/],
  ['closes-stdout', /closed its standard output/],
  ['says-lost', /the cable was pulled/],
])('a process that %s loses the device: the run rejects, lost tells, close settles', async (fault, says) => {
  const driver = await openBroken(fault);
  const failure = await failureOf(driver);
  expect(failure).toMatchObject({ code: 'device-lost', message: expect.stringMatching(says) });
  expect(driver.lost.aborted).toBe(true);
  expect(driver.lost.reason).toBe(failure);
  await expect(driver.load(program, {})).rejects.toBe(failure);
  await driver.close();
});

test.each(['hangs', 'is-stuck'])('a process that %s is lost when it was silent for too long', async (fault) => {
  const driver = await openBroken(fault, 'run', { silenceMs: 1500 });
  expect(await failureOf(driver)).toMatchObject({
    code: 'device-lost',
    message: expect.stringMatching(/neither read nor wrote anything for 1500 ms/),
  });
  await driver.close();
});

test('a process that closes its standard input is lost at the next large message', async () => {
  const driver = await openBroken('closes-stdin', 'load', { silenceMs: 1500 });
  await expect(driver.load(program, {})).rejects.toMatchObject({ code: 'device-lost' });
  await driver.close();
});

test.each([
  ['wrong-parts', 'backend', /readouts\[0\]\.sums: expected 320 bytes, not 3/],
  ['no-parts', 'backend', /readouts\[0\]\.sums: expected a part/],
  ['typed-error', 'unsupported', /no such thing/],
  ['floods-stderr', 'backend', /after the flood/],
])('a process that answers with %s fails this run and stays open', async (fault, code, says) => {
  const driver = await openBroken(fault);
  const loaded = await driver.load(program, {});
  const readouts = [{ bank: 'a', observable: 'spin-sum', as: 'sums', tie: 1 }] as const;
  await expect(loaded.run(smallRun({ readouts }))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(says),
  });
  expect(driver.lost.aborted).toBe(false);
  await loaded.unload();
  await driver.close();
});

test('a typed error comes with its place and feature', async () => {
  const driver = await openBroken('typed-error');
  expect(await failureOf(driver)).toMatchObject({ name: 'UnsupportedError', feature: 'the thing', where: 'here' });
  await driver.close();
});

test.each([
  ['dies', 'backend', /exit code 3.*the motor is on fire/s],
  ['hangs', 'backend', /did not answer hello within 500 ms/],
  ['garbage', 'backend', /no JSON/],
  ['other-protocol', 'unsupported', /speaks isinglass-driver\/9/],
  ['wrong-profile', 'backend', /profile that is not valid/],
  ['typed-error', 'unsupported', /no such thing/],
])('a process that %s at hello opens no device', async (fault, code, says) => {
  await expect(openBroken(fault, 'hello', fault === 'hangs' ? { helloMs: 500 } : {})).rejects.toMatchObject({
    code,
    message: expect.stringMatching(says),
  });
});

test('a program that does not exist is the fault of the request', async () => {
  await expect(ExecDriver.open({ command: ['./no-such-driver'] })).rejects.toMatchObject({
    code: 'invalid-request',
    where: 'uri',
  });
});

test('an aborted opening rejects with the reason', async () => {
  const reason = new Error('enough');
  await expect(openBroken('hangs', 'hello', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const late = new AbortController();
  setTimeout(() => late.abort(reason), 100);
  await expect(openBroken('hangs', 'hello', { signal: late.signal })).rejects.toBe(reason);
});

test('a process that does not end is killed after its grace time', async () => {
  const driver = await openBroken('is-stuck', 'unload');
  const loaded = await driver.load(program, {});
  const unloading = expect(loaded.unload()).rejects.toMatchObject({ code: 'device-closed' });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const began = performance.now();
  await driver.close();
  await unloading;
  expect(performance.now() - began).toBeLessThan(5000);
});

test('a provider says unavailable where the process does, and fails where it fails', async () => {
  const script = new URL('fixtures/broken-child.ts', import.meta.url).pathname;
  const provider = (fault: string) => execProvider(`'${process.execPath}' '${script}' ${fault} hello`);
  expect(await provider('unavailable').create({ flags: {}, signal })).toEqual({ unavailable: 'no board on this host' });
  await expect(provider('dies').create({ flags: {}, signal })).rejects.toMatchObject({ code: 'backend' });
});

afterAll(() => {
  const children = execFileSync('ps', ['-o', 'stat=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  const left = children.split('\n').filter((line) => line.includes('broken-child') || line.startsWith('Z'));
  expect(left).toEqual([]);
});
