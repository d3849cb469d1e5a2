import { expect, test } from 'vitest';
import { arithmeticVectors } from '../../test/oracle-vectors.ts';
import type { Schedule } from '../program/program-json.ts';
import { fullTemperature, referenceBeta, scheduleTemperatures, temper } from './temperature.ts';

const vectors = arithmeticVectors();

function schedule(beta: Schedule['beta']): Schedule {
  return { sweeps: 1, burnIn: 0, stride: 1, chains: 1, colors: [0], init: 'random', beta };
}

test('tempered fields are those of the oracle', () => {
  expect(vectors.temperColumns).toEqual(['u', 'b', 'result']);
  expect(vectors.temper.map(([u, b]) => [u, b, temper(u, b)])).toEqual(vectors.temper);
});

test('the full temperature changes no field', () => {
  for (const u of [0, 1, -1, 4096, -4097, 2 ** 26 - 1, 1 - 2 ** 26]) expect(temper(u, fullTemperature)).toBe(u);
});

test('b_t of a step is the oracle’s', () => {
  expect(vectors.temperatures.length).toBeGreaterThan(3);
  for (const { beta, at, b_t } of vectors.temperatures) {
    // A list whose largest entry is `beta`; sweep 1 has β_t = `at`.
    const steps = [
      { sweep: 1, beta: at },
      { sweep: 2, beta },
    ];
    expect([...(scheduleTemperatures(schedule(steps), 2) ?? [])]).toEqual([b_t, 65536]);
  }
});

test('each step acts from the sweep that it names', () => {
  const steps = [
    { sweep: 1, beta: 0 },
    { sweep: 3, beta: 1 },
    { sweep: 4, beta: 2 },
  ];
  expect([...(scheduleTemperatures(schedule(steps), 6) ?? [])]).toEqual([0, 0, 32768, 65536, 65536, 65536]);
  expect([...(scheduleTemperatures(schedule(steps), 2) ?? [])]).toEqual([0, 0]);
  expect(referenceBeta(schedule(steps))).toBe(2);
});

test('a constant schedule needs no temperatures', () => {
  expect(scheduleTemperatures(schedule(0.7), 5)).toBeNull();
  expect(referenceBeta(schedule(0.7))).toBe(0.7);
});
