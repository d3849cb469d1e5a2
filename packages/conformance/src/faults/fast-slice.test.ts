/**
 * The fast slice of the kill matrix: each fault that `quick` must find, once, against the first check that it names, with seed 1. The checks find
 * these faults with probability 0.999 or more, most of them with certainty: under fresh seeds one of the hundred would be missed in less than one
 * run of ten; with the seed fixed, a miss is a change of a check or a fault. The healthy device passes the same checks.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../checks/catalogue.ts';
import { faults } from './catalogue.ts';
import { type MatrixCell, runMutants } from './kill-matrix.ts';
import { planted } from './planted/planted.ts';
import { levelOf } from './planted-fault.ts';

const seed = 1n;
const quickFaults = faults.filter((fault) => levelOf(fault) === 'quick');
const firstChecks = [...new Set(quickFaults.map(({ killedBy }) => killedBy.quick?.[0] ?? ''))];

/** The test runner ends a run at a rejection that nobody handles; here such rejections are planted, and the suite must take them. */
const listeners = process.listeners('unhandledRejection');
beforeAll(() => void process.removeAllListeners('unhandledRejection'));
afterAll(() => listeners.forEach((listener) => void process.on('unhandledRejection', listener)));

async function only(id: string): Promise<MatrixCell> {
  const { cells } = await runMutants({
    faults: faults.filter((fault) => fault.id === id),
    level: 'quick',
    seed,
    fast: true,
  });
  return cells[0] as MatrixCell;
}

describe('quick finds', () => {
  it.each(quickFaults.map(({ id, title }) => [id, title]))(
    '%s: %s',
    async (id) => {
      const cell = await only(id);
      expect(cell).toMatchObject({ kills: 1, runs: 1, named: true });
    },
    60_000,
  );
});

it.each(firstChecks)(
  '%s passes the device without a fault',
  async (check) => {
    const healthy = planted({
      id: 'healthy',
      title: '',
      effect: 'none',
      killedBy: { quick: [check] },
      blind: [],
      make: [],
    });
    const { cells } = await runMutants({ faults: [healthy], checks: catalogue, level: 'quick', seed, fast: true });
    expect(cells).toMatchObject([{ case: expect.stringContaining(check), kills: 0, runs: 1, without: 0 }]);
  },
  60_000,
);
