import { InvalidRequestError, type Program, verifyProgram } from '@isinglass/sdk';
import { enumerateBlock } from '@isinglass/sdk/reference';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbers } from '../../test/support/random-numbers.ts';
import { denseProblem } from './dense-problem.ts';
import { readEdgeList } from './edge-list.ts';
import { type IsingProblem, isingEnergy } from './ising-problem.ts';
import { isingProgram } from './ising-program.ts';

/** P(s) ∝ exp(−βE(s)) from the energy as it is defined; spin i is bit i. */
function boltzmann(problem: IsingProblem, beta: number): number[] {
  const weights = Array.from({ length: 2 ** problem.spinCount }, (_, state) => {
    const spins = Array.from({ length: problem.spinCount }, (_, i) => ((state >> i) & 1 ? 1 : -1));
    return Math.exp(-beta * isingEnergy(problem, spins));
  });
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

function largestDifference(program: Program, problem: IsingProblem, beta = 1): number {
  const { probabilities } = enumerateBlock(program, 0);
  return Math.max(...boltzmann(problem, beta).map((p, state) => Math.abs(p - (probabilities[state] as number))));
}

const spinGlass = (seed: number, n: number, density: number): IsingProblem => {
  const random = numbers(seed);
  const J = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const value = random.uniform() < density ? (random.normal(1)[0] as number) : 0;
      (J[i] as Float64Array)[j] = value;
      (J[j] as Float64Array)[i] = value;
    }
  }
  return denseProblem({ J, h: random.normal(n) });
};

describe('a program of a plain Ising problem', () => {
  it('aligns two spins where J > 0 and raises a spin where h > 0', () => {
    const { program } = isingProgram(readEdgeList('0 1 0.5\n0 0.25'), { law: 'real' });
    const { probabilities, means } = enumerateBlock(program, 0);
    // States −−, +−, −+, ++ have −E = 0.25, −0.25, −0.75, 0.75.
    const weights = [0.25, -0.25, -0.75, 0.75].map(Math.exp);
    const total = weights.reduce((a, b) => a + b, 0);
    weights.forEach((weight, state) => {
      expect(probabilities[state]).toBeCloseTo(weight / total, 12);
    });
    expect(means[0]).toBeGreaterThan(0);
    expect(means[1]).toBeGreaterThan(0);
  });

  it('has the law of its problem: exact enumeration of random spin glasses, real law', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 7 }), fc.constantFrom(0, 0.4, 1), (seed, n, density) => {
        const problem = spinGlass(seed, n, density);
        const { program, report } = isingProgram(problem, { law: 'real', beta: 0.7 });
        // The difference is float32 storage of J and h: 2^−24 relative, of fields below 40.
        expect(largestDifference(program, problem, 0.7)).toBeLessThan(1e-5);
        expect(report.colors).toBeGreaterThanOrEqual(report.colorsMin);
        expect(verifyProgram(program.json, program.tensors)).toEqual([]);
      }),
      { numRuns: 60, seed: 6 },
    );
  });

  it('holds ±J and small integers exactly under the fixed law', () => {
    const problem = readEdgeList('0 1 0.5\n1 2 -0.5\n2 3 1\n3 0 -0.5\n1 0.3');
    const { program, report } = isingProgram(problem);
    expect(report.quantization).toMatchObject({ weightMax: 2, scale: 0.5, sqnrDb: null });
    expect([...(program.tensors.get('j.value')?.data ?? [])]).toEqual([1, -1, -1, 2]);
    expect(largestDifference(program, problem)).toBeLessThan(1e-7);
    expect(report).toMatchObject({ spins: 4, couplings: 4, colors: 2, colorsMin: 2, couplingsVanished: 0 });
  });

  it('reports what rounding did to a spin glass under the fixed law, and bounds the field error', () => {
    const { report, program } = isingProgram(spinGlass(5, 8, 1), { weightBits: 4, fractionBits: 9 });
    expect(report.quantization?.bits).toBe(4);
    expect(report.quantization?.sqnrDb).toBeGreaterThan(15);
    // One coupling and one bias: at least two roundings of half a unit of 2^−9.
    expect(report.bounds[0]?.fieldErrorMax).toBeGreaterThan(2 * 2 ** -10);
    expect(report.bounds[0]?.fieldErrorMax).toBeLessThan(3 * 2 ** -10);
    expect(report.couplings + report.couplingsVanished).toBe(28);
    expect(program.json.features).toEqual(['color-map', 'fixed', 'sparse']);
  });

  it('takes isolated spins, and problems without couplings', () => {
    const { program, report } = isingProgram(readEdgeList('0 0.5', { spinCount: 3 }));
    expect(report).toMatchObject({ spins: 3, couplings: 0, colors: 1, quantization: null });
    expect(largestDifference(program, readEdgeList('0 0.5', { spinCount: 3 }))).toBeLessThan(1e-7);
  });

  it('takes β as a schedule, states as readout', () => {
    const beta = [
      { sweep: 1, beta: 0.5 },
      { sweep: 10, beta: 2 },
    ];
    const { program } = isingProgram(readEdgeList('0 1 1'), { beta, readout: 'state', sweeps: 20 });
    expect(program.json.features).toEqual(['color-map', 'fixed', 'sparse', 'state', 'temperature']);
    expect(program.json.outputs).toEqual([]);
    const [block] = program.json.stages;
    expect(block).toMatchObject({ fixed: { beta: 2, fractionBits: 9 }, schedule: { sweeps: 20, burnIn: 5 } });
  });

  it('colors a square lattice with two colors, a triangle with three', () => {
    const lattice: string[] = [];
    for (let i = 0; i < 36; i++) {
      if (i % 6 < 5) lattice.push(`${i} ${i + 1} 1`);
      if (i < 30) lattice.push(`${i} ${i + 6} 1`);
    }
    expect(isingProgram(readEdgeList(lattice.join('\n'))).report).toMatchObject({ colors: 2, colorsMin: 2 });
    expect(isingProgram(readEdgeList('0 1 1\n1 2 1\n0 2 1')).report).toMatchObject({ colors: 3, colorsMin: 3 });
  });

  it.each([
    ['an unknown option', { sweep: 10 }, 'sweep'],
    ['weights of nine bits', { weightBits: 9 }, 'weightBits'],
    ['no retained sweep', { sweeps: 4, burnIn: 4 }, 'burnIn'],
    ['a β schedule that begins late', { beta: [{ sweep: 2, beta: 1 }] }, 'beta'],
    ['a β schedule of zeros', { beta: [{ sweep: 1, beta: 0 }] }, 'beta'],
    ['an unknown readout', { readout: 'sum' }, 'readout'],
  ])('is refused with %s, naming the option', (_, options, where) => {
    let thrown: unknown;
    try {
      isingProgram(readEdgeList('0 1 1'), options as object);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidRequestError);
    expect((thrown as InvalidRequestError).where).toBe(where);
  });

  it('refuses fields beyond the fixed law with a remedy, and takes them with fewer fraction bits', () => {
    const strong = readEdgeList('0 1 100000\n1 2 0.25');
    expect(() => isingProgram(strong, { fractionBits: 12 })).toThrow(/lower fractionBits/);
    expect(isingProgram(readEdgeList('0 1 4000\n1 2 0.25'), { fractionBits: 4 }).report.spins).toBe(3);
  });
});
