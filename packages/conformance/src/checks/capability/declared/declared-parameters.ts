/** Laws, gains that a run sets, temperatures. */
import type { Program } from '@isinglass/sdk';
import { copiedSpins, heldSpins } from '../../../probes/affordable.ts';
import { plainProgram, scaleMember, weightTensor } from '../../../probes/plain-program.ts';
import type { RandomStream } from '../../../random/random-stream.ts';
import type { CheckContext } from '../../check-context.ts';
import { must, sameNumbers } from '../../findings.ts';
import { loadHeldPattern } from '../../held-pattern.ts';
import { heldProbe, randomSigns, readPattern, strongCoupling, strongField, votesFor } from '../../strong-fields.ts';
import { certainProgram, type Declared } from './declared.ts';

const law = (kind: 'fixed' | 'real'): Declared => ({
  feature: `${kind} law`,
  isDeclared: (profile) => profile.law.includes(kind),
  async answer(c, lab, random) {
    const field = strongField(c.profile);
    const expected = randomSigns(heldSpins(c.profile, 29), random);
    const loaded = await lab.loadProbe(heldProbe(expected, field, random), random, { law: kind });
    const seen = await readPattern(loaded, { seed: random.bits64(), votes: votesFor(expected.length, field, c) });
    return [sameNumbers('held spins', expected, seen)];
  },
});

/** Pinned neighbours pull through a runtime gain, fields hold against them: which of the two wins is the run's choice. */
function gainProgram(
  { profile }: CheckContext,
  spins: number,
  random: RandomStream,
): { program: Program; field: number } {
  const field = Math.min(strongField(profile), strongCoupling(profile) / 2);
  const scale = 2 * field;
  const h = Float32Array.from(randomSigns(spins, random), (sign) => sign * field);
  const program = plainProgram(profile, {
    blocks: [
      {
        banks: [
          { id: 'x', role: 'pinned', shape: [spins, 1], value: 'x' },
          { id: 'y', role: 'free', shape: [spins, 1], color: 0 },
        ],
        gains: [{ id: 'delta', value: 1, runtime: true }],
        couplings: [
          {
            id: 'w',
            from: 'x',
            to: 'y',
            gain: 'delta',
            ...scaleMember(profile, scale),
            form: gainForm(profile.couplings.forms),
          },
        ],
        biases: [{ bank: 'y', gain: 'one', form: 'channel', values: { tensor: 'h' } }],
        colors: [0],
      },
    ],
    inputs: [{ name: 'x', dtype: 'spin', shape: ['batch', spins, 1] }],
    tensors: new Map([
      ['h', { dtype: 'F32', shape: [spins], data: h }],
      ['rows', { dtype: 'U32', shape: [spins + 1], data: Uint32Array.from({ length: spins + 1 }, (_, n) => n) }],
      ['columns', { dtype: 'U32', shape: [spins], data: Uint32Array.from({ length: spins }, (_, n) => n) }],
      ['w', weightTensor(profile, { shape: [spins], weights: new Array<number>(spins).fill(1), scale })],
      ['m', weightTensor(profile, { shape: [spins, spins], weights: identity(spins), scale })],
      ['k', weightTensor(profile, { shape: [spins, spins, 1], weights: identity(spins), scale })],
    ]),
  });
  return { program, field };
}

const identity = (n: number): number[] => Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));

function gainForm(forms: CheckContext['profile']['couplings']['forms']) {
  if (forms.includes('sparse')) {
    return {
      kind: 'sparse',
      rowStart: { tensor: 'rows' },
      column: { tensor: 'columns' },
      value: { tensor: 'w' },
    } as const;
  }
  if (forms.includes('dense')) return { kind: 'dense', matrix: { tensor: 'm' } } as const;
  return { kind: 'conv', kernel: { tensor: 'k' }, strides: [1], pads: [0, 0], dilations: [1], groups: 1 } as const;
}

export const declaredParameters: readonly Declared[] = [
  law('fixed'),
  law('real'),
  {
    feature: 'runtime-gain',
    isDeclared: ({ features }) => features.includes('runtime-gain'),
    async answer(c, lab, random) {
      const spins = copiedSpins(c.profile, 15);
      const { program, field } = gainProgram(c, spins, random);
      const inputs = { x: randomSigns(spins, random) };
      // f = ±h ± 2·δ·h: the pins win at δ = 1, the fields at δ = 1/16.
      const votes = votesFor(spins, 0.875 * field, c);
      const weak = await certainProgram(lab, random, { program, inputs, gains: { delta: 1 / 16 }, votes });
      const full = await certainProgram(lab, random, { program, inputs, gains: { delta: 1 }, votes });
      return [...weak, ...full].map((each, n) => ({ ...each, name: `${each.name} at δ = ${n === 0 ? '1/16' : 1}` }));
    },
  },
  {
    feature: 'temperature',
    isDeclared: ({ features }) => features.includes('temperature'),
    async answer(c, lab, random) {
      const { loaded, signs, votes } = await loadHeldPattern(c, lab, random, { spins: 64 });
      const { strideMin: stride } = c.profile.readout;
      const sweeps = 2 * votes * stride;
      const half = votes * stride;
      const read = async (burnIn: number, hot: (sweep: number) => boolean): Promise<Int8Array> => {
        const temperatures = Array.from({ length: sweeps }, (_, n) => (hot(n + 1) ? 0 : 65536));
        return readPattern(loaded, { votes, burnIn, temperatures, seed: random.bits64() });
      };
      const cold = await read(half, (sweep) => sweep <= half);
      const hot = await read(half, (sweep) => sweep > half);
      const differ = hot.filter((value, n) => value !== signs[n]).length;
      return [
        sameNumbers('cold after hot', signs, cold),
        // All 64 fair coins agree with probability 2^−64.
        must('hot after cold', differ > 0, 'coins', 'the held pattern'),
      ];
    },
  },
];
