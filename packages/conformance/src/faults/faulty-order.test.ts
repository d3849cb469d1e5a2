/** What faults of the order and of time do: equal, to the bit, to the law applied by hand. */
import { createProgram } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { FixedMachine } from '../oracle/fixed-machine.ts';
import { FaultyMachine } from './faulty-machine.ts';
import { faulty, follows, historyOf, isFree, programOf, truth } from './fixtures/pinned-ring.ts';
import type { SamplerFault } from './sampler-fault.ts';

describe('the order of updates', () => {
  test('simultaneous updates read the state before the sweep', async () => {
    const history = await faulty({ kind: 'order', order: 'simultaneous' });
    expect(follows(history, (_, other, now, before) => (isFree(other) ? before : now)[other] as number)).toBe(true);
  });

  test('one stale neighbour is one such link', async () => {
    const history = await faulty({ kind: 'stale-neighbour', link: 4 });
    const links = [5, 6, 7].flatMap((spin) => [2, 3, 4].map((other) => [spin, other] as const));
    const stale = links.filter(([reader, read]) =>
      follows(
        history,
        (spin, other, now, before) => (spin === reader && other === read ? before : now)[other] as number,
      ),
    );
    expect(stale.length).toBe(1);
  });

  test('reversed colors are a program with its colors reversed', async () => {
    const { json, tensors } = programOf();
    const stages = json.stages.map((stage) =>
      stage.kind === 'block'
        ? { ...stage, schedule: { ...stage.schedule, colors: stage.schedule.colors.toReversed() } }
        : stage,
    );
    const reversed = createProgram({ ...json, stages }, tensors);
    expect(await faulty({ kind: 'order', order: 'reversed' })).toEqual(await historyOf(new FixedMachine(), reversed));
  });

  test('a skipped color stays as it is in every second sweep', async () => {
    const history = await faulty({ kind: 'order', order: 'skip-color', color: 1, period: 2 });
    const changes = history
      .slice(1)
      .map((rows, t) => rows.some((state, row) => [5, 6, 7].some((spin) => state[spin] !== history[t]?.[row]?.[spin])));
    expect(changes).toEqual(changes.map((_, t) => (t + 1) % 2 !== 0));
  });

  // Null: a coin stays as it is with probability 1/2 where every sweep updates it, and with 1/2 + (5/6)^6/2 = 0.667 where six updates fall on
  // six coins at random. Statistic: the share of coins that stay, in 12000 independent sweeps of six. By Hoeffding it is off by 0.03 with
  // probability at most 2·exp(−2·12000·0.03²) = 8e-10. Seeds are fixed.
  test('random scan leaves out a third of the spins', async () => {
    const coins = programOf({ edges: [], pinnedEdges: [], fields: [0, 0, 0, 0, 0, 0] });
    const stays = async (faults: SamplerFault[]): Promise<number> => {
      const history = await historyOf(new FaultyMachine({ faults }), coins, { sweeps: 300 });
      const same = history
        .slice(1)
        .flatMap((rows, t) =>
          rows.flatMap((state, row) =>
            [2, 3, 4, 5, 6, 7].map((spin) => Number(state[spin] === history[t]?.[row]?.[spin])),
          ),
        );
      return same.reduce((sum, value) => sum + value, 0) / same.length;
    };
    expect(Math.abs((await stays([])) - 0.5)).toBeLessThan(0.03);
    expect(Math.abs((await stays([{ kind: 'order', order: 'random-scan' }])) - (0.5 + (5 / 6) ** 6 / 2))).toBeLessThan(
      0.02,
    );
  });

  test('a frozen spin keeps its start, or its value', async () => {
    const kept = await faulty({ kind: 'frozen', spin: 3 });
    for (const rows of kept) for (const [row, state] of rows.entries()) expect(state[5]).toBe(kept[0]?.[row]?.[5]);
    const stuck = await faulty({ kind: 'frozen', spin: 3, at: -1 });
    for (const rows of stuck) for (const state of rows) expect(state[5]).toBe(-1);
    expect(stuck.at(-1)?.some((state, row) => state[2] !== stuck[0]?.[row]?.[2])).toBe(true);
  });
});

describe('pins and temperatures', () => {
  test('released pins move after the first sweep, leaking ones are read the other way', async () => {
    const released = await faulty({ kind: 'pin', change: 'released' });
    const truthful = await truth();
    expect(released[0]).toEqual(truthful[0]);
    expect(released.at(-1)?.some((state, row) => state[0] !== truthful[0]?.[row]?.[0])).toBe(true);
    const leak = await faulty({ kind: 'pin', change: 'leak', probability: 1 });
    expect(follows(leak, (_, other, now) => (isFree(other) ? 1 : -1) * (now[other] as number))).toBe(true);
    expect(await faulty({ kind: 'pin', change: 'leak', probability: 0 })).toEqual(truthful);
  });

  test('ignored temperatures are a run without them', async () => {
    const cold = { temperatures: new Uint32Array(12).fill(20000) };
    const machine = new FaultyMachine({ faults: [{ kind: 'temperature-ignored' }] });
    expect(await historyOf(machine, programOf(), cold)).toEqual(await truth());
    expect(await historyOf(new FaultyMachine(), programOf(), cold)).not.toEqual(await truth());
  });
});

describe('drift', () => {
  test('of β goes by the updates since the machine was opened, over all runs', async () => {
    // 40 rows of 6 updates make 2880 in 12 sweeps: by the second run β is 1 + 347.2·0.00288 = 2 and grows further.
    const machine = new FaultyMachine({ faults: [{ kind: 'drift', of: 'beta', perMillionUpdates: 347.2 }] });
    const first = await historyOf(machine, programOf());
    const second = await historyOf(machine, programOf());
    expect(first[0]).toEqual((await truth())[0]);
    expect(second).not.toEqual(first);
    const fresh = new FaultyMachine({ faults: [{ kind: 'drift', of: 'beta', perMillionUpdates: 347.2 }] });
    expect(await historyOf(fresh, programOf())).toEqual(first);
  });

  test('of one field ends with that spin always up', async () => {
    const machine = new FaultyMachine({ faults: [{ kind: 'drift', of: 'field', spin: 0, perMillionUpdates: 20_000 }] });
    await historyOf(machine, programOf());
    const later = await historyOf(machine, programOf());
    expect(later.slice(1).every((rows) => rows.every((state) => state[2] === 1))).toBe(true);
    expect(later.slice(1).some((rows) => rows.some((state) => state[3] === -1))).toBe(true);
  });
});
