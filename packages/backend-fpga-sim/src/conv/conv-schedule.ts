/** The tiles that the memory PHASES describes, read out once for many sweeps. Descriptors that lead out of a memory are faults. */

import { BusFault } from '../host/bus-fault.ts';
import { addressOf } from '../host/hardware.ts';
import type { ConvMemories } from './conv-memories.ts';
import { header, invalidSource, phaseParts, termStride, termWord, tileStride, tileWord } from './conv-memory-map.ts';

type WordsOf<Layout> = { readonly [K in keyof Layout]: number };

/** The words of a term, and its multiplier: scaled(A) = ⌊(A · factor + half) / divisor⌋ (semantics 4.3). */
export interface ScheduledTerm extends WordsOf<typeof termWord> {
  readonly factor: number;
  readonly shift: number;
  readonly half: number;
  readonly divisor: number;
}

export interface ScheduledTile extends Omit<WordsOf<typeof tileWord>, 'terms' | 'firstTerm' | 'lastOfBank'> {
  /** Its place in PHASES. */
  readonly number: number;
  readonly terms: readonly ScheduledTerm[];
}

/** The tiles of one bank: between two drains. */
export type HalfSweep = readonly ScheduledTile[];

export interface ConvSchedule {
  readonly staticPass: readonly HalfSweep[];
  readonly sweep: readonly HalfSweep[];
  readonly streamed: boolean;
}

interface Shape {
  readonly channels: number;
  readonly taps: number;
}

export function convSchedule(memories: ConvMemories, shape: Shape): ConvSchedule {
  const count = headerWord(memories, 'tiles', memories.capacity.tiles);
  const staticCount = headerWord(memories, 'staticTiles', count);
  headerWord(memories, 'tableLast', memories.capacity.tableEntries - 1);
  headerWord(memories, 'tableShift', 31);
  const tiles = Array.from({ length: count }, (_, n) => scheduledTile(memories, shape, n));
  const lastOfBank = (n: number): boolean => memories.tiles[tileStride * n + tileWord.lastOfBank] === 1;
  const halfSweeps = (begin: number, end: number): HalfSweep[] => {
    const halves: ScheduledTile[][] = [];
    for (let n = begin; n < end; n++) {
      if (n === begin || lastOfBank(n - 1)) halves.push([]);
      halves.at(-1)?.push(tiles[n] as ScheduledTile);
    }
    if (end > begin && !lastOfBank(end - 1))
      throw faultAt('tiles', tileStride * (end - 1), 'the pass ends within a bank');
    return halves;
  };
  return {
    staticPass: halfSweeps(0, staticCount),
    sweep: halfSweeps(staticCount, count),
    streamed: memories.header[header.streamed] === 1,
  };
}

function headerWord(memories: ConvMemories, name: keyof typeof header, max: number): number {
  const value = memories.header[header[name]] as number;
  if (value > max) throw faultAt('header', header[name], `${name} is ${value}; the machine holds ${max}`);
  return value;
}

const faultAt = (part: keyof typeof phaseParts, offset: number, message: string): BusFault =>
  new BusFault(addressOf('phases', phaseParts[part] + offset), message);

function wordsAt<Layout extends Readonly<Record<string, number>>>(
  words: Uint32Array,
  at: number,
  layout: Layout,
): WordsOf<Layout> {
  return Object.fromEntries(
    Object.entries(layout).map(([name, n]) => [name, words[at + n] as number]),
  ) as WordsOf<Layout>;
}

function scheduledTile(memories: ConvMemories, shape: Shape, n: number): ScheduledTile {
  const at = tileStride * n;
  const tile = wordsAt(memories.tiles, at, tileWord);
  const { capacity } = memories;
  const check = (fits: boolean, word: keyof typeof tileWord, message: string): void => {
    if (!fits) throw faultAt('tiles', at + tileWord[word], message);
  };
  check(
    tile.channels >= 1 && tile.channels <= shape.channels,
    'channels',
    `${tile.channels} channels; the array has ${shape.channels}`,
  );
  check(tile.pixels >= 1, 'pixels', 'a tile without pixels');
  const end = tile.site + tile.channels * tile.pixels;
  check(end <= capacity.sites, 'site', `sites up to ${end}; the machine has ${capacity.sites}`);
  const lastTerm = tile.firstTerm + tile.terms;
  check(lastTerm <= capacity.terms, 'firstTerm', `terms up to ${lastTerm}; the machine holds ${capacity.terms}`);
  const terms = Array.from({ length: tile.terms }, (_, t) => scheduledTerm(memories, shape, tile, tile.firstTerm + t));
  return { ...tile, number: n, terms };
}

function scheduledTerm(
  memories: ConvMemories,
  shape: Shape,
  tile: { readonly channels: number; readonly pixels: number },
  n: number,
): ScheduledTerm {
  const at = termStride * n;
  const term = wordsAt(memories.terms, at, termWord);
  const { capacity } = memories;
  const check = (last: number, size: number, word: keyof typeof termWord, what: string): void => {
    if (last >= size) throw faultAt('terms', at + termWord[word], `${what} up to ${last}; the machine has ${size}`);
  };
  const steps = Math.ceil((term.inputs * term.taps) / shape.taps);
  if (term.steps !== steps || steps === 0) {
    throw faultAt('terms', at + termWord.steps, `${term.steps} steps for ${term.inputs} inputs of ${term.taps} taps`);
  }
  const lastWeight =
    term.weight +
    (tile.channels - 1) * term.weightsPerChannel +
    (term.inputs - 1) * term.weightsPerInput +
    term.taps -
    1;
  check(lastWeight, capacity.weightBytes, 'weight', 'weights');
  check(term.source + term.inputs * term.sitesPerInput - 1, capacity.sites, 'source', 'sites');
  check(term.sources + term.taps * tile.pixels - 1, capacity.sources, 'sources', 'words of SOURCES');
  check(term.coupling, capacity.couplings, 'coupling', 'couplings');
  for (let word = term.sources; word < term.sources + term.taps * tile.pixels; word++) {
    const pixel = memories.sources[word] as number;
    if (pixel < invalidSource && pixel >= term.sitesPerInput) {
      throw new BusFault(addressOf('sources', word), `pixel ${pixel} of an input of ${term.sitesPerInput}`);
    }
  }
  const multiplier = memories.multipliers[term.coupling] as number;
  const shift = (multiplier >>> 16) & 63;
  return { ...term, factor: multiplier & 0xffff, shift, half: shift === 0 ? 0 : 2 ** (shift - 1), divisor: 2 ** shift };
}
