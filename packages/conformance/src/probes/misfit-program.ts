/** A program just beyond what a device states that it holds: for what failed loads leave behind. */
import { createProgram, type Driver, type Program, type ProgramJson } from '@isinglass/sdk';

/** Programs larger than this are not asked about: a device may think about them for long. */
const spinsMost = 2 ** 20;

/** The first of several that plan() refuses, or undefined where the profile states no limit that a small program can exceed. */
export function misfitProgram(driver: Driver): Program | undefined {
  return candidates(driver).find((program) => !('blocks' in driver.plan(program)));
}

/** One spin too many, a grid of fields too fine or too coarse, a law that is not declared. */
function candidates({ profile: { spins, law, field } }: Driver): readonly Program[] {
  const kind = law.includes('fixed') ? 'fixed' : 'real';
  const { min, max } = field.fractionBits ?? { min: 4, max: 12 };
  const bits = [min - 1, max + 1].filter((each) => law.includes('fixed') && each >= 4 && each <= 12);
  const large = typeof spins.max === 'number' && spins.max < spinsMost ? [spins.max + 1] : [];
  return [
    ...large.map((count) => emptyProgram({ spins: count, law: kind, fractionBits: Math.min(12, Math.max(4, max)) })),
    ...bits.map((fractionBits) => emptyProgram({ spins: 1, law: 'fixed', fractionBits })),
    ...(['fixed', 'real'] as const)
      .filter((each) => !law.includes(each))
      .map((each) => emptyProgram({ spins: 1, law: each, fractionBits: 9 })),
  ];
}

/** One bank of free spins without couplings and fields. */
function emptyProgram(o: {
  readonly spins: number;
  readonly law: 'fixed' | 'real';
  readonly fractionBits: number;
}): Program {
  const json: ProgramJson = {
    irVersion: '1.0',
    features: [o.law],
    name: `${o.spins} spins`,
    provenance: {},
    law: { kind: o.law },
    inputs: [],
    outputs: [],
    stages: [
      {
        kind: 'block',
        id: 'block',
        index: 0,
        banks: [{ id: 'a', role: 'free', shape: [o.spins], color: 0 }],
        gains: [],
        couplings: [],
        biases: [],
        readouts: [{ id: 'read', bank: 'a', observable: 'spin-sum', tie: 1 }],
        schedule: { sweeps: 1, burnIn: 0, stride: 1, chains: 1, colors: [0], init: 'random', beta: 1 },
        ...(o.law === 'fixed' ? { fixed: { fractionBits: o.fractionBits, beta: 1 } } : {}),
      },
    ],
  };
  return createProgram(json, new Map());
}
