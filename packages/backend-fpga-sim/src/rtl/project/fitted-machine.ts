/** The smallest machine of an engine that holds a block: what a misfit asks for is given, until there is none. */
import type { Block, Misfit, Program } from '@isinglass/sdk';
import { fieldFormatText } from '../../parameters/field-format.ts';
import { machineUri } from '../../parameters/machine-uri.ts';
import type { SetName } from '../../parameters/named-sets.ts';
import { type CountParameter, type ParameterName, parameterTable } from '../../parameters/parameter-table.ts';
import { type GivenValues, resolveParameters } from '../../parameters/resolve-parameters.ts';
import { projectEngine } from './project-engine.ts';

/** Parameters that grow. */
type Size = Extract<
  ParameterName,
  'spins' | 'degree' | 'colors' | 'accumulatorBits' | 'couplingSlots' | 'channels' | 'weightMemoryKiB'
>;

const sets = { lane: 'toy', conv: 'conv-s' } as const satisfies Record<string, SetName>;

/** Small enough for any simulator and for small parts. */
const smallest: Readonly<Record<keyof typeof sets, GivenValues>> = {
  lane: { lanes: 8, couplingSlots: 64, spins: 32, degree: 1, colors: 1 },
  conv: { channels: 4, taps: 4, pixels: 8, samplers: 8, weightMemoryKiB: 1, spins: 32, degree: 1, colors: 1 },
};

const powerOfTwo = (n: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, n)));

interface Growth {
  readonly name: Size;
  to(needed: number, present: number): number;
}

const twice: Growth = { name: 'spins', to: (_, present) => 2 * present };

/** By the limit of a misfit: which parameter grows, and to what. Sizes of memories double, since their addresses have whole bits. */
const growth: Readonly<Record<string, Growth>> = {
  'spins.max': { name: 'spins', to: powerOfTwo },
  'dynamics.colorsMax': { name: 'colors', to: powerOfTwo },
  'couplings.degreeMax': { name: 'degree', to: (needed) => needed },
  'field.accumulatorBits': { name: 'accumulatorBits', to: (needed) => needed },
  'lane.couplingSlots': { name: 'couplingSlots', to: powerOfTwo },
  'lane.couplingGroups': { name: 'colors', to: (_, present) => 2 * present },
  'lane.sites': twice,
  'conv.sites': twice,
  'conv.sources': twice,
  'conv.tiles': twice,
  'conv.terms': twice,
  'conv.weightBytes': { name: 'weightMemoryKiB', to: (bytes) => powerOfTwo(bytes / 1024) },
  'conv.weightMemoryBits': { name: 'weightMemoryKiB', to: (bits) => powerOfTwo(bits / 8 / 1024) },
};

/**
 * Its URI. Where nothing helps (forms of couplings, weights, the end of a range) it is the URI of a machine that does not hold the block, and its misfits say why.
 *
 * With philox, a table of full size and sums that fit, what it computes is the fixed law to the bit, as the sdk's reference computes it.
 */
export function fittedMachineUri(engine: keyof typeof sets, program: Program, block: Block): string {
  const fractionBits = block.fixed?.fractionBits ?? 4;
  let values: GivenValues = {
    ...smallest[engine],
    format: { integerBits: 5, fractionBits },
    activation: 'table',
    tableEntries: 2 ** (fractionBits + 4),
    rng: 'philox',
    temperatureSweeps: typeof block.schedule.beta === 'number' ? 0 : powerOfTwo(block.schedule.sweeps),
  };
  for (;;) {
    const { parameters } = resolveParameters(sets[engine], values);
    const grown = grow(values, projectEngine(parameters).engine.misfits(program, block));
    if (grown === null) return uriOf(sets[engine], values);
    values = grown;
  }
}

/** null: nothing that is asked for can grow. */
function grow(values: GivenValues, misfits: readonly Misfit[]): GivenValues | null {
  const grown: { [K in Size]?: number } = {};
  for (const { limit, needed } of misfits) {
    const rule = growth[limit];
    if (rule === undefined) continue;
    const { max, default: usual }: CountParameter = parameterTable[rule.name];
    const present = values[rule.name] ?? usual;
    const next = Math.min(max, rule.to(needed, present));
    if (next > (grown[rule.name] ?? present)) grown[rule.name] = next;
  }
  return Object.keys(grown).length === 0 ? null : { ...values, ...grown };
}

function uriOf(set: SetName, values: GivenValues): string {
  const options = Object.entries(values).map(([name, value]) => {
    const text = typeof value === 'object' && value !== null ? fieldFormatText(value) : String(value);
    return `${name}=${text}`;
  });
  return `${machineUri(set)}?${options.join('&')}`;
}
