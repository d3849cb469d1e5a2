import { describe, expect, it } from 'vitest';
import { oneBlockModel } from '../../test/support/imported-model.ts';
import { randomBlockModel } from '../../test/support/random-block-model.ts';
import { compileImported } from '../compile-imported.ts';
import { formatReport } from './format-report.ts';

const model = oneBlockModel(
  randomBlockModel({
    seed: 5,
    kind: 'conv',
    rank: 2,
    groups: 1,
    channels: [1, 2, 1],
    size: [4, 4],
    kernel: [3, 3],
    stride: [1, 1],
    dilation: [1, 1],
    padBegin: [1, 1],
    padEnd: [1, 1],
    skip: 'identity',
    bias: false,
    shift: 'channel',
  }),
);

describe('the report', () => {
  it('counts spins, couplings and multiply-adds, and says where every node went', async () => {
    const { report } = await compileImported(model, { weightBits: 8 });
    const [block] = report.stages;
    if (block?.kind !== 'block') throw new Error('a block is reported');
    // 3×3, padded 1, on 4×4: 10 of 12 taps per axis are in bounds, (4 + 3 + 3) = 10 pairs of (output, tap).
    expect(block.counts).toEqual({ nominal: 2 * 144 + 2 * 144 + 16, actual: 2 * 100 + 2 * 100 + 16, free: 200 });
    expect(block.couplings.map((c) => [c.id, c.form, c.degreeMax.to])).toEqual([
      ['k1', 'conv 3×3, pad 1', 9],
      ['k2', 'conv 3×3, pad 1', 18],
      ['k3', 'diagonal', 1],
    ]);
    expect(report.totals).toMatchObject({ freeSpins: 48, pinnedSpins: 16, weights: 18 + 18 + 16 });
    expect(report.totals.multiplyAdds).toEqual({ model: 1000, host: 0, offloadedShare: 1 });
    expect(report.nodes.map((n) => [n.node, n.reason])).toEqual([
      ['in', 'folded into k1, k3'],
      ['K1', 'folded into k1'],
      ['hidden', 'folded into k1'],
      ['Tanh', 'what the spins of the block do'],
      ['mid', 'folded into k2'],
      ['K2', 'folded into k2'],
      ['K3', 'what the spins of the block do'],
      ['output', 'folded into k2, k3'],
      ['Sign', 'what the spins of the block do'],
    ]);
    expect(report.passes.map((pass) => `${pass.name}@${pass.version}`)).toEqual([
      'fold-affine@1',
      'scale-delta@1',
      'quantize@1',
      'drop-zero-couplings@1',
      'color-bipartite@1',
      'schedule@1',
      'emit@1',
      'check-fixed-law@1',
      'verify@1',
    ]);
  });

  it('gives δ its cost in bits on a device with one unit for all couplings', async () => {
    const bits = async (delta: number) => {
      const { report } = await compileImported(model, { delta });
      const [block] = report.stages;
      return block?.kind === 'block' ? block.couplings.map((c) => c.rounding?.effectiveBits ?? 0) : [];
    };
    const [one, small] = [await bits(1), await bits(1 / 16)];
    // The strongest coupling keeps all levels: log2(2·63 + 1) bits.
    expect(Math.max(...one)).toBeCloseTo(Math.log2(127), 10);
    // δ = 1/16 costs k2 four bits against k1, less what log2(2·levels + 1) keeps of the last half level.
    const lost = (one[1] as number) - (small[1] as number) - ((one[0] as number) - (small[0] as number));
    expect(lost).toBeGreaterThan(3);
    expect(lost).toBeLessThanOrEqual(4);
  });

  it('reads as a table', async () => {
    const { report } = await compileImported(model, { weightBits: 5, delta: 1.5 });
    const timed = {
      ...report,
      programHash: '(hash)',
      passes: report.passes.slice(0, 3).map((pass) => ({ ...pass, ms: 1 })),
    };
    expect(`\n${formatReport(timed)}`).toMatchInlineSnapshot(`
      "
      one-block: fixed law, 5 bits, fields in units of 2^−9
        program        (hash)
        model          test, opset 17
        spins          48 free, 16 pinned
        couplings      416 (200 between free spins; 592 with those on padding)
        stored         52 weights, 27 biases
        multiply-adds  1000 per image, 100 % offloaded

      Stages
        stage   kind   nodes                                  what
        block1  block      9  1×4×4 → 2×4×4 → 1×4×4, 416 couplings

      Block block1 (index 0)
        coupling  joins    form             gain   couplings  free  nominal  degree
        k1        s0 → s1  conv 3×3, pad 1  one          200     0      288      17
        k2        s1 → s2  conv 3×3, pad 1  delta        200   200      288      17
        k3        s0 → s2  diagonal         delta         16     0       16       1
        rounding  weights  bits     scale  SQNR     clipped  became 0  bits at one unit
        k1             18     5  0.002508  27.3 dB      0 %    5.56 %               0.3
        k2             18     5    0.2627  28.2 dB      0 %    5.56 %               5.0
        k3             16     5   0.01268  exact        0 %       0 %               0.1
        bias of  form    gain   values  why
        s1       border  one        18  K1·d_in + the shift after K1; K1·d_in differs where zero padding is reached
        s2       border  delta       9  K2·d_mid + the shift after K2 + K3·d_in + the shift after K3; K2·d_mid differs where zero padding is reached
        s1: fields up to 13.14 k units, within 3.3e-3 of the real law with these weights
        s2: fields up to 20.41 k units, within 3.5e-3 of the real law with these weights
        delta 1.5; 187 sweeps, the first 46 discarded, 141 kept, 1 chain, random start, spin-sum

      Passes
        pass            ms  non-zero weights    bits  biases  degree
        fold-affine@1  1.0                52      64      27
        scale-delta@1  1.0
        quantize@1     1.0           52 → 50  64 → 5      27

      Findings
        warning [delta-above-one] block1: δ is 1.5: above 1 the output layer acts back on the hidden layer more than the model does; choose δ ≤ 1; small δ comes closer to the feed-forward network and needs more sweeps
      "
    `);
  });

  it('does not call rounding exact where values vanished beside huge ones', async () => {
    const { report } = await compileImported(model, { weightBits: 8 });
    const shown = (changes: { readonly sqnrDb: null; readonly clippedShare: number; readonly vanishedShare: number }) =>
      formatReport({
        ...report,
        stages: report.stages.map((stage) =>
          stage.kind !== 'block'
            ? stage
            : {
                ...stage,
                couplings: stage.couplings.map((c) => ({
                  ...c,
                  rounding: c.rounding && { ...c.rounding, ...changes },
                })),
              },
        ),
      });
    expect(shown({ sqnrDb: null, clippedShare: 0, vanishedShare: 0.25 })).toContain('> 240 dB');
    const lossless = shown({ sqnrDb: null, clippedShare: 0, vanishedShare: 0 });
    expect(lossless).toContain('exact');
    expect(lossless).not.toContain('240 dB');
  });
});
