import { DoesNotFitError } from '@isinglass/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileWithWeightBits } from '../../test/support/device-profile.ts';
import { oneBlockModel } from '../../test/support/imported-model.ts';
import { blockRecipe, randomBlockModel } from '../../test/support/random-block-model.ts';
import { compileImported } from '../compile-imported.ts';
import { readEdgeList } from '../ising/edge-list.ts';
import { isingProgram } from '../ising/ising-program.ts';
import type { CompilerDiagnostic } from '../pipeline/diagnostic.ts';

const [recipe] = fc.sample(
  blockRecipe.filter((r) => r.kind === 'conv' && r.skip === 'none'),
  { numRuns: 1, seed: 11 },
);
if (recipe === undefined) throw new Error('a sample is a sample');
const model = oneBlockModel(randomBlockModel(recipe));

describe('compiling for a device', () => {
  it('lists every misfit with what is needed and what there is', async () => {
    const compiling = compileImported(model, { weightBits: 7, device: profileWithWeightBits(4) });
    const error = await compiling.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DoesNotFitError);
    const { diagnostics } = error as DoesNotFitError;
    expect(diagnostics).toHaveLength(2);
    for (const diagnostic of diagnostics) {
      expect(diagnostic).toMatchObject({ code: 'misfit', available: 4 });
      expect((diagnostic as CompilerDiagnostic).needed).toBeGreaterThan(4);
    }
  });

  it('accepts a program at the limit', async () => {
    const { report } = await compileImported(model, { weightBits: 4, device: profileWithWeightBits(4) });
    expect(report.diagnostics).toEqual([]);
  });

  it('warns of a limit that the vendor does not publish', async () => {
    const { report } = await compileImported(model, { device: profileWithWeightBits(null) });
    expect(report.diagnostics.map((d) => [d.severity, d.code])).toEqual([
      ['warning', 'unstated-limit'],
      ['warning', 'unstated-limit'],
    ]);
  });

  it('holds for plain Ising problems too', () => {
    const problem = readEdgeList('0 1 1\n1 2 0.3');
    expect(() => isingProgram(problem, { device: profileWithWeightBits(4) })).toThrow(DoesNotFitError);
    expect(isingProgram(problem, { weightBits: 4, device: profileWithWeightBits(4) }).report.diagnostics).toEqual([]);
  });
});
