import { describe, expect, it } from 'vitest';
import { type PassRequest, timings } from './pass-request.ts';
import { runPass } from './run-pass.ts';

const request: PassRequest = {
  target: 'C6',
  size: 'quick',
  workloadFile: null,
  uri: 'cpu:scalar',
  threads: 1,
  variant: { simd: null, weightBits: 7, rows: 2, observable: 'conditional-sum' },
  check: true,
  timing: timings.quick,
};
const never = new AbortController().signal;

describe('a pass in a process of its own', () => {
  it('gives a row', async () => {
    const row = await runPass(request, never);
    expect(row).toMatchObject({ workload: 'C6', variant: '2rows-conditional', passes: 1, checkEnergyPerSpin: null });
    expect(row.device).toMatchObject({ rows: 2, weightBits: 7 });
    expect(row.device?.msPerRowSweep).toBeGreaterThan(0);
  });

  it('rejects with the error of the device, its code kept', async () => {
    const refused = runPass({ ...request, uri: 'cpu:abacus' }, never);
    await expect(refused).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(/^C6 .*abacus/),
    });
  });

  it('ends its process on an abort, and rejects with the reason', async () => {
    const timing = { ...timings.quick, warmUpMs: 600_000 };
    const abort = new AbortController();
    const running = runPass({ ...request, timing }, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 200);
    await expect(running).rejects.toThrow('enough');
    await expect(runPass(request, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });
});
