/** Many colors, several blocks. */
import type { Bank, Coupling, ProgramTensor } from '@isinglass/sdk';
import { loadProgram, readBanks } from '../../../lab/block-run.ts';
import { heldSpins, numberOf } from '../../../probes/affordable.ts';
import { layoutsOf } from '../../../probes/disguise.ts';
import { type PlainBlock, plainProgram, scaleMember, weightTensor } from '../../../probes/plain-program.ts';
import type { RandomStream } from '../../../random/random-stream.ts';
import type { Finding } from '../../check.ts';
import type { CheckContext } from '../../check-context.ts';
import { sameNumbers } from '../../findings.ts';
import { randomSigns, strongCoupling, strongField, votesFor } from '../../strong-fields.ts';
import { type Boundary, planned, reachable } from './boundary.ts';

const rank = 2;
const one = (count: number): number[] => [count, ...new Array<number>(rank - 1).fill(1)];

/**
 * A bank of one spin for every color. Spins of even colors are held by fields; each spin of an odd color copies the one before, with a sign, within the
 * same sweep.
 */
function manyColors(c: CheckContext, colors: number, random: RandomStream) {
  const { profile } = c;
  const { form } = layoutsOf(profile)[0] as { form: 'dense' | 'sparse' | 'conv' };
  const strength = Math.min(strongCoupling(profile), strongField(profile) / 2);
  const tensors = new Map<string, ProgramTensor>();
  const signs = randomSigns(colors, random);
  const couplings = Array.from({ length: Math.floor(colors / 2) }, (_, pair): Coupling => {
    const n = 2 * pair;
    const w = (signs[n] as number) * (signs[n + 1] as number);
    return {
      id: `c${n}`,
      from: `a${n}`,
      to: `a${n + 1}`,
      gain: 'one',
      ...scaleMember(profile, strength),
      form: oneToOne(c, form, { id: `w${w}`, w, strength, tensors }),
    };
  });
  for (const sign of [-1, 1]) {
    tensors.set(`h${sign}`, { dtype: 'F32', shape: [1], data: Float32Array.of(sign * strongField(profile)) });
  }
  const block: PlainBlock = {
    banks: Array.from({ length: colors }, (_, n): Bank => ({ id: `a${n}`, role: 'free', shape: one(1), color: n })),
    couplings,
    biases: Array.from({ length: Math.ceil(colors / 2) }, (_, pair) => ({
      bank: `a${2 * pair}`,
      gain: 'one',
      form: 'channel' as const,
      values: { tensor: `h${signs[2 * pair]}` },
    })),
    colors: Array.from({ length: colors }, (_, n) => n),
  };
  return { program: plainProgram(profile, { blocks: [block], tensors }), signs, strength };
}

function oneToOne(
  { profile }: CheckContext,
  kind: 'dense' | 'sparse' | 'conv',
  o: {
    readonly id: string;
    readonly w: number;
    readonly strength: number;
    readonly tensors: Map<string, ProgramTensor>;
  },
): Coupling['form'] {
  const value = (shape: readonly number[]): ProgramTensor =>
    weightTensor(profile, { shape, weights: [o.w], scale: o.strength });
  if (kind === 'sparse') {
    o.tensors.set('rows', { dtype: 'U32', shape: [2], data: Uint32Array.of(0, 1) });
    o.tensors.set('columns', { dtype: 'U32', shape: [1], data: Uint32Array.of(0) });
    o.tensors.set(o.id, value([1]));
    return { kind, rowStart: { tensor: 'rows' }, column: { tensor: 'columns' }, value: { tensor: o.id } };
  }
  o.tensors.set(o.id, value(kind === 'dense' ? [1, 1] : [1, 1, 1]));
  if (kind === 'dense') return { kind, matrix: { tensor: o.id } };
  return { kind, kernel: { tensor: o.id }, strides: [1], pads: [0, 0], dilations: [1], groups: 1 };
}

/** Blocks of held spins, each with signs of its own. */
function heldBlocks({ profile }: CheckContext, signs: readonly Int8Array[]) {
  const tensors = new Map<string, ProgramTensor>();
  const blocks = signs.map((own, n): PlainBlock => {
    const data = Float32Array.from(own, (sign) => sign * strongField(profile));
    tensors.set(`h${n}`, { dtype: 'F32', shape: [own.length], data });
    return {
      banks: [{ id: 'a', role: 'free', shape: one(own.length), color: 0 }],
      couplings: [],
      biases: [{ bank: 'a', gain: 'one', form: 'channel', values: { tensor: `h${n}` } }],
      colors: [0],
    };
  });
  return plainProgram(profile, { blocks, tensors });
}

export const programBoundaries: readonly Boundary[] = [
  {
    limit: 'dynamics.colorsMax',
    async reach(c, lab, random) {
      const { dynamics } = c.profile;
      if (dynamics.kind !== 'chromatic-gibbs') return [];
      const size = c.byLevel({ quick: 32, standard: 256, certify: 4096 });
      const { value, text } = reachable(dynamics.colorsMax, Math.min(size, numberOf(c.profile.spins.max)));
      if (value < 2) return [];
      const { program, signs, strength } = manyColors(c, value, random);
      const on = await loadProgram(lab, program);
      const seen = await readBanks(on, { seed: random.bits64(), votes: votesFor(value, strength, c) });
      const values = Array.from(signs, (_, n) => seen[`a${n}`]?.[0] ?? 0);
      return [planned(`${value} colors`, on), sameNumbers(`${value} colors (${text})`, signs, values)];
    },
  },
  {
    limit: 'residency.blocks',
    async reach(c, lab, random) {
      const { blocks } = c.profile.residency;
      const count = blocks === 'all' ? 3 : Math.min(blocks, c.byLevel({ quick: 3, standard: 16, certify: 64 }));
      const spins = heldSpins(c.profile, 9);
      const signs = Array.from({ length: count }, () => randomSigns(spins, random));
      const on = await loadProgram(lab, heldBlocks(c, signs));
      const votes = votesFor(spins, strongField(c.profile), c);
      const findings: Finding[] = [planned(`${count} blocks`, on)];
      for (const block of random.shuffled([...signs.keys()])) {
        const seen = await readBanks(on, { block, seed: random.bits64(), votes });
        findings.push(sameNumbers(`block ${block} of ${count}`, signs[block] as Int8Array, seen.a as Int8Array));
      }
      return findings;
    },
  },
];
