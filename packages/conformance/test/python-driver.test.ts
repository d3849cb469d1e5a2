/** The Python example over `exec:`. Where python3 is not installed these tests are skipped with that reason. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type DriverRun, type LoadedProgram, type Program, unpackSpins } from '@isinglass/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { catalogue } from '../src/checks/catalogue.ts';
import { blockLaw } from '../src/oracle/block-law.ts';
import { undisguised } from '../src/probes/disguise.ts';
import { dominoProbe, transferProbe } from '../src/probes/graphs.ts';
import { probeProgram } from '../src/probes/probe-program.ts';
import { ExecDriver } from '../src/provider/exec/exec-driver.ts';
import { execProvider } from '../src/provider/exec/exec-provider.ts';
import { explainCase } from '../src/report/explain.ts';
import type { CaseRecord } from '../src/report/records.ts';
import { binomialTwoSidedP } from '../src/statistics/binomial.ts';
import { runSuite } from '../src/suite/run-suite.ts';

const script = fileURLToPath(new URL('../../../examples/python-driver/isinglass_driver.py', import.meta.url));
const pythonIsHere = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;

let driver: ExecDriver;
const open = async (...args: readonly string[]): Promise<ExecDriver> => {
  driver = await ExecDriver.open({ command: ['python3', script, ...args] });
  return driver;
};

beforeEach(({ skip }) => {
  if (!pythonIsHere) skip('python3 of 3.9 or newer is not installed');
});
afterEach(async () => {
  await driver?.close();
});

function run(loaded: LoadedProgram, more: Partial<DriverRun>) {
  return loaded.run({
    block: 0,
    gains: {},
    images: Uint32Array.of(0),
    inputs: {},
    chains: 1,
    chainOffset: 0,
    sweeps: 1,
    burnIn: 0,
    stride: 1,
    sweepOffset: 0,
    temperatures: null,
    seed: 2n ** 63n + 5n,
    start: { kind: 'random' },
    keep: 'nothing',
    readouts: [{ bank: 'a', observable: 'spin-sum', as: 'sums', tie: 1 }],
    signal: new AbortController().signal,
    ...more,
  });
}

const fields = [-0.4, 0.1, 0.7];
const singleSpins = (law: 'fixed' | 'real'): Program => {
  const probe = transferProbe(fields);
  return probeProgram(probe, undisguised(probe, { layout: 'banks', form: 'dense' }), driver.profile, { law });
};

/**
 * P-values of three single spins in their fields, exact binomial tests of 20,000 rows each under the suite's own law. The rows are independent by the
 * claim of the driver, so each is below 1e-7 with probability at most 1e-7 when that law holds.
 */
async function singleSpinP(law: 'fixed' | 'real', temperature?: number): Promise<number[]> {
  const rows = 20_000;
  const program = singleSpins(law);
  const loaded = await driver.load(program, {});
  const { readouts } = await run(loaded, {
    images: Uint32Array.from({ length: rows }, (_, n) => n),
    temperatures: temperature === undefined ? null : Uint32Array.of(temperature),
  });
  const sums = readouts[0]?.sums as Int32Array;
  const exact = blockLaw(program, { block: 0 });
  return fields.map((_, spin) => {
    let ups = 0;
    for (let row = 0; row < rows; row++) ups += Number((sums[row * fields.length + spin] as number) > 0);
    return binomialTwoSidedP(ups, rows, exact.up(spin, [-1, -1, -1], temperature) / 65536);
  });
}

describe('the Python driver', () => {
  test('states its profile, takes programs, and gives the same bits for the same seed', async () => {
    const { profile } = await open();
    expect(profile).toMatchObject({ name: 'python-driver', determinism: 'repeatable' });
    const loaded = await driver.load(singleSpins('fixed'), {});
    const more = { images: Uint32Array.of(3, 1, 4), chains: 2, sweeps: 9, burnIn: 1, stride: 3 };
    const [first, again] = [await run(loaded, more), await run(loaded, more)];
    expect(again).toEqual(first);
    const other = await run(loaded, { ...more, seed: 1n });
    expect(other).not.toEqual(first);
    await loaded.unload();
  });

  test.each(['fixed', 'real'] as const)('single spins follow the %s law, at two temperatures', async (law) => {
    await open();
    for (const p of [...(await singleSpinP(law)), ...(await singleSpinP(law, 30_000))]) expect(p).toBeGreaterThan(1e-7);
  });

  test('with its planted fault they do not', async () => {
    await open('--plant', 'sign-error');
    for (const p of await singleSpinP('fixed')) expect(p).toBeLessThan(1e-7);
  });

  test('the colors of a sweep are updated in order, one after the other: states and traces agree', async () => {
    await open();
    const probe = dominoProbe(6, 20);
    const program = probeProgram(probe, undisguised(probe, { layout: 'banks', form: 'sparse' }), driver.profile, {
      law: 'real',
    });
    const loaded = await driver.load(program, {});
    const down = { words: Uint32Array.of(0), rows: 1, spinCount: 3 };
    const pinned = { p: { words: Uint32Array.of(1), rows: 1, spinCount: 1 } };
    const traced: number[][] = [];
    const { readouts, last } = await run(loaded, {
      inputs: pinned,
      start: { kind: 'given', states: { a: down, b: down } },
      sweeps: 3,
      keep: 'host',
      readouts: ['a', 'b'].map((bank) => ({
        bank,
        observable: 'state' as const,
        as: 'sums' as const,
        tie: 1 as const,
      })),
      trace: (_, banks) => void traced.push(['p', 'a', 'b'].map((id) => banks[id]?.words[0] as number)),
    });
    // The front of ups stands at spin 2t − 1 after t sweeps: spins 0, 2, 4 are bank a, spins 1, 3, 5 bank b. Fields of ±20 miss with e^-40.
    const front = [
      [1, 0b000, 0b000],
      [1, 0b001, 0b001],
      [1, 0b011, 0b011],
      [1, 0b111, 0b111],
    ];
    expect(traced).toEqual(front);
    expect(readouts.map(({ states }) => [...(states?.words ?? [])])).toEqual([
      [0b001, 0b011, 0b111],
      [0b001, 0b011, 0b111],
    ]);
    expect(last === undefined ? [] : [...unpackSpins(last.a ?? down)]).toEqual([1, 1, 1]);
  });

  test('a cancelled run rejects with the reason at once, and the next one is right', async () => {
    await open();
    const loaded = await driver.load(singleSpins('fixed'), {});
    const controller = new AbortController();
    const reason = new Error('enough');
    const long = run(loaded, { sweeps: 2 ** 30, burnIn: 2 ** 30 - 1, signal: controller.signal });
    setTimeout(() => controller.abort(reason), 100);
    await expect(long).rejects.toBe(reason);
    expect((await run(loaded, {})).readouts).toHaveLength(1);
  });

  test('what it does not have it refuses by name, and goes on', async () => {
    await open();
    const probe = transferProbe([1]);
    const conv = probeProgram(
      { ...probe, pinned: 1, pinnedEdges: [{ free: 0, pinned: 0, w: 1 }] },
      undisguised({ ...probe, pinned: 1 }, { layout: 'banks', form: 'conv' }),
      driver.profile,
      { law: 'fixed' },
    );
    await expect(driver.load(conv, {})).rejects.toMatchObject({ code: 'unsupported', feature: 'conv' });
    const loaded = await driver.load(singleSpins('fixed'), {});
    await expect(run(loaded, { start: { kind: 'feed-forward' } })).rejects.toMatchObject({ code: 'unsupported' });
    expect((await run(loaded, {})).readouts).toHaveLength(1);
  });

  test('its death in a run is a lost device', async () => {
    const command = ['python3', '-c', dying, script] as const;
    driver = await ExecDriver.open({ command });
    const loaded = await driver.load(singleSpins('fixed'), {});
    const running = run(loaded, { sweeps: 2 ** 30, burnIn: 2 ** 30 - 1, onProgress: () => undefined });
    await expect(running).rejects.toMatchObject({ code: 'device-lost', message: expect.stringMatching(/exit code 7/) });
    expect(driver.lost.aborted).toBe(true);
  });
});

/** Runs the driver, and ends the process a quarter of a second after its first run has begun. */
const dying = `
import os, runpy, sys, threading
sys.argv = sys.argv[1:]
sys.path.insert(0, os.path.dirname(sys.argv[0]))
import isinglass_protocol
begin = isinglass_protocol.Run.__init__
def doomed(self, *args):
    threading.Timer(0.25, lambda: (sys.stderr.write('out of coins\\n'), sys.stderr.flush(), os._exit(7))).start()
    begin(self, *args)
isinglass_protocol.Run.__init__ = doomed
runpy.run_path(sys.argv[0], run_name='__main__')
`;

describe('the suite on the Python driver', () => {
  const only = 'life.recover,life.closed,cap.sites';
  const suite = (command: string) =>
    runSuite({ provider: execProvider(`python3 '${script}' ${command}`), level: 'quick', seed: 20_261n, only });

  // All of quick takes minutes in Python: by command, as the README of the example says. False alarms of these below 1e-4.
  test('passes checks of its life, of its loading, and of every spin and coupling', { timeout: 120_000 }, async () => {
    const { cases, footer } = await suite('');
    expect(cases.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(footer.counts.pass).toBe(3);
  });

  test('fails with the planted sign error, and explain names the check and likely causes', {
    timeout: 120_000,
  }, async () => {
    const { cases, footer } = await suite('--plant sign-error');
    expect(footer.counts.fail).toBeGreaterThan(0);
    const record = cases.find(({ case: id }) => id.startsWith('cap.sites')) as CaseRecord;
    expect(record.verdict).toBe('fail');
    const plan = catalogue.find((check) => check.plan.id === 'cap.sites')?.plan;
    const text = explainCase({ record, plan });
    expect(text).toMatch(/^cap\.sites@\d+: fail/);
    expect(text).toMatch(/Likely causes:\n {2}M\d\d/);
  });
});
