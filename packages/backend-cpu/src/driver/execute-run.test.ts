import type { Block, DriverRun, PackedSpins, StateHandle } from '@isinglass/sdk';
import { expect, test } from 'vitest';
import { plainRun } from '../../test/drive.ts';
import { convolutionProgram } from '../../test/programs.ts';
import type { BlockMachine, KeptState, MachineRun } from './block-machine.ts';
import { executeRun } from './execute-run.ts';
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

function onlyBlock(): Block {
  const stage = convolutionProgram({ channels: 1, size: 4 }).json.stages[0];
  if (stage?.kind !== 'block') throw new Error('the first stage is the block');
  return stage;
}

function execute(machine: BlockMachine, run: Partial<DriverRun> = {}, signal = new AbortController().signal) {
  const handle: StateHandle = { release: () => {} };
  const whole = { ...plainRun({ block: 3, sweeps: 4 }), signal, ...run };
  return executeRun(whole, { block: onlyBlock(), machine, from: null, signals: [signal], handleFor: () => handle });
}

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
    const running = execute(machine, { keep: 'device' }, controller.signal);
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
  await expect(execute(machine, {}, AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(calls).toEqual([]);
});
