import { expect, test } from 'vitest';
import type { Counters, DriverRun, StateHandle } from '../contract/driver.ts';
import type { Bank, Block } from '../program/program-json.ts';
import { type PackedSpins, packSpins, unpackSpins } from '../spins/packed-spins.ts';
import type { BlockMachine, KeptState, MachineRun } from './block-machine.ts';
import { executeRun } from './execute-run.ts';
import { plainRun } from './fixtures/plain-run.ts';
import { untilAborted } from './until-aborted.ts';

type Phase = 'prepare' | 'advance' | 'readouts' | 'pack' | 'keep';
const phases: readonly Phase[] = ['prepare', 'advance', 'readouts', 'pack', 'keep'];

/** A machine that does nothing but write down what it was asked, and does `at[phase]` when it gets there. */
function fakeMachine(at: Partial<Record<Phase, (signals: readonly AbortSignal[]) => void | Promise<void>>> = {}): {
  readonly machine: BlockMachine;
  readonly calls: string[];
} {
  const calls: string[] = [];
  const machine: BlockMachine = {
    plan: { bytesPerRow: 1, rowsMax: 1, rowsPreferred: 1 },
    begin: (_run, { signals }): MachineRun => {
      calls.push('begin');
      const phase = async (name: Phase, call: string = name): Promise<void> => {
        calls.push(call);
        await at[name]?.(signals);
      };
      return {
        prepare: () => phase('prepare'),
        advance: async (first, last, onProgress) => {
          await phase('advance', `advance ${first}…${last}`);
          for (let t = first; t <= last; t++) onProgress(t);
        },
        pack: () => phase('pack').then((): Record<string, PackedSpins> => ({})),
        readouts: () => phase('readouts').then(() => []),
        keep: (last): KeptState => {
          calls.push('keep');
          at.keep?.(signals);
          return { block: 0, rows: 1, last, end: () => void calls.push('state ends') };
        },
        flips: 12,
        end: () => void calls.push('end'),
      };
    },
    end: () => {},
  };
  return { machine, calls };
}

/** One free bank, and one pinned bank where a test needs it. */
function blockOf(...banks: readonly Bank[]): Block {
  return {
    kind: 'block',
    id: 'block',
    index: 3,
    banks: [...banks, { id: 'y', role: 'free', shape: [3], color: 0 }],
    gains: [],
    couplings: [],
    biases: [],
    readouts: [],
    schedule: { sweeps: 4, burnIn: 0, stride: 1, chains: 1, colors: [0], init: 'random', beta: 1 },
    fixed: { fractionBits: 9, beta: 1 },
  };
}

function execute(
  machine: BlockMachine,
  run: Partial<DriverRun> = {},
  { signal = new AbortController().signal, block = blockOf() } = {},
) {
  const handle: StateHandle = { release: () => {} };
  const whole = plainRun({ block: 3, signal, ...run });
  return executeRun(whole, { block, machine, from: null, signals: [signal], handleFor: () => handle });
}

test('what a machine counts is in the result, its own time in place of this processor’s', async () => {
  const { machine } = fakeMachine();
  const counting = (counts: Omit<Counters, 'flips'>): BlockMachine => ({
    ...machine,
    begin: (run, o) => Object.assign(machine.begin(run, o), { counters: () => counts }),
  });
  const counts = { deviceNs: 77, cycles: { mac: 5, sample: 2 }, bytesIn: 64 };
  expect((await execute(counting(counts))).counters).toEqual({ flips: 12, ...counts });
  expect((await execute(counting({ bytesIn: 64 }))).counters).toEqual({ flips: 12, bytesIn: 64 });
  expect((await execute(machine)).counters).toEqual({ flips: 12, deviceNs: expect.any(Number) });
});

test('a run without a trace advances once, ends once, and its readouts come before what is kept', async () => {
  const { machine, calls } = fakeMachine();
  const done: number[] = [];
  const result = await execute(machine, { keep: 'device', onProgress: (t) => done.push(t) });
  expect(calls).toEqual(['begin', 'prepare', 'advance 1…4', 'readouts', 'pack', 'keep', 'end']);
  expect(done).toEqual([1, 2, 3, 4]);
  expect(result.counters.flips).toBe(12);
});

test('a run with a trace advances sweep by sweep and packs each', async () => {
  const { machine, calls } = fakeMachine();
  const seen: number[] = [];
  await execute(machine, { sweeps: 2, trace: (t) => void seen.push(t) });
  expect(calls).toEqual(['begin', 'prepare', 'pack', 'advance 1…1', 'pack', 'advance 2…2', 'pack', 'readouts', 'end']);
  expect(seen).toEqual([0, 1, 2]);
});

test('a trace has every bank in declared order, pinned ones with a row per image and chain', async () => {
  const { machine } = fakeMachine();
  const seen: (readonly (readonly [string, PackedSpins | undefined])[])[] = [];
  const pinned = [1, -1, 1, -1, -1, 1];
  await execute(
    machine,
    {
      images: Uint32Array.of(4, 9),
      chains: 2,
      sweeps: 1,
      inputs: { x: packSpins(pinned, 2, 3) },
      trace: (_, banks) => void seen.push(Object.entries(banks)),
    },
    { block: blockOf({ id: 'x', role: 'pinned', shape: [3], value: 'x' }) },
  );
  expect(seen.map((banks) => banks.map(([id]) => id))).toEqual([
    ['x', 'y'],
    ['x', 'y'],
  ]);
  const x = seen[0]?.[0]?.[1];
  if (x === undefined) throw new Error('the trace must have the pinned bank');
  expect([...unpackSpins(x)]).toEqual([1, -1, 1, 1, -1, 1, -1, -1, 1, -1, -1, 1]);
});

test.each(phases)('a run whose machine fails in %s rejects with that error and ends once', async (phase) => {
  const { machine, calls } = fakeMachine({
    [phase]: () => {
      throw new Error(`broken ${phase}`);
    },
  });
  await expect(execute(machine, { keep: 'device' })).rejects.toThrow(`broken ${phase}`);
  expect(calls.filter((call) => call === 'end')).toEqual(['end']);
  expect(calls.at(-1)).toBe('end');
});

test.each(['prepare', 'advance', 'readouts', 'pack'] as const)(
  'a run aborted during %s rejects with the reason and ends once, after the machine has come to rest',
  async (phase) => {
    const { machine, calls } = fakeMachine({
      [phase]: async (signals: readonly AbortSignal[]) => {
        try {
          await untilAborted(new Promise<void>(() => {}), signals);
        } finally {
          calls.push('at rest');
        }
      },
    });
    const controller = new AbortController();
    const reason = new Error('enough');
    const running = execute(machine, { keep: 'device' }, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 1);
    await expect(running).rejects.toBe(reason);
    expect(calls.slice(-2)).toEqual(['at rest', 'end']);
    expect(calls.filter((call) => call === 'end')).toEqual(['end']);
  },
);

test('a run whose trace listener or progress listener throws ends once', async () => {
  for (const listener of ['trace', 'onProgress'] as const) {
    const { machine, calls } = fakeMachine();
    const failing = execute(machine, {
      [listener]: () => {
        throw new Error('listener');
      },
    });
    await expect(failing).rejects.toThrow('listener');
    expect(calls.filter((call) => call === 'end')).toEqual(['end']);
  }
});

test('a run aborted before it begins asks the machine nothing', async () => {
  const { machine, calls } = fakeMachine();
  const reason = new Error('no');
  await expect(execute(machine, {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(calls).toEqual([]);
});
