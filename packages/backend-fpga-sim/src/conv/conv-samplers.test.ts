/** Samplers against the rule written out: which spins draw together, and what a spin becomes of its number. */
import { Dice } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import type { LaneGenerators } from '../generators/lane-generators.ts';
import { MachineCounters } from '../host/machine-counters.ts';
import { lookUp } from '../lane/lane-table.ts';
import { resolveParameters } from '../parameters/resolve-parameters.ts';
import { ConvMemories } from './conv-memories.ts';
import { header } from './conv-memory-map.ts';
import { ConvSamplers } from './conv-samplers.ts';
import type { ScheduledTile } from './conv-schedule.ts';

/** Numbers that a test chooses, and the spins that asked for them. */
class GivenNumbers implements LaneGenerators {
  readonly stateWords = 0;
  readonly asked: number[][] = [];
  next: (spin: number) => number = () => 0;

  draw(out: Uint16Array, spinIndices: Uint32Array): void {
    this.asked.push([...spinIndices.subarray(0, out.length)]);
    for (let lane = 0; lane < out.length; lane++) out[lane] = this.next(spinIndices[lane] as number);
  }

  seed(): void {}
  save(): Uint32Array {
    return new Uint32Array();
  }
  restore(): void {}
}

function samplersOf(o: { samplers: number; pixels: number; counterBits: number }) {
  const { parameters } = resolveParameters('conv-s', { spins: 1024 });
  if (parameters.engine !== 'conv') throw new TypeError('conv-s is a convolution engine');
  const memories = new ConvMemories(parameters);
  const generators = new GivenNumbers();
  const counters = new MachineCounters();
  return { memories, generators, counters, samplers: new ConvSamplers({ memories, generators, counters, ...o }) };
}

const tile: ScheduledTile = { number: 0, site: 32, spinIndex: 500, channels: 3, pixels: 7, terms: [] };
const plainSweep = { sweep: 1, temperature: null, retained: false, conditionalSums: false, clearSums: false };

test('pixels are sampled in groups of S, of a group channel after channel, Q spins a draw; a draw ends with its group', () => {
  const { generators, samplers } = samplersOf({ samplers: 4, pixels: 3, counterBits: 32 });
  samplers.update(tile, new Int32Array(21), plainSweep);
  const firsts = [0, 3, 6].map((first) => Array.from({ length: Math.min(3, 7 - first) }, (_, n) => first + n));
  const groups = firsts.map((pixels) => [0, 1, 2].flatMap((channel) => pixels.map((p) => 500 + 7 * channel + p)));
  const draws = groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / 4) }, (_, n) => group.slice(4 * n, 4 * n + 4)),
  );
  expect(generators.asked.map((spins, n) => spins.slice(0, draws[n]?.length))).toEqual(draws);
  expect(generators.asked.every((spins) => spins.length === 4)).toBe(true);
});

test('a spin is +1 where its number is below the threshold of its field, not where it is equal; sums keep their bits', () => {
  const counterBits = 13;
  const { memories, generators, counters, samplers } = samplersOf({ samplers: 5, pixels: 7, counterBits });
  const dice = new Dice(1, 5);
  const seen = { below: 0, equal: 0, above: 0, wrapped: 0 };
  for (let round = 0; round < 400; round++) {
    const entries = dice.integer(1, 40);
    const shift = dice.integer(0, 4);
    const table = Uint32Array.from({ length: entries }, () => dice.pick([0, 65536, dice.integer(1, 65535)]));
    memories.write('table', 0, table);
    memories.header[header.tableShift] = shift;
    memories.header[header.tableLast] = entries - 1;
    const temperature = dice.pick([null, 65536, dice.integer(0, 65536)]);
    const [retained, conditionalSums, clearSums] = [dice.chance(0.7), dice.chance(0.5), dice.chance(0.2)];
    const added = Int32Array.from({ length: 21 }, () => dice.integer(-500, 500));
    const fields = Array.from({ length: 21 }, (_, n) => {
      memories.fields[32 + n] = dice.pick([0, dice.integer(-300, 300), -(2 ** 31) + 600]);
      const sum = (memories.fields[32 + n] as number) + (added[n] as number);
      return temperature === null ? sum : Math.floor((sum * temperature + 32768) / 65536);
    });
    const thresholds = fields.map((field) => lookUp(table, shift, entries - 1, field));
    const numbers = thresholds.map((T) => Math.max(0, Math.min(65535, T + dice.integer(-1, 1))));
    generators.next = (spin) => numbers[spin - 500] ?? 0;
    const before = {
      states: memories.states.slice(32, 53),
      sums: memories.sums.slice(32, 53),
      conditional: memories.conditionalSums.slice(32, 53),
      flips: counters.flips,
      updates: counters.updates,
    };
    // What a register of 13 bits holds, near its ends.
    if (dice.chance(0.3)) before.sums.fill(dice.pick([4095, -4096]));
    memories.sums.set(before.sums, 32);
    samplers.update(tile, added, { sweep: round, temperature, retained, conditionalSums, clearSums });
    const states = numbers.map((r, n) => (r < (thresholds[n] as number) ? 1 : -1));
    expect([...memories.states.slice(32, 53)]).toEqual(states);
    expect(counters.flips - before.flips).toBe(states.filter((state, n) => state !== before.states[n]).length);
    expect(counters.updates - before.updates).toBe(21);
    for (const [n, state] of states.entries()) {
      const sum = (clearSums ? 0 : (before.sums[n] as number)) + (retained ? state : 0);
      const wrapped = ((sum + 4096 + 8192) % 8192) - 4096;
      expect(memories.sums[32 + n]).toBe(wrapped);
      const mean = retained && conditionalSums ? 2 * (thresholds[n] as number) - 65536 : 0;
      expect(memories.conditionalSums[32 + n]).toBe((clearSums ? 0 : (before.conditional[n] as number)) + mean);
      const difference = (numbers[n] as number) - (thresholds[n] as number);
      seen[difference < 0 ? 'below' : difference === 0 ? 'equal' : 'above']++;
      if (wrapped !== sum) seen.wrapped++;
    }
  }
  expect(Object.values(seen).every((count) => count > 100)).toBe(true);
});
