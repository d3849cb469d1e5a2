/** Weights, biases, field units and β at the ends of what the profile states. */
import type { DeviceProfile, Range } from '@isinglass/sdk';
import type { Lab } from '../../../lab/lab.ts';
import { heldSpins, numberOf } from '../../../probes/affordable.ts';
import type { Probe } from '../../../probes/probe.ts';
import type { RandomStream } from '../../../random/random-stream.ts';
import type { Finding } from '../../check.ts';
import type { CheckContext } from '../../check-context.ts';
import { heldProbe, randomSigns, strongCoupling, strongField, votesFor } from '../../strong-fields.ts';
import { type Boundary, certainProbe } from './boundary.ts';

/** Ends outside this are the ends of floating-point numbers, not of a device. */
const largest = 1e4;
/** Weaker fields than this are not read as patterns. */
const weakest = 1;

/** Stored weights that the device holds: all levels, or the ends of its bits. */
function extremeWeights({ weights }: DeviceProfile): readonly number[] {
  if (weights.levels !== null) return weights.levels.filter((level) => level !== 0);
  const bits = typeof weights.bits === 'number' ? Math.min(8, weights.bits) : 8;
  const most = 2 ** (bits - 1) - 1;
  return [...new Set([most, -most, 1, -1])];
}

/** Single spins that a pinned spin at +1 drives with each of these weights. */
function drivenProbe(weights: readonly number[], scale: number, random: RandomStream): Probe {
  return {
    name: 'extreme weights',
    colors: weights.map(() => (random.sign() > 0 ? 1 : 0)),
    edges: [],
    pinned: weights.length,
    pinnedEdges: weights.map((w, n) => ({ free: n, pinned: n, w })),
    scale,
    fields: weights.map(() => 0),
  };
}

async function weightsAt(c: CheckContext, lab: Lab, random: RandomStream, name: string, scale: number) {
  const weights = extremeWeights(c.profile).filter((w) => Math.abs(w) * scale >= weakest);
  if (weights.length === 0) return [];
  const field = Math.min(...weights.map((w) => Math.abs(w) * scale));
  return certainProbe(lab, random, {
    name,
    probe: drivenProbe(weights, scale, random),
    expected: weights.map(Math.sign),
    votes: votesFor(weights.length, field, c),
    pinned: new Int8Array(weights.length).fill(1),
  });
}

/** The largest weight is one more than the one before: their difference is a field of one unit. */
async function differenceOfWeights(c: CheckContext, lab: Lab, random: RandomStream): Promise<readonly Finding[]> {
  const all = extremeWeights(c.profile);
  const most = Math.max(...all);
  const scale = scaleFor(c.profile);
  if (c.profile.weights.levels !== null || most < 2 || scale < weakest) return [];
  const probe: Probe = {
    name: 'neighbouring weights',
    colors: [0, 0],
    edges: [],
    pinned: 2,
    pinnedEdges: [
      { free: 0, pinned: 0, w: most },
      { free: 0, pinned: 1, w: -(most - 1) },
      { free: 1, pinned: 0, w: -most },
      { free: 1, pinned: 1, w: most - 1 },
    ],
    scale,
    fields: [0, 0],
  };
  return certainProbe(lab, random, {
    name: `weights ${most} and ${most - 1} differ`,
    probe,
    expected: [1, -1],
    votes: votesFor(2, scale, c),
    pinned: Int8Array.of(1, 1),
  });
}

/** A scale whose largest product is within the range of J. */
function scaleFor(profile: DeviceProfile): number {
  const most = Math.max(...extremeWeights(profile).map(Math.abs));
  const { min, max } = profile.weights.range;
  const end = Math.min(max ?? Number.POSITIVE_INFINITY, -(min ?? Number.NEGATIVE_INFINITY));
  return Math.min(strongCoupling(profile), end / most);
}

/** The largest field that the bits of a bias can say. */
function fieldOfBits(profile: DeviceProfile): number {
  const { min, max } = profile.field.fractionBits ?? { min: 4, max: 12 };
  const fractionBits = Math.min(max, Math.max(min, 9));
  return (2 ** (numberOf(profile.bias.bits) - 1) - 1) / 2 ** fractionBits;
}

const statedEnds = ({ min, max }: Range): readonly number[] =>
  [min, max].filter((end): end is number => end !== null && Math.abs(end) <= largest);

export const valueBoundaries: readonly Boundary[] = [
  {
    limit: 'weights.bits',
    async reach(c, lab, random) {
      const findings = await weightsAt(c, lab, random, 'extreme weights', scaleFor(c.profile));
      return [...findings, ...(await differenceOfWeights(c, lab, random))];
    },
  },
  {
    limit: 'weights.range',
    async reach(c, lab, random) {
      const most = Math.max(...extremeWeights(c.profile).map(Math.abs));
      const findings: Finding[] = [];
      for (const end of statedEnds(c.profile.weights.range)) {
        const scale = Math.abs(end) / most;
        // Larger scales have no multiplier under the fixed law (semantics 4.3).
        if (scale <= 8 && scale * most >= weakest) {
          findings.push(...(await weightsAt(c, lab, random, `J of ${end}`, scale)));
        }
      }
      return findings;
    },
  },
  {
    limit: 'bias.range',
    async reach(c, lab, random) {
      const most = fieldOfBits(c.profile);
      const ends = statedEnds(c.profile.bias.range).map((end) => Math.max(-most, Math.min(most, end)));
      const fields = ends.filter((end) => Math.abs(end) >= weakest);
      if (fields.length === 0) return [];
      return certainProbe(lab, random, {
        name: `h of ${fields.join(' and ')}`,
        probe: { ...heldProbe(fields.map(Math.sign), 1, random), fields },
        expected: fields.map(Math.sign),
        votes: votesFor(fields.length, Math.min(...fields.map(Math.abs)), c),
      });
    },
  },
  {
    limit: 'field.fractionBits',
    async reach(c, lab, random) {
      const { fractionBits } = c.profile.field;
      if (!c.profile.law.includes('fixed') || fractionBits === null) return [];
      const findings: Finding[] = [];
      for (let bits = fractionBits.min; bits <= fractionBits.max; bits++) {
        const field = strongField(c.profile, bits);
        const expected = randomSigns(heldSpins(c.profile, 16), random);
        findings.push(
          ...(await certainProbe(lab, random, {
            name: `${bits} fraction bits`,
            probe: heldProbe(expected, field, random),
            expected,
            votes: votesFor(expected.length, field, c),
            options: { law: 'fixed', fractionBits: bits },
          })),
        );
      }
      return findings;
    },
  },
  {
    limit: 'dynamics.betaRange',
    async reach(c, lab, random) {
      const { dynamics } = c.profile;
      if (dynamics.kind !== 'chromatic-gibbs') return [];
      const findings: Finding[] = [];
      const most = strongField(c.profile);
      for (const beta of statedEnds(dynamics.betaRange)) {
        const field = Math.min(most, Math.min(16, fieldOfBits(c.profile)) / beta);
        if (!(beta * field >= weakest)) continue;
        const expected = randomSigns(heldSpins(c.profile, 16), random);
        findings.push(
          ...(await certainProbe(lab, random, {
            name: `β of ${beta}`,
            probe: { ...heldProbe(expected, field, random), beta },
            expected,
            votes: votesFor(expected.length, beta * field, c),
          })),
        );
      }
      return findings;
    },
  },
];
