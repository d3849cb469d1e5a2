import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readReport } from '@isinglass/conformance';
import { afterAll, describe, expect, it } from 'vitest';
import { installBrokenProvider, isinglass, isinglassJson } from './isinglass.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-conformance-'));
afterAll(() => rmSync(folder, { recursive: true }));

const provider = installBrokenProvider(folder);

/** A check that is quick on every device. */
const quick = 'life.cycle';
const conformance = (...args: readonly string[]) => isinglass(['conformance', ...args]);

interface VerdictLine {
  readonly verdict: string;
  readonly claim: string;
}
const lastLine = (stdout: string): VerdictLine => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');

describe('conformance run', () => {
  it('writes a report that verify calls whole, explain explains and replay repeats', async () => {
    const out = join(folder, 'passed');
    const run = await conformance(
      'run',
      '--device',
      'cpu:scalar',
      '--only',
      quick,
      '--seed',
      '7',
      '--out',
      out,
      '--json',
    );
    expect(run.code).toBe(0);
    expect(lastLine(run.stdout)).toEqual({
      verdict: 'pass',
      pass: 1,
      fail: 0,
      inconclusive: 0,
      unsupported: 0,
      seconds: expect.any(Number),
      claim: 'no claim: only a part of the level was run',
    });
    expect(run.stderr).toContain('seed 0x0000000000000007');
    for (const name of ['report.jsonl', 'summary.md', 'junit.xml', 'report.html']) {
      expect(existsSync(join(out, name)), name).toBe(true);
    }
    const [verify, explain, replay] = await Promise.all([
      conformance('verify', out),
      conformance('explain', out, '--case', quick),
      conformance('replay', out, '--case', quick),
    ]);
    expect(verify).toMatchObject({ code: 0, stdout: expect.stringContaining('the report is whole') });
    expect(explain).toMatchObject({ code: 0, stdout: expect.stringContaining(`${quick}@1: pass`) });
    expect(replay).toMatchObject({ code: 0, stdout: expect.stringContaining('The same as in the report') });

    const file = join(out, 'report.jsonl');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"verdict":"pass","errors"', '"verdict":"inconclusive","errors"'),
    );
    expect(await conformance('verify', out)).toMatchObject({ code: 1, stdout: expect.stringContaining('digest') });
  });

  it.each([
    ['reject', [], 1, /unhandled rejection: Error: left behind/],
    ['throw', [], 1, /uncaught exception: Error: thrown later/],
    ['hang', ['--deadline', '1'], 1, /DeadlineMissed/],
    ['absent', [], 2, /no board on this host/],
  ])('a device with the fault %s gets a verdict, not the suite', async (fault, flags, code, says) => {
    const args = ['--provider', provider, '--flag', `fault=${fault}`, '--only', `${quick},life.recover`, ...flags];
    const run = await conformance('run', ...args);
    expect(run.stdout).toMatch(says);
    expect(run.code).toBe(code);
  });

  it('goes on from the report of a run that was interrupted', async () => {
    const out = join(folder, 'stopped');
    const args = [
      'run',
      '--provider',
      provider,
      '--flag',
      'fault=hang',
      '--only',
      `${quick},life.recover`,
      '--out',
      out,
    ];
    let sent = false;
    const stopped = await isinglass(['conformance', ...args], {
      onStderr: (child, text) => {
        if (sent || !text.includes(', seed ')) return;
        sent = true;
        child.kill('SIGINT');
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('--resume');
    expect(readReport(readFileSync(join(out, 'report.jsonl'), 'utf8'))).toMatchObject({ footer: null });
    expect(await conformance(...args)).toMatchObject({ code: 3, stderr: expect.stringContaining('--resume') });
    const resumed = await conformance(...args, '--resume', '--flag', 'fault=none');
    expect(resumed).toMatchObject({ code: 0 });
    expect(await conformance('verify', out)).toMatchObject({ code: 0 });
  });

  it('in shards is merged to the same as in one piece', async () => {
    const shard = (i: number) => join(folder, `shard-${i}`);
    const args = ['--device', 'cpu:scalar', '--only', `${quick},life.recover`, '--seed', '3'];
    await Promise.all([1, 2].map((i) => conformance('run', ...args, '--shard', `${i}/2`, '--out', shard(i))));
    const merged = await conformance('merge', shard(2), shard(1), '--out', join(folder, 'merged'), '--json');
    expect(lastLine(merged.stdout)).toMatchObject({ verdict: 'pass', pass: 2 });
    const refused = await conformance('merge', shard(1), shard(1), '--out', join(folder, 'refused'));
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('shard 2 of 2 is missing') });
  });
});

describe('the other conformance commands', () => {
  it('list names the checks of a query, doctor what is ready', async () => {
    const [list, doctor, absent] = await Promise.all([
      isinglassJson<{ checks: readonly { id: string }[] }>(['conformance', 'list', `${quick},chapter:lifecycle`]),
      conformance('doctor', '--device', 'cpu:scalar'),
      conformance('doctor', '--provider', provider, '--flag', 'fault=absent'),
    ]);
    expect(list.json.checks.map(({ id }) => id)).toContain(quick);
    expect(doctor).toMatchObject({ code: 0, stdout: expect.stringContaining('ready to run') });
    expect(absent).toMatchObject({ code: 1, stdout: expect.stringContaining('no board on this host') });
  });

  it('mutants finds a planted fault and keeps its record, power says what an effect takes', async () => {
    const record = join(folder, 'mutants.jsonl');
    const args = ['mutants', '--fast', '--faults', 'M04', '--record', record];
    const first = await conformance(...args);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('seen in every run') });
    const lines = readFileSync(record, 'utf8');
    const [again, power] = await Promise.all([
      conformance(...args),
      isinglassJson<{ rows: readonly { n: number | null }[] }>(['conformance', 'power', '--effect', 'betaRel=0.02']),
    ]);
    expect(again.stdout).toBe(first.stdout);
    expect(readFileSync(record, 'utf8')).toBe(lines);
    expect(power.json.rows.every(({ n }) => n !== null && n > 1000)).toBe(true);
  });

  it('bad usage ends with 3, which is no verdict', async () => {
    const wrong = [
      ['run', '--devise', 'cpu'],
      ['run', '--only', 'nothing.like-this'],
      ['run', '--shard', '3/2'],
      ['run', '--device', 'cpu', '--provider', './x.ts'],
      ['run', '--provider', './not-there.ts'],
      ['explain', 'not-there', '--case', quick],
      ['mutants', '--faults', 'M99'],
      ['power', '--effect', 'beta=2'],
      [],
    ];
    const codes = await Promise.all(wrong.map(async (args) => [args.join(' '), (await conformance(...args)).code]));
    expect(codes).toEqual(wrong.map((args) => [args.join(' '), 3]));
  });
});
