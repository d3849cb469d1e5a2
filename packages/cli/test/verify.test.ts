import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { VerifyReport } from '../src/verify/case-report.ts';
import { installWrappedBackend, isinglass, isinglassJson, vectorFolder } from './isinglass.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-verify-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('every vector of the oracle passes on the CPU, on file level and on device level', async () => {
  const { code, json } = await isinglassJson<VerifyReport>(['verify', vectorFolder, '--device', 'cpu']);
  expect(json.cases.filter((report) => report.status !== 'passed')).toEqual([]);
  expect(json).toMatchObject({ passed: json.cases.length, failed: 0, skipped: 0 });
  expect(json.cases.length).toBeGreaterThanOrEqual(27);
  expect(code).toBe(0);
});

it('every rejected file is refused with its code and every control accepted', async () => {
  const { code, json } = await isinglassJson<VerifyReport>(['verify', `${vectorFolder}reject`]);
  expect(json.cases.filter((report) => report.status !== 'passed')).toEqual([]);
  expect(json.passed).toBeGreaterThanOrEqual(173);
  expect(code).toBe(0);
});

it('one wrong sum, one wrong multiplier and one wrongly listed file fail, each at its place', async () => {
  plant('conv3x3', ({ sums }) => {
    const row = Object.values(sums)[0]?.[0] ?? [];
    row[7] = (row[7] ?? 0) + 2;
  });
  plant('dense-ties', ({ multipliers }) => {
    for (const multiplier of Object.values(multipliers)) multiplier.M += 1;
  });
  plant('bits4-k4', () => {});
  for (const file of ['control-sum.isg', 'p101-hole.isg', 'control-dense.isg']) {
    cpSync(`${vectorFolder}reject/${file}`, join(folder, file));
  }
  const list = [
    { file: 'p101-hole.isg', code: 'P102', where: '', text: '', control: 'control-dense.isg' },
    { file: 'control-sum.isg', code: 'P101', where: '', text: '', control: 'control-dense.isg' },
  ];
  writeFileSync(join(folder, 'reject.json'), JSON.stringify(list));

  const { code, json } = await isinglassJson<VerifyReport>(['verify', folder]);
  expect(code).toBe(1);
  const failed = Object.fromEntries(
    json.cases.flatMap((report) => (report.status === 'failed' ? [[report.name, report.difference]] : [])),
  );
  expect(failed).toMatchObject({
    conv3x3: { where: expect.stringMatching(/sums\[7\]$/) },
    'dense-ties': { where: expect.stringMatching(/^multipliers\..*\[0\]$/) },
    'p101-hole.isg': { expected: 'P102', actual: expect.stringMatching(/^P101/) },
    'control-sum.isg': { expected: 'P101', actual: 'no violation' },
  });
  expect(json).toMatchObject({ failed: 4, skipped: 0 });
  expect(json.cases).toContainEqual({ name: 'bits4-k4', status: 'passed', notes: [] });
});

it('what a device lacks is skipped with the reason, and what it cannot show is noted', async () => {
  const part = mkdtempSync(join(folder, 'part-'));
  for (const name of ['glass-2-colors', 'dense-ties']) {
    for (const file of [`${name}.isg`, `${name}.json`]) cpSync(`${vectorFolder}${file}`, join(part, file));
  }
  const backend = installWrappedBackend(folder);
  const flags = ['verify', part, '--backend', backend, '--device', 'wrapped:reduced'];
  const { code, json } = await isinglassJson<VerifyReport>(flags);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    passed: 1,
    failed: 0,
    skipped: 1,
    cases: [
      { name: 'dense-ties', status: 'passed', notes: [expect.stringMatching(/cannot trace/)] },
      { name: 'glass-2-colors', status: 'skipped', reason: expect.stringMatching(/sparse/) },
    ],
  });
});

it('a folder without vectors is bad input', async () => {
  const empty = mkdtempSync(join(folder, 'empty-'));
  const { code, stderr } = await isinglass(['verify', empty]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/neither vectors/);
});

interface Expectations {
  readonly sums: Readonly<Record<string, number[][]>>;
  readonly multipliers: Readonly<Record<string, { M: number }>>;
}

/** Copies a vector with its expectations changed. */
function plant(name: string, change: (expected: Expectations) => void): void {
  const vector = JSON.parse(readFileSync(`${vectorFolder}${name}.json`, 'utf8'));
  change(vector.expected);
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(vector));
  cpSync(`${vectorFolder}${vector.program}`, join(folder, vector.program));
}
