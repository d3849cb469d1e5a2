/** The MNIST model that the project ships, as its card describes it. */
import { readFileSync } from 'node:fs';
import { readProgram, writeProgram } from '@isinglass/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CompileResult, compile } from '../src/index.ts';

const folder = new URL('../../../models/mnist-1block/', import.meta.url);
const model = new Uint8Array(readFileSync(new URL('mnist-1block.onnx', folder)));

describe('the shipped MNIST model', () => {
  let result: CompileResult;
  beforeAll(async () => {
    result = await compile(model, { name: 'mnist', input: { dtype: 'u8', mean: 0.1307, std: 0.3081 } });
  });

  it('is one block between an encoder and a decoder, which takes bytes and gives ten logits', () => {
    const { program, report } = result;
    expect(report.stages.map((stage) => stage.kind)).toEqual(['host', 'block', 'host']);
    expect(program.json.inputs).toEqual([{ name: 'image', dtype: 'u8', shape: ['batch', 1, 28, 28] }]);
    expect(program.json.outputs).toEqual([{ name: 'logits', dtype: 'f32', shape: ['batch', 10] }]);
  });

  it('has the sizes that follow from its shapes, and leaves 2.3 % of the multiply-adds to the host', () => {
    const { totals } = result.report;
    expect(totals.freeSpins).toBe(96 * 49 + 72 * 49);
    expect(totals.pinnedSpins).toBe(16 * 196);
    // In-bounds pairs per axis: K1 3·7 − 1 = 20 (stride 2, even map), K2 3·7 − 2 = 19, K3 one tap.
    const k1 = 96 * 16 * 20 * 20;
    const k2 = 72 * 96 * 19 * 19;
    const k3 = 72 * 16 * 7 * 7;
    expect(totals.couplings.actual).toBe(k1 + k2 + k3);
    expect(totals.couplings.free).toBe(k2);
    // The host keeps the 5×5 encoder convolution and the 288 → 10 classifier.
    const host = 16 * 67 * 67 + 288 * 10;
    expect(totals.multiplyAdds).toEqual({
      model: k1 + k2 + k3 + host,
      host,
      offloadedShare: 1 - host / (k1 + k2 + k3 + host),
    });
  });

  it('keeps 31 dB or more of every coupling at seven bits', () => {
    const block = result.report.stages[1];
    const sqnr = block?.kind === 'block' ? block.couplings.map((c) => c.rounding?.sqnrDb ?? 0) : [];
    expect(sqnr).toHaveLength(3);
    expect(Math.min(...sqnr)).toBeGreaterThan(31);
  });

  it('survives the file and names its model', () => {
    const { program } = result;
    expect(readProgram(writeProgram(program)).hash).toBe(program.hash);
    const card: unknown = JSON.parse(readFileSync(new URL('mnist-1block.card.json', folder), 'utf8'));
    expect(card).toMatchObject({ sha256: (program.json.provenance.model as { sha256: string }).sha256 });
  });
});
