/** `run --trace` and what `run --cost` says of the same run. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TraceDocument } from '@isinglass/sdk';
import { afterAll, expect, it } from 'vitest';
import type { RunSummary } from '../src/run/run-summary.ts';
import { isinglass, isinglassJson, vectorFolder } from './isinglass.ts';

interface ErrorDocument {
  readonly error: { readonly code: string; readonly message: string; readonly where: string | null };
}

const folder = mkdtempSync(join(tmpdir(), 'isinglass-cli-trace-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string): string => join(folder, name);
/** No input: 16 spins that are coupled among themselves. */
const glass = `${vectorFolder}glass-2-colors.isg`;
const toy = 'fpga-sim:toy?format=s18.12';
const run = (device: string, ...flags: string[]) =>
  isinglassJson<RunSummary>(['run', glass, '--limit', '3', '--device', device, ...flags]);
const refused = (device: string, ...flags: string[]) =>
  isinglassJson<ErrorDocument>(['run', glass, '--limit', '3', '--device', device, ...flags]);

it('writes a trace whose cycles are those of the cost report, and changes nothing of the run', async () => {
  const file = inFolder('out.json');
  const { code, json } = await run(toy, '--cost', '--trace', file);
  const { json: plain } = await run(toy, '--cost');
  expect(code).toBe(0);
  expect(json.trace).toMatchObject({ file, whole: true });
  expect({ ...json.cost }).toEqual({ ...plain.cost });
  expect(plain.trace).toBeNull();

  const document = JSON.parse(readFileSync(file, 'utf8')) as TraceDocument;
  expect(document.otherData).toMatchObject({ device: toy, programHash: json.programHash });
  const causes: Record<string, number> = {};
  for (const event of document.traceEvents) {
    if (event.ph !== 'X' || event.cat !== 'machine' || /^color/.test(event.name)) continue;
    for (const [cause, count] of Object.entries(event.args.causes ?? {})) causes[cause] = (causes[cause] ?? 0) + count;
  }
  const { io = 0, ...ofMachine } = json.cost?.cycles?.byCause ?? {};
  expect(causes).toEqual(Object.fromEntries(Object.entries(ofMachine).filter(([, count]) => count > 0)));
  expect(json.cost?.cycles?.total).toBe(Object.values(ofMachine).reduce((sum, count) => sum + count, io));
});

it('a report on an emulated machine has memory traffic, work and the use of adders; on cpu it says null', async () => {
  const { json } = await run(toy, '--cost');
  const { cost } = json;
  expect(cost?.memoryBits).toBeGreaterThan(0);
  expect(cost?.synapticOperations).toBe(json.synapticOperations);
  expect(cost?.utilisation).toBeCloseTo(json.synapticOperations / (8 * (cost?.cycles?.total ?? 0)), 12);
  const { json: onCpu } = await run('cpu', '--cost');
  expect(onCpu.cost).toMatchObject({ memoryBits: null, utilisation: null, cycles: null });
});

it('merges sweeps beyond --trace-spans, and says so', async () => {
  const file = inFolder('short.json');
  const flags = ['--sweeps', '200', '--trace', file, '--trace-spans', '50'];
  const { json } = await run(toy, ...flags);
  expect(json.trace?.whole).toBe(false);
  expect(json.trace?.spans).toBeLessThanOrEqual(54);
  const document = JSON.parse(readFileSync(file, 'utf8')) as TraceDocument;
  expect(document.otherData.merged).toContain('beyond half of 50 spans');
  const { stdout } = await isinglass(['run', glass, '--limit', '3', '--device', toy, ...flags]);
  expect(stdout).toContain('more with --trace-spans');
});

it('is refused where a device has no time of its own, before anything is written', async () => {
  const file = inFolder('cpu.json');
  const { code, json } = await refused('cpu', '--trace', file);
  expect(code).toBe(1);
  expect(json.error).toMatchObject({ code: 'unsupported', where: '--trace' });
  expect(json.error.message).toContain('--device fpga-sim:conv-m');
  expect(existsSync(file)).toBe(false);
});

it.each([
  ['a folder that is not there', ['--trace', '/nowhere/out.json'], /cannot be written/],
  ['the program itself', ['--trace', inFolder('program.isg')], /is the input .*program.isg, which would be lost/],
  ['the file of --output', ['--trace', inFolder('a'), '--output', inFolder('a')], /--trace and --output name one file/],
  ['--trace-spans alone', ['--trace-spans', '9'], /--trace-spans is for --trace FILE/],
  ['one span', ['--trace', inFolder('a'), '--trace-spans', '1'], /--trace-spans/],
])('refuses %s', async (_, flags, message) => {
  const program = inFolder('program.isg');
  writeFileSync(program, readFileSync(glass));
  const { code, json } = await isinglassJson<ErrorDocument>(['run', program, '--device', toy, ...flags]);
  expect(code).toBe(2);
  expect(json.error.message).toMatch(message);
  expect(readFileSync(program)).toEqual(readFileSync(glass));
});
