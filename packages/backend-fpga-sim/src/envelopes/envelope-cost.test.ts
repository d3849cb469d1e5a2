import { expect, test } from 'vitest';
import { envelopeOf } from './all-envelopes.ts';
import type { Envelope } from './envelope.ts';
import { envelopeCost } from './envelope-cost.ts';

const named = (id: string): Envelope => envelopeOf(`fpga-sim:${id}`) as Envelope;
const work = { work: { updates: 1000, synapticOperations: 4000 }, spins: 100, sweeps: 10, reads: 2 } as const;

test('a machine of which no time is published has none', () => {
  expect(envelopeCost(named('ntt-cim-100k'), work)).toMatchObject({
    seconds: 'unstated',
    joules: 'unstated',
    readSeconds: 'unstated',
    samplingSeconds: 'unstated',
  });
});

test('no thermodynamic vendor publishes standby power: the sum of joules is unstated, its terms are not', () => {
  const cost = envelopeCost(named('extropic-z1'), work);
  expect(cost.joules).toBe('unstated');
  expect(cost.lacking).toEqual(['energy.staticWatts']);
  expect(cost.joulesByTerm).toMatchObject({ update: 1000 * 7.09e-15, synapticOperation: 0, read: 200 * 1.692e-12 });
  expect(cost.readSeconds).toBeCloseTo(50e-6, 12);
});

test('where everything is published joules are a number, with the grade of the weakest', () => {
  const cost = envelopeCost(named('dsim-1'), work);
  expect(cost.joules).toBeCloseTo((165 * 1000) / 2.53e12, 15);
  expect(cost.grade).toBe('estimate');
});

test('time by formula carries the evidence of its numbers', () => {
  const cost = envelopeCost(named('dwave-advantage2'), work);
  expect(cost.evidence.map(({ path }) => path)).toContain('time.readoutUs');
  expect(cost.samplingSeconds).toBeCloseTo(2 * (20 + 101 + 60.6) * 1e-6, 12);
});
