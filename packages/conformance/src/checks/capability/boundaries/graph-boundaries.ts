/** Many spins, many couplings, many neighbours. */
import { affordable, storedCouplings } from '../../../probes/affordable.ts';
import { layoutsOf } from '../../../probes/disguise.ts';
import type { Probe } from '../../../probes/probe.ts';
import type { RandomStream } from '../../../random/random-stream.ts';
import type { CheckContext } from '../../check-context.ts';
import { heldProbe, randomSigns, strongCoupling, strongField, votesFor } from '../../strong-fields.ts';
import { type Boundary, certainProbe, reachable, sizeOf } from './boundary.ts';

/**
 * Stars: each centre sees as many of its neighbours up as down, but for one, so that losing any coupling shows. Neighbours are held by fields, or pinned.
 * `expected` and `pinned` in the order of the probe.
 */
function balancedStars(
  degrees: readonly number[],
  o: {
    readonly field: number;
    readonly strength: number;
    readonly held: 'fields' | 'pins';
    readonly random: RandomStream;
  },
): { readonly probe: Probe; readonly expected: Int8Array; readonly pinned: Int8Array } {
  const colors: (0 | 1)[] = [];
  const fields: number[] = [];
  const expected: number[] = [];
  const pinned: number[] = [];
  const edges: { a: number; b: number; w: number }[] = [];
  const pinnedEdges: { free: number; pinned: number; w: number }[] = [];
  for (const degree of degrees) {
    const sign = o.random.sign();
    const centre = colors.push(1) - 1;
    expected.push(sign);
    // An even number of neighbours is balanced: the centre's own field decides.
    fields.push(degree % 2 === 0 ? sign * o.strength : 0);
    const majority = Math.ceil(degree / 2);
    for (const value of o.random.shuffled(Array.from({ length: degree }, (_, n) => (n < majority ? sign : -sign)))) {
      if (o.held === 'pins') {
        pinnedEdges.push({ free: centre, pinned: pinned.push(value) - 1, w: 1 });
      } else {
        edges.push({ a: colors.push(0) - 1, b: centre, w: 1 });
        fields.push(value * o.field);
        expected.push(value);
      }
    }
  }
  return {
    probe: { name: 'stars', colors, edges, pinned: pinned.length, pinnedEdges, scale: o.strength, fields },
    expected: Int8Array.from(expected),
    pinned: Int8Array.from(pinned),
  };
}

/** The star's pull on a neighbour is at most half of what holds it. */
function strengths(c: CheckContext): { readonly field: number; readonly strength: number } {
  const field = strongField(c.profile);
  return { field, strength: Math.min(strongCoupling(c.profile), field / 2) };
}

/** Neighbours whose strong couplings together stay within the fields of the fixed law, 2^26 units (semantics 4.5), with room for a bias. */
function degreeOfFields(c: CheckContext): number {
  const { min, max } = c.profile.field.fractionBits ?? { min: 4, max: 12 };
  const fractionBits = Math.min(max, Math.max(min, 9));
  return Math.min(16_384, Math.floor(2 ** 26 / (strengths(c).strength * 2 ** fractionBits)) - 2);
}

/** Spins that there may be, as far as is published. */
const spinsAllowed = (c: CheckContext): number =>
  typeof c.profile.spins.max === 'number' ? c.profile.spins.max : Number.POSITIVE_INFINITY;

const couplingsAllowed = (c: CheckContext): number =>
  typeof c.profile.couplings.max === 'number' ? c.profile.couplings.max : Number.POSITIVE_INFINITY;

/** Stars of one degree, and neighbours of one more: as many couplings as there may be, where matrices are not stored whole. */
function starsWithin(
  c: CheckContext,
  { couplings, degree }: { readonly couplings: number; readonly degree: number },
): { readonly whole: number; readonly rest: number } {
  const whole = affordable(c.profile, Math.floor(couplings / degree), (n) => ({
    spins: n * (degree + 1),
    couplings: storedCouplings(c.profile, { from: n, to: n * degree, edges: n * degree }),
  }));
  const sparse = layoutsOf(c.profile).every(({ form }) => form === 'sparse');
  if (!sparse && couplingsAllowed(c) < Number.POSITIVE_INFINITY) return { whole, rest: 0 };
  return { whole, rest: Math.min(couplings - whole * degree, degree, spinsAllowed(c) - whole * (degree + 1) - 1) };
}

export const graphBoundaries: readonly Boundary[] = [
  {
    limit: 'spins.max',
    async reach(c, lab, random) {
      const { value, text } = reachable(c.profile.spins.max, 4 * sizeOf(c));
      if (value === 0) return [];
      const field = strongField(c.profile);
      const expected = randomSigns(value, random);
      return certainProbe(lab, random, {
        name: `spins: ${text}`,
        probe: heldProbe(expected, field, random),
        expected,
        votes: votesFor(value, field, c),
      });
    },
  },
  ...(['fields', 'pins'] as const).map(
    (held): Boundary => ({
      limit: held === 'fields' ? 'couplings.degreeMax' : 'couplings.degreeMax of pinned neighbours',
      async reach(c, lab, random) {
        const { limit } = c.profile.couplings.degreeMax;
        const { value, text } = reachable(limit, Math.min(degreeOfFields(c), sizeOf(c) / 2));
        const degree = Math.min(value, spinsAllowed(c) - 1, couplingsAllowed(c));
        if (degree < 1) return [];
        const strong = strengths(c);
        const stars = balancedStars([degree], { ...strong, held, random });
        return certainProbe(lab, random, {
          name: `${degree} neighbours held by ${held} (${text})`,
          ...stars,
          votes: votesFor(stars.expected.length, strong.strength, c),
        });
      },
    }),
  ),
  {
    limit: 'couplings.max',
    async reach(c, lab, random) {
      const { value, text } = reachable(c.profile.couplings.max, Math.min(16_384, sizeOf(c)));
      const { limit } = c.profile.couplings.degreeMax;
      const degree = Math.min(value, typeof limit === 'number' ? limit : 7, 7);
      if (degree < 1) return [];
      const { whole, rest } = starsWithin(c, { couplings: value, degree });
      const degrees = [...new Array<number>(whole).fill(degree), ...(rest > 0 ? [rest] : [])];
      const count = degrees.reduce((sum, each) => sum + each, 0);
      const strong = strengths(c);
      const stars = balancedStars(degrees, { ...strong, held: 'fields', random });
      return certainProbe(lab, random, {
        name: `${count} couplings (${text})`,
        ...stars,
        votes: votesFor(stars.expected.length, strong.strength, c),
      });
    },
  },
];
