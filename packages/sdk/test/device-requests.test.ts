/** Every argument of a run that can be wrong, next to the nearest one that is right. Errors name field, value and what is allowed. */
import { expect, test } from 'vitest';
import type { DeviceProgram } from '../src/device/device-program.ts';
import { openDevice } from '../src/device/open-device.ts';
import type { ResourceLimits, RunRequest } from '../src/device/run-request.ts';
import { type IsinglassError, isIsinglassError } from '../src/errors/isinglass-error.ts';
import { createProgram } from '../src/program/create-program.ts';
import type { Program } from '../src/program/program.ts';
import { programFeatures } from '../src/program/program-features.ts';
import type { Block, ProgramJson } from '../src/program/program-json.ts';
import { emptySpins } from '../src/spins/packed-spins.ts';
import { type ProfileChanges, testProfile } from '../src/testing/test-profile.ts';
import { Timeline } from '../src/timeline/timeline.ts';
import { ScriptedDriver, scriptedBackend } from './support/scripted-driver.ts';

/** x (pinned, 5) → s (free, 40), with a runtime gain and a constant one; the smallest block that has everything. */
function program(schedule: Partial<Block['schedule']> = {}): Program {
  const json: Omit<ProgramJson, 'features'> = {
    irVersion: '1.0',
    name: 'requests',
    provenance: {},
    law: { kind: 'fixed' },
    inputs: [{ name: 'image', dtype: 'spin', shape: ['batch', 5] }],
    outputs: [{ name: 'y', dtype: 'spin', shape: ['batch', 40] }],
    stages: [
      {
        kind: 'block',
        id: 'only',
        index: 7,
        banks: [
          { id: 'x', role: 'pinned', shape: [5], value: 'image' },
          { id: 's', role: 'free', shape: [40], color: 0 },
        ],
        gains: [
          { id: 'one', value: 1, runtime: false },
          { id: 'delta', value: 0.5, runtime: true },
        ],
        couplings: [
          { id: 'j', from: 'x', to: 's', gain: 'delta', scale: 0.01, form: { kind: 'dense', matrix: { tensor: 'm' } } },
        ],
        biases: [],
        readouts: [{ id: 'r', bank: 's', observable: 'spin-sum', tie: 1, signs: 'y' }],
        schedule: { sweeps: 8, burnIn: 2, stride: 1, chains: 1, colors: [0], init: 'random', beta: 1, ...schedule },
        fixed: { fractionBits: 9, beta: 1 },
      },
    ],
  };
  const data = Int8Array.from({ length: 200 }, (_, n) => (n % 7) - 3);
  return createProgram(
    { ...json, features: programFeatures(json) },
    new Map([['m', { dtype: 'I8', shape: [40, 5], data }]]),
  );
}

async function loaded(
  o: { program?: Program; profile?: ProfileChanges; limits?: ResourceLimits } = {},
): Promise<{ on: DeviceProgram; driver: ScriptedDriver }> {
  const driver = new ScriptedDriver({ profile: testProfile(o.profile) });
  const device = await openDevice('scripted', {
    backends: [scriptedBackend(driver)],
    ...(o.limits === undefined ? {} : { limits: o.limits }),
  });
  return { driver, on: await device.load(o.program ?? program()) };
}

const good: RunRequest = { block: 7, images: 2, inputs: { x: emptySpins(2, 5) }, seed: 1n };

async function errorOf(run: Promise<unknown>): Promise<IsinglassError> {
  const e = await run.then(
    () => expect.unreachable('the run was accepted'),
    (reason: unknown) => reason,
  );
  if (!isIsinglassError(e)) throw e;
  return e;
}

/** Field, a request that is refused there, and one just beside it that is accepted. */
const cases: readonly (readonly [where: string, refused: object, accepted: object])[] = [
  ['block', { block: 0 }, { block: 7 }],
  ['images', { images: 0 }, { images: 1, inputs: { x: emptySpins(1, 5) } }],
  ['images', { images: 1.5 }, { images: 2 }],
  ['images.length', { images: new Uint32Array(0) }, { images: Uint32Array.of(9, 4294967295) }],
  ['images', { images: new Uint32Array(new SharedArrayBuffer(8)) }, { images: new Uint32Array(new ArrayBuffer(8)) }],
  ['seed', { seed: -1n }, { seed: 0n }],
  ['seed', { seed: 1n << 64n }, { seed: (1n << 64n) - 1n }],
  ['seed', { seed: 5 }, { seed: 5n }],
  ['sweeps', { sweeps: 0 }, { sweeps: 1 }],
  ['sweeps', { sweeps: 2, sweepOffset: 2 ** 32 - 2 }, { sweeps: 1, sweepOffset: 2 ** 32 - 2 }],
  ['sweepOffset', { sweepOffset: -1 }, { sweepOffset: 0 }],
  ['burnIn', { sweeps: 4, burnIn: 4 }, { sweeps: 4, burnIn: 3 }],
  ['burnIn', { burnIn: -1 }, { burnIn: 0 }],
  ['stride', { stride: 0 }, { stride: 1 }],
  ['sweeps', { sweeps: 4, burnIn: 2, stride: 3 }, { sweeps: 5, burnIn: 2, stride: 3 }],
  ['chains', { chains: 0 }, { chains: 1 }],
  ['chains', { chains: 2, chainOffset: 2 ** 24 - 1 }, { chains: 1, chainOffset: 2 ** 24 - 1 }],
  ['chainOffset', { chainOffset: 2 ** 24 }, { chainOffset: 2 ** 24 - 1 }],
  ['gains.one', { gains: { one: 2 } }, { gains: { delta: 2 } }],
  ['gains.delta', { gains: { delta: 0 } }, { gains: { delta: 1e-3 } }],
  ['gains.delta', { gains: { delta: Number.NaN } }, { gains: { delta: 1 } }],
  [
    'temperatures.length',
    { sweeps: 3, temperatures: new Uint32Array(2) },
    { sweeps: 3, temperatures: new Uint32Array(3) },
  ],
  [
    'temperatures[1]',
    { sweeps: 2, temperatures: Uint32Array.of(0, 65537) },
    { sweeps: 2, temperatures: Uint32Array.of(0, 65536) },
  ],
  ['inputs.x', { inputs: {} }, { inputs: { x: emptySpins(2, 5) } }],
  ['inputs.s', { inputs: { x: emptySpins(2, 5), s: emptySpins(2, 40) } }, {}],
  ['inputs.x.rows', { inputs: { x: emptySpins(1, 5) } }, { inputs: { x: emptySpins(2, 5) } }],
  ['inputs.x.spinCount', { inputs: { x: emptySpins(2, 6) } }, { inputs: { x: emptySpins(2, 5) } }],
  [
    'inputs.x',
    { inputs: { x: dirty(2, 5) } },
    { inputs: { x: { words: Uint32Array.of(31, 31), rows: 2, spinCount: 5 } } },
  ],
  ['start.kind', { start: { kind: 'warm' } }, { start: { kind: 'feed-forward' } }],
  [
    'start.states.s',
    { start: { kind: 'given', states: {} } },
    { start: { kind: 'given', states: { s: emptySpins(2, 40) } } },
  ],
  ['start.states.x', { start: { kind: 'given', states: { s: emptySpins(2, 40), x: emptySpins(2, 5) } } }, {}],
  [
    'start.states.s.rows',
    { chains: 2, start: { kind: 'given', states: { s: emptySpins(2, 40) } } },
    { chains: 2, start: { kind: 'given', states: { s: emptySpins(4, 40) } } },
  ],
  ['start.states.s', { start: { kind: 'given', states: { s: dirty(2, 40) } } }, {}],
  ['start.handle', { start: { kind: 'resume', handle: { release() {} }, rows: Uint32Array.of(0, 1) } }, {}],
  ['keep', { keep: 'forever' }, { keep: 'host' }],
  ['readouts[0].bank', { readouts: [readout({ bank: 'nowhere' })] }, { readouts: [readout({})] }],
  ['readouts[0].bank', { readouts: [readout({ bank: 'x' })] }, { readouts: [] }],
  [
    'readouts[1].observable',
    { readouts: [readout({}), readout({ observable: 'energy' })] },
    { readouts: [readout({}), readout({ observable: 'state' })] },
  ],
  ['readouts[0].tie', { readouts: [readout({ tie: 0 })] }, { readouts: [readout({ tie: -1 })] }],
  ['readouts[0].as', { readouts: [readout({ as: 'mean' })] }, { readouts: [readout({ as: 'both' })] }],
  ['deadlineMs', { deadlineMs: 0 }, { deadlineMs: 60_000 }],
  ['deadlineMs', { deadlineMs: 2 ** 31 }, { deadlineMs: 2 ** 31 - 1 }],
  ['sweep', { sweep: 3 }, { sweeps: 3 }],
  ['trace', { trace: 'yes' }, { trace: () => {} }],
];

function dirty(rows: number, spinCount: number) {
  const spins = emptySpins(rows, spinCount);
  spins.words[spins.words.length - 1] = 2 ** (spinCount & 31);
  return spins;
}

function readout(change: object) {
  return { bank: 's', observable: 'spin-sum', as: 'sums', tie: 1, ...change };
}

test('an argument that is out of range is refused by its name, and the nearest one in range is taken', async () => {
  const { driver, on } = await loaded();
  for (const [where, refused, accepted] of cases) {
    const bad = { ...good, ...refused } as unknown as RunRequest;
    const e = await errorOf(on.run(bad));
    expect({ code: e.code, where: e.where, request: refused }).toEqual({
      code: 'invalid-request',
      where,
      request: refused,
    });
    const before = driver.asked.length;
    await on.run({ ...good, ...accepted } as unknown as RunRequest);
    expect(driver.asked.length).toBeGreaterThan(before);
  }
});

test('a message gives the value and what is allowed', async () => {
  const { on } = await loaded();
  expect((await errorOf(on.run({ ...good, seed: -1n }))).message).toBe(
    'seed is -1n; allowed: a bigint from 0 to 2^64 - 1',
  );
  expect((await errorOf(on.run({ ...good, block: 3 }))).message).toBe(
    'block is 3; allowed: a block index of the program: 7',
  );
});

test('gains that would let a field leave its range are refused (P132), and the same gain a little smaller runs', async () => {
  const { on } = await loaded();
  // Σ|w| is at most 9 and M / 2^sh is 5.12 · delta: the bound 2^26 falls near delta = 1.4 million.
  const e = await errorOf(on.run({ ...good, gains: { delta: 2e6 } }));
  expect(e).toMatchObject({ code: 'invalid-request' });
  expect(e.diagnostics[0]?.code).toBe('P132');
  // A shift outside 0 … 40 is the other half of P132.
  expect((await errorOf(on.run({ ...good, gains: { delta: 1e-12 } }))).diagnostics[0]?.code).toBe('P132');
  await on.run({ ...good, gains: { delta: 6000 } });
});

test('what a request leaves out is the program’s, and a default quarter of burn-in follows the sweeps', async () => {
  const { driver, on } = await loaded();
  await on.run(good);
  await on.run({ ...good, sweeps: 20 });
  await on.run({ ...good, sweeps: 20, burnIn: 1 });
  expect(driver.asked.map((q) => [q.sweeps, q.burnIn, q.stride, q.chains])).toEqual([
    [8, 2, 1, 1],
    [20, 5, 1, 1],
    [20, 1, 1, 1],
  ]);
  expect(driver.asked[0]).toMatchObject({ gains: { delta: 0.5 }, temperatures: null, start: { kind: 'random' } });
  expect(driver.asked[0]?.images).toEqual(Uint32Array.of(0, 1));
  const own = await loaded({ program: program({ burnIn: 3 }) });
  await own.on.run({ ...good, sweeps: 20 });
  expect(own.driver.asked[0]?.burnIn).toBe(3);
  expect(await errorOf(own.on.run({ ...good, sweeps: 3 }))).toMatchObject({ where: 'burnIn' });
});

test('the temperatures of a program with a β list are passed with every run, cut where the run is cut', async () => {
  const beta = [
    { sweep: 1, beta: 0.5 },
    { sweep: 3, beta: 1 },
  ];
  const { driver, on } = await loaded({ program: program({ beta, burnIn: 0 }) });
  await on.run({ ...good, sweeps: 4 });
  await on.run({ ...good, sweeps: 2, temperatures: Uint32Array.of(1, 2) });
  await on.run({ ...good, sweeps: 4, temperatures: null });
  expect(driver.asked.map((q) => q.temperatures && [...q.temperatures])).toEqual([
    [32768, 32768, 65536, 65536],
    [1, 2],
    null,
  ]);
});

test('what the profile lacks is refused by the name of the feature, or made from what it has', async () => {
  const lacking: readonly (readonly [string, ProfileChanges, object, object])[] = [
    ['sampling', { dynamics: { kind: 'annealer' } }, {}, {}],
    ['trace', { readout: { trace: false } }, { trace: () => {} }, {}],
    [
      'conditional-sum',
      { readout: { observables: ['spin-sum'] } },
      { readouts: [readout({ observable: 'conditional-sum' })] },
      {},
    ],
    ['state', { readout: { observables: ['spin-sum'] } }, { readouts: [readout({ observable: 'state' })] }, {}],
    [
      'spin-sum',
      { readout: { observables: ['conditional-sum'] } },
      {},
      { readouts: [readout({ observable: 'conditional-sum' })] },
    ],
    [
      'temperature',
      { features: ['dense', 'fixed', 'runtime-gain'] },
      { sweeps: 1, burnIn: 0, temperatures: Uint32Array.of(1) },
      { sweeps: 1, burnIn: 0, temperatures: Uint32Array.of(65536) },
    ],
    ['runtime-gain', { features: ['dense', 'fixed'] }, { gains: { delta: 0.4 } }, { gains: { delta: 0.5 } }],
    ['given', { init: ['random'] }, { start: { kind: 'given', states: { s: emptySpins(2, 40) } } }, {}],
    ['feed-forward', { init: ['random'] }, { start: { kind: 'feed-forward' } }, {}],
    ['resume', { init: ['random'] }, { keep: 'device' }, { keep: 'host' }],
  ];
  for (const [feature, profile, refused, accepted] of lacking) {
    const { on } = await loaded({ profile });
    const e = await errorOf(on.run({ ...good, ...refused } as unknown as RunRequest));
    expect(e).toMatchObject({ code: 'unsupported', feature });
    if (feature !== 'sampling') await on.run({ ...good, ...accepted } as unknown as RunRequest);
  }
  const { on } = await loaded({ profile: { readout: { strideMin: 2 } } });
  expect(await errorOf(on.run(good))).toMatchObject({ code: 'invalid-request', where: 'stride' });
  await on.run({ ...good, stride: 2 });
});

test('a trace of a run that needs several driver calls is refused, one that needs one call is not', async () => {
  const { on } = await loaded({ profile: { batch: { imagesMax: 1 } } });
  expect(await errorOf(on.run({ ...good, trace: () => {} }))).toMatchObject({ where: 'trace' });
  await on.run({ ...good, images: 1, inputs: { x: emptySpins(1, 5) }, trace: () => {} });
});

test('a timeline is refused by a device that fills none, handed to every call of one that does, and must be one', async () => {
  const timeline = new Timeline();
  const { on } = await loaded();
  expect(await errorOf(on.run({ ...good, timeline }))).toMatchObject({ code: 'unsupported', feature: 'timeline' });
  const driver = new ScriptedDriver({ profile: testProfile({ batch: { imagesMax: 1 } }) });
  Object.assign(driver, { fillsTimelines: true });
  const device = await openDevice('scripted', { backends: [scriptedBackend(driver)] });
  expect(device.fillsTimelines).toBe(true);
  const filled = await device.load(program());
  const wrong = { ...good, timeline: { add: 3 } } as unknown as RunRequest;
  expect(await errorOf(filled.run(wrong))).toMatchObject({ code: 'invalid-request', where: 'timeline' });
  await filled.run({ ...good, timeline });
  expect(driver.asked.map((q) => q.timeline)).toEqual([timeline, timeline]);
});

test('a kept state goes on only where it came from, with the inputs and gains it was made with', async () => {
  const { on } = await loaded();
  const other = await loaded();
  const { handle = { release() {} } } = await on.run({ ...good, keep: 'device' });
  const start = { kind: 'resume', handle, rows: Uint32Array.of(0, 1) } as const;
  await on.run({ ...good, start });
  const flipped = { x: { words: Uint32Array.of(0, 1), rows: 2, spinCount: 5 } };
  const refused: readonly (readonly [string, Promise<unknown>])[] = [
    ['start.handle', other.on.run({ ...good, start })],
    ['start.rows.length', on.run({ ...good, start: { ...start, rows: Uint32Array.of(0) } })],
    ['start.rows[1]', on.run({ ...good, start: { ...start, rows: Uint32Array.of(0, 2) } })],
    ['gains.delta', on.run({ ...good, start, gains: { delta: 0.25 } })],
    ['inputs', on.run({ ...good, start, inputs: flipped })],
  ];
  for (const [where, run] of refused) expect(await errorOf(run)).toMatchObject({ code: 'invalid-request', where });
  handle.release();
  expect(await errorOf(on.run({ ...good, start }))).toMatchObject({ where: 'start.handle' });
});

test('results beyond the limit are refused before anything is allocated or asked of the driver', async () => {
  // Two images: 40 float64 sums and 2 words of signs each.
  const bytes = 2 * (40 * 8 + 2 * 4);
  const exact = await loaded({ limits: { resultBytesMax: bytes } });
  await exact.on.run(good);
  const short = await loaded({ limits: { resultBytesMax: bytes - 1 } });
  const e = await errorOf(short.on.run(good));
  expect(e).toMatchObject({ code: 'invalid-request', where: 'readouts' });
  expect(e.message).toContain(`${bytes} bytes`);
  const states = [readout({ observable: 'state' })];
  const huge = { ...good, sweeps: 2 ** 31, readouts: states } as unknown as RunRequest;
  expect(await errorOf(exact.on.run(huge))).toMatchObject({ code: 'invalid-request' });
  expect(short.driver.asked).toHaveLength(0);
});

test('memory on the device bounds the rows of a call, and a program beyond it does not fit', async () => {
  // The driver's plan: 100 bytes and 1 byte per row, two calls in flight.
  const { driver, on } = await loaded({ limits: { bytesMax: 106 } });
  await on.run({ ...good, images: 7, inputs: { x: emptySpins(7, 5) } });
  expect(driver.asked.map((q) => q.images.length)).toEqual([3, 3, 1]);
  expect(await errorOf(loaded({ limits: { bytesMax: 100 } }))).toMatchObject({ code: 'does-not-fit' });
});

test('the work of a run is counted by the sdk (semantics 3.8)', async () => {
  const { on } = await loaded();
  const { work, retained } = await on.run({ ...good, sweeps: 10, burnIn: 1, stride: 2, chains: 3 });
  expect(retained).toBe(4);
  expect(work.updates).toBe(40 * 10 * 3 * 2);
  expect(work.synapticOperations).toBe(200 * 2);
});
