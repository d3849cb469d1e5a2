import { InvalidRequestError } from '@isinglass/sdk';
import { describe, expect, it } from 'vitest';
import { numbers } from '../../test/support/random-numbers.ts';
import { readCoo } from './coo.ts';
import { denseProblem } from './dense-problem.ts';
import { readEdgeList } from './edge-list.ts';
import { type IsingProblem, isingEnergy } from './ising-problem.ts';

function pairs({ couplings }: IsingProblem): readonly (readonly number[])[] {
  return Array.from(couplings.value, (value, e) => [
    couplings.first[e] as number,
    couplings.second[e] as number,
    value,
  ]);
}

/** The place that an InvalidRequestError names. */
function refusal(make: () => unknown): string | undefined {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidRequestError);
    return (error as InvalidRequestError).where;
  }
  return 'accepted';
}

describe('an edge list', () => {
  it('has couplings of three fields, biases of two, comments and blank lines', () => {
    const problem = readEdgeList('# ring\n0 1 1.5\n\n2,1,-.25e1 # strong\r\n 3  0.5\n');
    expect(problem.spinCount).toBe(4);
    expect(pairs(problem)).toEqual([
      [0, 1, 1.5],
      [1, 2, -2.5],
    ]);
    expect([...problem.biases]).toEqual([0, 0, 0, 0.5]);
  });

  it('keeps isolated spins, leaves out couplings of zero', () => {
    const problem = readEdgeList('0 1 0\n2 4 1', { spinCount: 7 });
    expect(problem.spinCount).toBe(7);
    expect(pairs(problem)).toEqual([[2, 4, 1]]);
  });

  it.each([
    ['a pair given twice', '0 1 1\n0 1 1', 'line 2'],
    ['a pair given in both directions', '0 1 1\n1 0 1', 'line 2'],
    ['a bias given twice', '0 1\n0 2', 'line 2'],
    ['a spin coupled to itself', '0 0 1', 'line 1'],
    ['a word', '0 1 x', 'line 1'],
    ['an infinity', '0 1 1e999', 'line 1'],
    ['a fractional spin', '0.5 1 1', 'line 1'],
    ['a negative spin', '-1 1 1', 'line 1'],
    ['a spin number that would take gigabytes', '0 4000000000 1', 'line 1'],
    ['four fields', '0 1 1 1', 'line 1'],
    ['one field', '0', 'line 1'],
    ['no spin at all', '# nothing', 'spinCount'],
  ])('refuses %s, naming the line', (_, text, where) => {
    expect(refusal(() => readEdgeList(text))).toBe(where);
  });

  it('refuses fewer spins than it names, and takes as many', () => {
    expect(refusal(() => readEdgeList('0 3 1', { spinCount: 3 }))).toBe('spinCount');
    expect(readEdgeList('0 3 1', { spinCount: 4 }).spinCount).toBe(4);
  });
});

describe('a dense problem', () => {
  it('counts each pair once, although J has it twice', () => {
    const problem = denseProblem({
      J: [
        [0, 2, 0],
        [2, 0, -1],
        [0, -1, 0],
      ],
      h: [0, 1, 0],
    });
    expect(pairs(problem)).toEqual([
      [0, 1, 2],
      [1, 2, -1],
    ]);
    expect([...problem.biases]).toEqual([0, 1, 0]);
    // E(+,+,−) = −2·(+1) − (−1)(−1) − 1
    expect(isingEnergy(problem, [1, 1, -1])).toBe(-4);
  });

  it.each([
    [
      'an asymmetric J',
      {
        J: [
          [0, 1],
          [2, 0],
        ],
      },
      'J[1][0]',
    ],
    [
      'a diagonal that is not zero',
      {
        J: [
          [0, 1],
          [1, 3],
        ],
      },
      'J[1][1]',
    ],
    ['rows of different lengths', { J: [[0, 1], [1]] }, 'J[1]'],
    ['an h of another length', { J: [[0]], h: [1, 2] }, 'h'],
    ['NaN in h', { J: [[0]], h: [Number.NaN] }, 'h[0]'],
    [
      'NaN in J',
      {
        J: [
          [0, Number.NaN],
          [Number.NaN, 0],
        ],
      },
      'J[1][0]',
    ],
  ])('refuses %s, naming the entry', (_, problem, where) => {
    expect(refusal(() => denseProblem(problem))).toBe(where);
  });
});

describe("dimod's COO text", () => {
  const text = (vartype: string) => `# vartype=${vartype}\n0 0 -1.000000\n0 1 1.000000\n1 2 -4.500000\n`;

  it('has the opposite sign: a positive bias in the file is a negative h or J here', () => {
    const { problem, offset } = readCoo(text('SPIN'));
    expect(pairs(problem)).toEqual([
      [0, 1, -1],
      [1, 2, 4.5],
    ]);
    expect([...problem.biases]).toEqual([1, 0, 0]);
    expect(offset).toBe(0);
  });

  it.each(['SPIN', 'BINARY'] as const)(
    'keeps the energy of every state of random %s problems, with the offset',
    (vartype) => {
      const random = numbers(vartype.length);
      const terms: [number, number, number][] = [];
      // Some pairs come several times and in both orders: dimod sums them.
      for (let n = 0; n < 25; n++)
        terms.push([random.integer(5), random.integer(5), Math.round(random.uniform() * 64) / 16 - 2]);
      const { problem, offset } = readCoo(terms.map((term) => term.join(' ')).join('\n'), { vartype, spinCount: 5 });
      for (let state = 0; state < 32; state++) {
        const spins = Array.from({ length: 5 }, (_, i) => ((state >> i) & 1 ? 1 : -1));
        const values = vartype === 'SPIN' ? spins : spins.map((s) => (s + 1) / 2);
        let energy = 0;
        for (const [i, j, bias] of terms) {
          energy += i === j ? bias * (values[i] as number) : bias * (values[i] as number) * (values[j] as number);
        }
        expect(isingEnergy(problem, spins) + offset).toBeCloseTo(energy, 12);
      }
    },
  );

  it.each([
    ['without a vartype', '0 1 1', {}, 'vartype'],
    ['with an unknown vartype', '# vartype=INTEGER\n0 1 1', {}, 'vartype'],
    ['whose header contradicts the options', text('SPIN'), { vartype: 'BINARY' as const }, 'vartype'],
    ['with two fields', '# vartype=SPIN\n0 1', {}, 'line 2'],
  ])('is refused %s', (_, source, options, where) => {
    expect(refusal(() => readCoo(source, options))).toBe(where);
  });

  it('takes its vartype from the options where there is no header', () => {
    expect(readCoo('0 1 1', { vartype: 'SPIN' }).vartype).toBe('SPIN');
  });
});
