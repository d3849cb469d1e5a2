/** What faults of the network do: equal, to the bit, to a true machine with another program. */
import { describe, expect, test } from 'vitest';
import type { BlockLaw } from '../oracle/block-law.ts';
import { FaultyMachine } from './faulty-machine.ts';
import { faulty, follows, type History, historyOf, probe, programOf, trueLaw, truth } from './fixtures/pinned-ring.ts';

describe('edges, couplings and fields', () => {
  test('every dropped edge is a program without it', async () => {
    const without = await Promise.all(
      probe.edges.map((_, n) => truth({ edges: probe.edges.filter((_, other) => other !== n) })),
    );
    const found = await Promise.all(probe.edges.map((_, edge) => faulty({ kind: 'edge', change: 'dropped', edge })));
    const keys = (histories: readonly History[]): Set<string> =>
      new Set(histories.map((history) => JSON.stringify(history)));
    expect(keys(found)).toEqual(keys(without));
    expect(keys(found).size).toBe(6);
  });

  test('a one-way edge is read by one of its spins only', async () => {
    const history = await faulty({ kind: 'edge', change: 'one-way', edge: 0 });
    expect(follows(history, (_, other, now) => now[other] as number)).toBe(false);
    const pairs = [2, 3, 4].flatMap((a) => [5, 6, 7].map((b) => [a, b] as const));
    expect(pairs.filter(([a, b]) => isDeaf(history, a, b)).length).toBe(1);
  });

  test('an added edge is a program with one more', async () => {
    // Spin 0 of one color and its stranger of the other, by flat number 2 and 6: probe spins 0 and 3.
    const more = await truth({ edges: [...probe.edges, { a: 0, b: 3, w: 16 }] });
    expect(await faulty({ kind: 'edge', change: 'added', edge: 0, strength: 0.5 })).toEqual(more);
  });

  test('couplings doubled', async () => {
    const doubled = {
      edges: probe.edges.map((edge) => ({ ...edge, w: 2 * edge.w })),
      pinnedEdges: probe.pinnedEdges.map((edge) => ({ ...edge, w: 2 * edge.w })),
    };
    expect(await faulty({ kind: 'coupling', change: 'scaled', factor: 2 })).toEqual(await truth(doubled));
  });

  test('couplings rounded toward zero, down and to the nearest', async () => {
    const rules = { zero: Math.trunc, floor: Math.floor, nearest: Math.round } as const;
    for (const [toward, rule] of Object.entries(rules) as [keyof typeof rules, (x: number) => number][]) {
      const round = <E extends { w: number }>(edges: readonly E[]): E[] =>
        edges.map((edge) => ({ ...edge, w: 4 * rule(edge.w / 4) }));
      const program = { edges: round(probe.edges), pinnedEdges: round(probe.pinnedEdges) };
      expect(await faulty({ kind: 'coupling', change: 'rounded', step: 1 / 8, toward }), toward).toEqual(
        await truth(program),
      );
    }
  });

  test('fields: one sign, all ignored, doubled, rounded, offset', async () => {
    const withFields = (change: (h: number, n: number) => number) => truth({ fields: probe.fields.map(change) });
    expect(await faulty({ kind: 'field', change: 'ignored' })).toEqual(await withFields(() => 0));
    expect(await faulty({ kind: 'field', change: 'scaled', factor: 2 })).toEqual(await withFields((h) => 2 * h));
    const halves = await withFields((h) => Math.trunc(2 * h) / 2);
    expect(await faulty({ kind: 'field', change: 'rounded', step: 0.5, toward: 'zero' })).toEqual(halves);
    expect(await faulty({ kind: 'field', change: 'offset', by: 0.25 })).toEqual(await withFields((h) => h + 0.25));
    // Free spins in declared order: probe spins 0 2 4, then 1 3 5.
    const flipped = await withFields((h, n) => (n === 1 ? -h : h));
    expect(await faulty({ kind: 'field', change: 'sign', spin: 3 })).toEqual(flipped);
    expect(await faulty({ kind: 'field', change: 'sign', spin: 9 })).toEqual(flipped);
    const moved = await withFields((h, n) => (n === 4 ? h - 0.5 : h));
    expect(await faulty({ kind: 'field', change: 'offset', by: -0.5, spin: 2 })).toEqual(moved);
  });

  test('a strong self-coupling keeps every spin as it started', async () => {
    const history = await faulty({ kind: 'self-coupling', strength: 12 });
    expect(history.at(-1)).toEqual(history[0]);
    expect(await faulty({ kind: 'self-coupling', strength: 0 })).toEqual(await truth());
  });

  test('a pinned spin that lends its bias is a field on its neighbours', async () => {
    const program = programOf({ pinnedFields: [0.5, -0.25] });
    expect(await historyOf(new FaultyMachine(), program)).toEqual(await truth());
    const lent = await historyOf(new FaultyMachine({ faults: [{ kind: 'pin', change: 'lends-bias' }] }), program);
    const fields = probe.fields.map((h, n) => h + (n === 0 ? 0.5 : n === 3 ? -0.25 : 0));
    expect(lent).toEqual(await truth({ fields }));
  });
});

/** Whether every update of flat spin `a` is one of a program without its edge to `b`. */
function isDeaf(history: History, a: number, b: number): boolean {
  // J of flat spins 2 + i and 5 + j, probe spins 2i and 2j + 1.
  const [i, j] = [2 * (a - 2), 2 * (b - 5) + 1];
  const edges = probe.edges.filter((edge) => !(edge.a === i && edge.b === j) && !(edge.a === j && edge.b === i));
  if (edges.length === probe.edges.length) return false;
  const [whole, cut] = [trueLaw(), trueLaw({ edges })];
  const law: BlockLaw = { ...whole, up: (spin, states, t) => (spin === a ? cut : whole).up(spin, states, t) };
  return follows(history, (_, other, now) => now[other] as number, law);
}
