/** Forms of couplings and biases. */
import type { Bank, Coupling, Program, ProgramTensor } from '@isinglass/sdk';
import { spinCount } from '../../../lab/block-run.ts';
import { affordable, heldSpins, storedCouplings } from '../../../probes/affordable.ts';
import { disguiseAs, layoutsOf } from '../../../probes/disguise.ts';
import { plainProgram, scaleMember, weightTensor } from '../../../probes/plain-program.ts';
import type { Probe } from '../../../probes/probe.ts';
import type { RandomStream } from '../../../random/random-stream.ts';
import type { CheckContext } from '../../check-context.ts';
import { sameNumbers } from '../../findings.ts';
import { randomSigns, readPattern, strongCoupling, strongField, votesFor } from '../../strong-fields.ts';
import { certainProgram, type Declared, firstThatFits } from './declared.ts';

/** Pinned → color 0 → color 1: each spin of the first copies a pinned one with a sign, each of the second one of the first. */
function relayProbe(spins: number, strength: number, random: RandomStream): { probe: Probe; signs: Int8Array } {
  const signs = randomSigns(2 * spins, random);
  const list = Array.from({ length: spins }, (_, n) => n);
  const probe: Probe = {
    name: `relay of ${spins}`,
    colors: [...list.map(() => 0 as const), ...list.map(() => 1 as const)],
    edges: list.map((n) => ({ a: n, b: spins + n, w: signs[spins + n] as number })),
    pinned: spins,
    // Twice as strong as the pull back from the second color.
    pinnedEdges: list.map((n) => ({ free: n, pinned: n, w: 2 * (signs[n] as number) })),
    scale: strength / 2,
    fields: [...list, ...list].map(() => 0),
  };
  return { probe, signs };
}

const relay = (layout: 'banks' | 'one-bank', form: 'conv' | 'dense' | 'sparse'): Declared => ({
  feature: layout === 'banks' ? form : 'color-map',
  isDeclared: (profile) => layoutsOf(profile).some((each) => each.layout === layout && each.form === form),
  async answer(c, lab, random) {
    const spins = affordable(c.profile, 17, (n) => ({
      spins: 3 * n,
      couplings: 2 * storedCouplings(c.profile, { from: n, to: n, edges: n }),
    }));
    const strength = strongCoupling(c.profile);
    const { probe, signs } = relayProbe(spins, strength, random);
    const disguise = disguiseAs(probe, { layout, form }, random);
    const loaded = await lab.loadProbe(probe, random, { disguise });
    const pinned = randomSigns(spins, random);
    const first = pinned.map((value, n) => value * (signs[n] as number));
    const second = first.map((value, n) => value * (signs[spins + n] as number));
    const seen = await readPattern(loaded, {
      pinned,
      seed: random.bits64(),
      votes: votesFor(2 * spins, strength / 2, c),
    });
    return [sameNumbers('relay of pinned spins', [...first, ...second], seen)];
  },
});

/** 3×3 taps on padded maps of two channels, or less where degrees are limited: odd multiples of the strength everywhere, so certain. */
function convPrograms({ profile }: CheckContext, random: RandomStream): readonly Program[] {
  const strength = Math.min(strongCoupling(profile), 2 * strongField(profile)) / 2;
  const sizes = [
    { channels: 2, taps: 3 },
    { channels: 1, taps: 3 },
    { channels: 1, taps: 1 },
  ];
  return sizes.map(({ channels, taps }) => {
    const pad = (taps - 1) / 2;
    const from: Bank = { id: 'x', role: 'pinned', shape: [channels, 4, 5], value: 'x' };
    const to: Bank = { id: 'y', role: 'free', shape: [3, 2, 5], color: 0 };
    const kernel = { shape: [3, channels, taps, taps], weights: [...randomSigns(3 * channels * taps ** 2, random)] };
    const coupling: Coupling = {
      id: 'conv',
      from: 'x',
      to: 'y',
      gain: 'one',
      // One unit of w is twice the field of the biases: sums of ±2 and one ±1 are never 0.
      ...scaleMember(profile, 2 * strength),
      form: {
        kind: 'conv',
        kernel: { tensor: 'k' },
        strides: [2, 1],
        pads: [pad, pad, pad, pad],
        dilations: [1, 1],
        groups: 1,
      },
    };
    const h = Float32Array.from(randomSigns(3, random), (sign) => sign * strength);
    return plainProgram(profile, {
      blocks: [
        {
          banks: [from, to],
          couplings: [coupling],
          biases: [{ bank: 'y', gain: 'one', form: 'channel', values: { tensor: 'h' } }],
          colors: [0],
        },
      ],
      inputs: [{ name: 'x', dtype: 'spin', shape: ['batch', ...from.shape] }],
      tensors: new Map<string, ProgramTensor>([
        ['k', weightTensor(profile, { ...kernel, scale: 2 * strength })],
        ['h', { dtype: 'F32', shape: [3], data: h }],
      ]),
    });
  });
}

function diagonalProgram({ profile }: CheckContext, spins: number, random: RandomStream): Program {
  const scale = strongCoupling(profile);
  const weights = [...randomSigns(spins, random)];
  return plainProgram(profile, {
    blocks: [
      {
        banks: [
          { id: 'x', role: 'pinned', shape: [spins], value: 'x' },
          { id: 'y', role: 'free', shape: [spins], color: 0 },
        ],
        couplings: [
          {
            id: 'd',
            from: 'x',
            to: 'y',
            gain: 'one',
            ...scaleMember(profile, scale),
            form: { kind: 'diagonal', value: { tensor: 'w' } },
          },
        ],
        biases: [],
        colors: [0],
      },
    ],
    inputs: [{ name: 'x', dtype: 'spin', shape: ['batch', spins] }],
    tensors: new Map([['w', weightTensor(profile, { shape: [spins], weights, scale })]]),
  });
}

function borderProgram({ profile }: CheckContext, random: RandomStream): Program {
  const channels = heldSpins(profile, 24) < 24 ? 1 : 2;
  const bank: Bank = { id: 'y', role: 'free', shape: [channels, 4, 3], color: 0 };
  const values = Float32Array.from(randomSigns(channels * 3 * 2, random), (sign) => sign * strongField(profile));
  return plainProgram(profile, {
    blocks: [
      {
        banks: [bank],
        couplings: [],
        biases: [
          {
            bank: 'y',
            gain: 'one',
            form: 'border',
            border: {
              starts: [
                [0, 1, 3],
                [0, 2],
              ],
            },
            values: { tensor: 'h' },
          },
        ],
        colors: [0],
      },
    ],
    tensors: new Map([['h', { dtype: 'F32', shape: [channels, 3, 2], data: values }]]),
  });
}

const declares =
  (form: 'conv' | 'diagonal'): Declared['isDeclared'] =>
  ({ couplings, features }) =>
    couplings.forms.includes(form) && features.includes(form);

export const declaredForms: readonly Declared[] = [
  relay('banks', 'dense'),
  relay('banks', 'sparse'),
  relay('one-bank', 'sparse'),
  {
    feature: 'conv',
    isDeclared: declares('conv'),
    async answer(c, lab, random) {
      const program = firstThatFits(convPrograms(c, random), c.profile);
      if (program === undefined) return [{ name: 'no map fits the limits of the profile', ok: true }];
      const strength = Math.min(strongCoupling(c.profile), 2 * strongField(c.profile)) / 2;
      const x = (program.json.stages[0] as { banks: readonly Bank[] }).banks[0] as Bank;
      const inputs = { x: randomSigns(spinCount(x), random) };
      return certainProgram(lab, random, { program, inputs, votes: votesFor(30, strength, c) });
    },
  },
  {
    feature: 'diagonal',
    isDeclared: declares('diagonal'),
    answer(c, lab, random) {
      const spins = affordable(c.profile, 21, (n) => ({ spins: 2 * n, couplings: n }));
      const votes = votesFor(spins, strongCoupling(c.profile), c);
      return certainProgram(lab, random, {
        program: diagonalProgram(c, spins, random),
        inputs: { x: randomSigns(spins, random) },
        votes,
      });
    },
  },
  {
    feature: 'border',
    isDeclared: ({ features }) => features.includes('border'),
    answer(c, lab, random) {
      const votes = votesFor(40, strongField(c.profile), c);
      return certainProgram(lab, random, { program: borderProgram(c, random), votes });
    },
  },
];
