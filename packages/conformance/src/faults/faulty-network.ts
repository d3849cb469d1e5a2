/** Who a faulty machine believes is whose neighbour, and how strongly: couplings and fields with the faults of their kinds planted. */
import { type BlockConstants, type RealConstants, referenceBeta } from '../oracle/block-constants.ts';
import { type BlockStructure, gainValues } from '../oracle/block-structure.ts';
import { rounded } from './rounding.ts';
import type { SamplerFault } from './sampler-fault.ts';

/** What one spin reads of another. */
export interface ReadLink {
  readonly reader: number;
  readonly read: number;
  /** Number of the coupling; −1: none of the block's, `w` being units of field. */
  readonly coupling: number;
  w: number;
  /** As it was before the sweep. */
  stale: boolean;
}

export interface FaultyNetwork {
  /** By reader in flat order, then by coupling, then as stored. */
  readonly links: readonly ReadLink[];
  /** In units of field, flat. */
  readonly fields: Float64Array;
}

/** In what a law counts fields, and the strengths that a run's gains give. */
export interface NetworkUnits {
  /** Units of field in one k_B·T at β = 1. */
  readonly perKT: number;
  /** To the nearest field that the law has. */
  nearest(field: number): number;
  /** J of one unit of w, in k_B·T at β = 1, by number of the coupling. */
  readonly strengths: readonly number[];
  /** Sum of the biases of every spin, flat; 0 for pinned spins. */
  readonly fields: Float64Array;
}

/** Units of the fixed law: β·2^k in one k_B·T. */
export function fixedUnits(structure: BlockStructure, { B, fractionBits }: BlockConstants, gains: Gains): NetworkUnits {
  const values = gainValues(structure.block, gains);
  return {
    perKT: referenceBeta(structure.block) * 2 ** fractionBits,
    nearest: Math.round,
    strengths: structure.couplings.map(
      ({ coupling }) => (values.get(coupling.gain) as number) * (coupling.scale as number),
    ),
    fields: B,
  };
}

/** Units of the real law: k_B·T. */
export function realUnits({ couplings }: BlockStructure, { strengths, h }: RealConstants): NetworkUnits {
  return { perKT: 1, nearest: (field) => field, strengths: couplings.map((_, n) => strengths[n] as number), fields: h };
}

type Gains = Readonly<Record<string, number>>;

/** The block as it is, then every fault in turn. */
export function faultyNetwork(
  structure: BlockStructure,
  units: NetworkUnits,
  faults: readonly SamplerFault[],
): FaultyNetwork {
  let links = trueLinks(structure);
  const fields = units.fields.slice();
  const places = freePlaces(structure);
  for (const fault of faults) {
    if (fault.kind === 'order' && fault.order === 'simultaneous') {
      for (const link of links) link.stale = places.isFree(link.read);
    } else if (fault.kind === 'stale-neighbour') {
      const later = links.filter(({ reader, read }) => places.color(read) < places.color(reader));
      const link = at(later, fault.link);
      if (link !== undefined) link.stale = true;
    } else if (fault.kind === 'edge') {
      links = withEdgeFault(links, fault, structure, units);
    } else if (fault.kind === 'coupling') {
      for (const link of links) {
        const unit = units.strengths[link.coupling] ?? 1 / units.perKT;
        link.w = fault.change === 'scaled' ? link.w * fault.factor : rounded(link.w * unit, fault) / unit;
      }
    } else if (fault.kind === 'self-coupling') {
      const spins = fault.spin === undefined ? places.free : [at(places.free, fault.spin)];
      const w = units.nearest(fault.strength * units.perKT);
      for (const spin of spins)
        if (spin !== undefined) links.push({ reader: spin, read: spin, coupling: -1, w, stale: false });
    } else if (fault.kind === 'field') {
      changeFields(fields, fault, places.free, units);
    } else if (fault.kind === 'pin' && fault.change === 'lends-bias') {
      const own = pinnedFields(structure);
      for (const { reader, read } of links) {
        if (places.isFree(reader))
          fields[reader] = (fields[reader] as number) + units.nearest((own[read] as number) * units.perKT);
      }
    }
  }
  return { links: links.toSorted((a, b) => a.reader - b.reader || a.coupling - b.coupling), fields };
}

/** Free spins in declared order, and the place of their color in a sweep; pinned spins have −1. */
export function freePlaces({ spins, banks, colors }: BlockStructure) {
  const color = new Int32Array(spins).fill(-1);
  for (const [n, list] of colors.entries()) for (const spin of list) color[spin] = n;
  const free = banks.flatMap((bank) => (bank.free ? Array.from({ length: bank.spins }, (_, n) => bank.first + n) : []));
  return {
    free,
    color: (spin: number): number => color[spin] as number,
    isFree: (spin: number): boolean => color[spin] !== -1,
  };
}

/** The entry with this number modulo how many there are. */
export function at<T>(list: readonly T[], n: number): T | undefined {
  return list[((n % list.length) + list.length) % list.length];
}

function trueLinks({ couplings }: BlockStructure): ReadLink[] {
  return couplings.flatMap(({ pairs }, coupling) =>
    pairs.flatMap(({ a, b, w }) => [
      { reader: a, read: b, coupling, w, stale: false },
      { reader: b, read: a, coupling, w, stale: false },
    ]),
  );
}

function withEdgeFault(
  links: readonly ReadLink[],
  fault: Extract<SamplerFault, { kind: 'edge' }>,
  structure: BlockStructure,
  units: NetworkUnits,
): ReadLink[] {
  const { free, color, isFree } = freePlaces(structure);
  const joined = new Set(links.map(({ reader, read }) => reader * structure.spins + read));
  if (fault.change === 'added') {
    const strangers = free.flatMap((a) =>
      free
        .filter((b) => a < b && color(a) !== color(b) && !joined.has(a * structure.spins + b))
        .map((b) => [a, b] as const),
    );
    const pair = at(strangers, fault.edge);
    if (pair === undefined) return [...links];
    const common = { coupling: -1, w: units.nearest(fault.strength * units.perKT), stale: false };
    return [...links, { ...common, reader: pair[0], read: pair[1] }, { ...common, reader: pair[1], read: pair[0] }];
  }
  const edge = at(
    links.filter(({ reader, read }) => reader < read && isFree(reader) && isFree(read)),
    fault.edge,
  );
  if (edge === undefined) return [...links];
  const { reader: a, read: b } = edge;
  return links.filter(
    ({ reader, read }) => !((reader === a && read === b) || (fault.change === 'dropped' && reader === b && read === a)),
  );
}

function changeFields(
  fields: Float64Array,
  fault: Extract<SamplerFault, { kind: 'field' }>,
  free: readonly number[],
  { perKT, nearest }: NetworkUnits,
): void {
  const change = (spins: readonly (number | undefined)[], value: (field: number) => number): void => {
    for (const spin of spins) if (spin !== undefined) fields[spin] = nearest(value(fields[spin] as number)) + 0;
  };
  switch (fault.change) {
    case 'sign': {
      const biased = free.filter((spin) => fields[spin] !== 0);
      change([at(biased, fault.spin)], (field) => -field);
      return;
    }
    case 'ignored':
      change(free, () => 0);
      return;
    case 'scaled':
      change(free, (field) => field * fault.factor);
      return;
    case 'rounded':
      change(free, (field) => rounded(field / perKT, fault) * perKT);
      return;
    case 'offset':
      change(fault.spin === undefined ? free : [at(free, fault.spin)], (field) => field + fault.by * perKT);
      return;
    default:
      fault satisfies never;
  }
}

/** h of pinned spins in k_B·T, 0 elsewhere, at the program's gains: inert by semantics 1.8, unless a fault makes it felt. */
function pinnedFields({ block, spins, banks, biases }: BlockStructure): Float64Array {
  const values = gainValues(block);
  const pinned = banks.filter(({ free }) => !free);
  const out = new Float64Array(spins);
  for (const { gain, first, h } of biases) {
    if (!pinned.some((bank) => bank.first === first)) continue;
    for (const [n, value] of h.entries())
      out[first + n] = (out[first + n] as number) + (values.get(gain) as number) * value;
  }
  return out;
}
