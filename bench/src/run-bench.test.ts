import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { targetNamed } from './measure/pass-request.ts';
import { rowOfPass } from './rows/bench-row.ts';
import type { Peer } from './rows/peer.ts';
import { type BenchPlan, runBench } from './run-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Says when it is asked what; each of its passes takes `seconds`. */
function peer(name: string, seconds: number, said: string[]): Peer {
  return {
    name,
    available: async () => true,
    async rowsFor(file, workload, { threads, quick, check }) {
      said.push(`${name} ${file.slice(folder.length)} ${threads} ${quick} ${check} ${workload.updatesPerSweep}`);
      if (seconds === 0) throw new Error('out of order');
      return [
        rowOfPass({
          workload,
          implementation: `${name} 1.0`,
          variant: 'plain',
          threads,
          seconds: [seconds],
          sweeps: 1,
          checkEnergyPerSpin: null,
          cpuShare: null,
        }),
      ];
    },
  };
}

const plan = (o: Partial<BenchPlan>): BenchPlan => ({
  targets: [targetNamed('W4')],
  variants: ['standard'],
  threads: [1],
  size: 'quick',
  device: 'cpu:scalar',
  repeat: 2,
  peers: [],
  folder,
  signal: new AbortController().signal,
  onProgress: () => {},
  onSetUp: () => {},
  ...o,
});

describe('a run of the bench', () => {
  it('gives every implementation its turn in every pass, and asks for the energy in the first', async () => {
    const said: string[] = [];
    const notes: string[] = [];
    const { rows, failures } = await runBench(
      plan({
        peers: [peer('one', 2, said), peer('two', 1, said)],
        onProgress: (done, total, note) => notes.push(`${done}/${total} ${note}`),
      }),
    );
    expect(notes).toEqual([
      '0/6 W4 standard',
      '1/6 W4 one',
      '2/6 W4 two',
      '3/6 W4 standard',
      '4/6 W4 one',
      '5/6 W4 two',
      '6/6 done',
    ]);
    expect(said).toEqual([
      'one /quick/W4.bin 1 true true 1024',
      'two /quick/W4.bin 1 true true 1024',
      'one /quick/W4.bin 1 true false 1024',
      'two /quick/W4.bin 1 true false 1024',
    ]);
    expect(rows.map(({ implementation, passes }) => [implementation, passes])).toEqual([
      ['isinglass cpu:scalar', 2],
      ['one 1.0', 2],
      ['two 1.0', 2],
    ]);
    expect(failures).toEqual([]);
  });

  it('goes on without a peer that is missing or fails, and says why', async () => {
    const said: string[] = [];
    const missing: Peer = { ...peer('missing', 1, said), available: async () => 'no compiler' };
    const { rows, failures } = await runBench(
      plan({ peers: [missing, peer('broken', 0, said), peer('good', 1, said)] }),
    );
    expect(rows.map(({ implementation }) => implementation)).toEqual(['isinglass cpu:scalar', 'good 1.0']);
    expect(failures).toEqual([
      { workload: null, implementation: 'missing', peer: true, message: 'no compiler' },
      { workload: 'W4', implementation: 'broken', peer: true, message: 'out of order' },
    ]);
    // Asked once: what failed is not tried again.
    expect(said.filter((line) => line.startsWith('broken'))).toHaveLength(1);
  });

  it('says when a device cannot hold a program, and goes on with what it can', async () => {
    const targets = [targetNamed('W1'), targetNamed('W4')];
    const { rows, failures } = await runBench(plan({ targets, device: 'cpu:scalar?memoryMiB=1', repeat: 1 }));
    expect(failures.map(({ workload, peer: isPeer }) => [workload, isPeer])).toEqual([['W1', false]]);
    expect(failures[0]?.message).toMatch(/MiB|bytes/);
    expect(rows.map(({ workload }) => workload)).toEqual(['W4']);
  });

  it('refuses variants that nothing has', async () => {
    await expect(runBench(plan({ variants: ['baseline'] }))).rejects.toThrow(/variant baseline on cpu:scalar/);
  });

  it('ends with the reason of an abort', async () => {
    const interrupt = new AbortController();
    const running = runBench(
      plan({
        repeat: 100,
        signal: interrupt.signal,
        onProgress: (done) => done === 1 && interrupt.abort(new Error('enough')),
      }),
    );
    await expect(running).rejects.toThrow('enough');
  });
});
