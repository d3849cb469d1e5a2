/** A device under test that ends its own process, or a person who ends the run: what the report says then, and how it goes on. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ReadReport, readReport } from '@isinglass/conformance';
import { afterAll, describe, expect, it } from 'vitest';
import { superviseSuite } from '../src/conformance/supervised-suite.ts';
import { installBrokenProvider, isinglass, type StartOptions } from './isinglass.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-crash-'));
afterAll(() => rmSync(folder, { recursive: true }));
const provider = installBrokenProvider(folder);

/** Each of these tests starts several processes, one after the other, on machines that are shared. */
const timeout = 60_000;

/** The second of these cancels a run, with which the device under test ends its process. */
const only = 'life.cycle,life.recover,out.parity';
const ended = 'life.recover@1';
const others = ['life.cycle@1', 'out.parity@1'];

interface CrashRun {
  readonly out: string;
  readonly fault: string;
  readonly more?: readonly string[];
}

function run({ out, fault, more = [] }: CrashRun, o?: StartOptions) {
  const flags = ['--flag', `fault=${fault}`, '--flag', `mark=${join(folder, `${out}.mark`)}`];
  const args = ['--provider', provider, ...flags, '--only', only, '--out', join(folder, out), ...more];
  return isinglass(['conformance', 'run', ...args], o);
}

const reportOf = (out: string): ReadReport => readReport(readFileSync(join(folder, out, 'report.jsonl'), 'utf8'));
const verify = (out: string) => isinglass(['conformance', 'verify', join(folder, out)]);
const verdicts = ({ cases }: Pick<ReadReport, 'cases'>) => cases.map((each) => [each.case, each.verdict]);

/** Once the first case has begun, does something to the command. */
const onFirstCase = (then: (pid: number) => void, out: string): StartOptions => {
  let done = false;
  return {
    onStderr({ pid = 0 }, text) {
      if (done || !text.includes(', seed ')) return;
      done = true;
      const look = (): void => void (reportOf(out).begun.length > 0 ? then(pid) : setTimeout(look, 5));
      look();
    },
  };
};

describe('a device that ends the process of the suite', { timeout }, () => {
  it.each([
    ['exit', 'ended with exit code 3'],
    ['kill', 'was killed by SIGKILL'],
  ])('by %s fails the case that it ends, and no other', async (fault, how) => {
    const { code, stdout, stderr } = await run({ out: fault, fault });
    expect(stderr).toContain(`${ended}: the process ${how} during this case`);
    expect(stdout).toContain('2 passed, 1 failed');
    expect(code).toBe(1);
    const report = reportOf(fault);
    expect(report.cases.find((each) => each.case === ended)).toMatchObject({
      verdict: 'fail',
      reason: `the process ${how} during this case`,
      errors: [{ name: 'ProcessEnded', from: 'process' }],
    });
    expect(verdicts(report).filter(([id]) => id !== ended)).toEqual(others.map((id) => [id, 'pass']));
    expect(await verify(fault)).toMatchObject({ code: 0 });
  });

  it('while it opens fails every case', async () => {
    const { code, stdout } = await run({ out: 'open', fault: 'open' });
    expect(stdout).toContain('the process ended with exit code 4 while the device was opened');
    expect(code).toBe(1);
    expect(verdicts(reportOf('open')).map(([, verdict]) => verdict)).toEqual(['fail', 'fail', 'fail']);
    expect(await verify('open')).toMatchObject({ code: 0 });
  });

  it('and cannot be opened again ends the run with an error; what is recorded can be gone on with', async () => {
    const { code, stderr } = await run({ out: 'wedged', fault: 'wedged' });
    expect(stderr).toContain('the process ended with exit code 4 while the device was opened to go on with the report');
    expect(code).toBe(3);
    const resumed = await run({ out: 'wedged', fault: 'none', more: ['--resume'] });
    expect(resumed).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('was killed by SIGKILL during this case'),
    });
    expect(await verify('wedged')).toMatchObject({ code: 0 });
  });

  it('with --in-process ends the run; a case that has ended two is failed', async () => {
    const more = ['--in-process'];
    const codes = [await run({ out: 'own', fault: 'exit', more })];
    more.push('--resume');
    codes.push(await run({ out: 'own', fault: 'exit', more }));
    expect(codes.map(({ code }) => code)).toEqual([3, 3]);
    expect(reportOf('own')).toMatchObject({ footer: null, begun: [ended, ended] });
    const last = await run({ out: 'own', fault: 'exit', more });
    expect(last).toMatchObject({ code: 1, stdout: expect.stringContaining('the process ended 2 times during') });
    expect(await verify('own')).toMatchObject({ code: 0 });
  });

  it('or never gives it back is killed when the time of the case is over, and fails that case', async () => {
    const report = await superviseSuite({
      job: {
        device: { provider, flag: { fault: 'block' } },
        backend: [],
        logLevel: 'warn',
        level: 'quick',
        only,
        deadlines: { callMs: 1000, caseMs: 4000 },
      },
      signal: new AbortController().signal,
      onCase: () => {},
      onRecord: () => {},
      patienceMs: 500,
    });
    expect(report.cases.find((each) => each.case === ended)?.reason).toBe(
      'the process did not answer for 4.5 s during this case',
    );
    expect(verdicts(report).filter(([id]) => id !== ended)).toEqual(others.map((id) => [id, 'pass']));
  });
});

describe('a person who ends the run', { timeout }, () => {
  it('by the interrupt of a terminal, which every process gets, stops it once', async () => {
    const interrupt = onFirstCase((pid) => process.kill(-pid, 'SIGINT'), 'terminal');
    const stopped = await run({ out: 'terminal', fault: 'slow' }, { ...interrupt, group: true });
    expect(stopped).toMatchObject({ code: 130, stderr: expect.stringContaining('0 checks are in') });
    const text = readFileSync(join(folder, 'terminal', 'report.jsonl'), 'utf8');
    expect(text.match(/"record":"stopped"/g)).toHaveLength(1);
    expect(reportOf('terminal')).toMatchObject({ cases: [], begun: [], footer: null });
    expect(await run({ out: 'terminal', fault: 'none', more: ['--resume'] })).toMatchObject({ code: 0 });
    expect(await verify('terminal')).toMatchObject({ code: 0 });
  });

  it('by SIGTERM holds nothing against the case that ran', async () => {
    const terminate = onFirstCase((pid) => process.kill(pid, 'SIGTERM'), 'terminated');
    const stopped = await run({ out: 'terminated', fault: 'slow' }, terminate);
    expect(stopped).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(reportOf('terminated')).toMatchObject({ cases: [], begun: [], footer: null });
  });

  it('by SIGKILL leaves no process behind, and the case that had begun runs again', async () => {
    const out = 'killed';
    const kill = onFirstCase((pid) => process.kill(pid, 'SIGKILL'), out);
    // The result is there when all that write to the same pipes have ended.
    expect(await run({ out, fault: 'slow' }, kill)).toMatchObject({ signal: 'SIGKILL' });
    expect(reportOf(out)).toMatchObject({ cases: [], begun: ['life.cycle@1'] });
    const healthy = await run({ out, fault: 'none', more: ['--resume'] });
    expect(healthy).toMatchObject({ code: 0 });
    expect(await verify(out)).toMatchObject({ code: 0 });
  });
});
