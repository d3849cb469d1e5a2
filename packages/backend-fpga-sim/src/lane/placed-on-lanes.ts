/**
 * A block on a lane engine: spins dealt to update slots, couplings to rows of slots (lane-memory-map.ts has the words).
 *
 * The free spins of each color, in order of spinIndex, take chunks of P slots, and the rest of the last chunk is padding. A spin's site in SPINS is its update slot,
 * so that lanes write a chunk's states side by side; pinned spins have the sites after all chunks.
 */
import { type BankLayout, type Block, blockLayout, type PackedSpins, type Program, wordsPerRow } from '@isinglass/sdk';
import { type FixedConstants, sumBound } from '@isinglass/sdk/machine-driver';
import type { PlacedBlock } from '../driver/placed-block.ts';
import type { Burst } from '../host/machine-host.ts';
import type { LaneParameters } from '../parameters/engine-parameters.ts';
import {
  type ColorGeometry,
  type CouplingEnd,
  colorsOfBank,
  type LaneGeometry,
  laneGeometry,
  rowsOf,
} from './lane-geometry.ts';
import {
  header,
  headerWords,
  laneCapacity,
  multiplierWord,
  noSpin,
  phaseParts,
  phaseWord,
  slotWord,
} from './lane-memory-map.ts';
import { type LaneTable, laneTable } from './lane-table.ts';

/** Spins whose couplings are placed between two yields. */
const spinsPerSlice = 256;

/** Where a bank's spins are. */
interface BankPlace {
  readonly layout: BankLayout;
  /** By spin; of a free bank it is the update slot too. */
  readonly sites: Uint32Array;
}

/** Where the couplings of one color begin in SLOTS: the first row of each group, in the color's first chunk, and the rows of a chunk. */
interface ColorRows {
  readonly firstChunk: number;
  readonly groupRow: ReadonlyMap<string, number>;
  readonly rowsPerChunk: number;
}

/** Places a block that fits (`laneMisfits` is empty), in slices. */
export function* placeOnLanes(p: LaneParameters, program: Program, block: Block): Generator<void, PlacedOnLanes, void> {
  const geometry = laneGeometry(program, block, p);
  const places = placeBanks(p, program, block, geometry);
  const slots = yield* fillSlots(p, program, geometry, places);
  const table = laneTable({ ...p.activation, thresholdBits: p.thresholdBits }, block.fixed?.fractionBits ?? 0);
  const sumBounds = new Map(block.couplings.map((coupling) => [coupling.id, sumBound(program.tensors, coupling)]));
  return new PlacedOnLanes({ parameters: p, geometry, places, slots, table, sumBounds });
}

function placeBanks(
  p: LaneParameters,
  program: Program,
  block: Block,
  { colors }: LaneGeometry,
): Map<string, BankPlace> {
  const { laneStride } = laneCapacity(p);
  const next = new Map<number, { chunk: number; lane: number }>();
  let chunk = 0;
  for (const { color, chunks } of colors) {
    next.set(color, { chunk, lane: 0 });
    chunk += chunks;
  }
  let pinnedSite = chunk * laneStride;
  const slotFor = (color: number): number => {
    const at = next.get(color) as { chunk: number; lane: number };
    const slot = at.chunk * laneStride + at.lane++;
    if (at.lane === p.lanes) Object.assign(at, { chunk: at.chunk + 1, lane: 0 });
    return slot;
  };
  return new Map(
    blockLayout(block).map((layout) => {
      const { bank, spinCount } = layout;
      const color = colorsOfBank(program, bank);
      const sites = Uint32Array.from({ length: spinCount }, (_, spin) =>
        color === undefined ? pinnedSite++ : slotFor(typeof color === 'number' ? color : (color[spin] as number)),
      );
      return [bank.id, { layout, sites }];
    }),
  );
}

/** SLOTS: the static pass, then the sweep. */
function* fillSlots(
  p: LaneParameters,
  program: Program,
  geometry: LaneGeometry,
  places: ReadonlyMap<string, BankPlace>,
): Generator<void, Uint32Array, void> {
  const { laneStride, couplingStride } = laneCapacity(p);
  const { staticRows, sweepRows } = rowsOf(geometry);
  const slots = new Uint32Array((staticRows + sweepRows) * laneStride * couplingStride);
  const rowsOfStatic = colorRows(geometry.colors, 0, 'staticGroups');
  const rowsOfSweep = colorRows(geometry.colors, staticRows, 'groups');
  for (const end of geometry.ends) {
    const { layout, sites } = places.get(end.bank) as BankPlace;
    const color = colorsOfBank(program, layout.bank) ?? 0;
    const byColor = end.pinned ? rowsOfStatic : rowsOfSweep;
    const otherSites = (places.get(end.otherBank) as BankPlace).sites;
    for (let spin = 0; spin < sites.length; spin++) {
      const site = sites[spin] as number;
      const { firstChunk, groupRow, rowsPerChunk } = byColor.get(
        typeof color === 'number' ? color : (color[spin] as number),
      ) as ColorRows;
      const first = groupRow.get(end.view.coupling.id);
      if (first !== undefined) {
        const lane = site % laneStride;
        const row = first + (Math.floor(site / laneStride) - firstChunk) * rowsPerChunk;
        placeSpin(end, spin, otherSites, (n, word) => {
          const step = row + Math.floor(n / p.couplingsPerLane);
          slots[(step * laneStride + lane) * couplingStride + (n % p.couplingsPerLane)] = word;
        });
      }
      if (spin % spinsPerSlice === 0) yield;
    }
  }
  return slots;
}

function placeSpin(
  end: CouplingEnd,
  spin: number,
  otherSites: Uint32Array,
  put: (n: number, word: number) => void,
): void {
  let n = 0;
  for (const [other, weight] of end.view.neighbours(end.side, spin)) {
    if (weight !== 0) put(n++, slotWord(otherSites[other] as number, weight));
  }
}

function colorRows(
  colors: readonly ColorGeometry[],
  firstRow: number,
  groups: 'groups' | 'staticGroups',
): ReadonlyMap<number, ColorRows> {
  let row = firstRow;
  let chunk = 0;
  return new Map(
    colors.map((color) => {
      let rowsPerChunk = 0;
      const groupRow = new Map<string, number>();
      for (const { coupling, steps } of color[groups]) {
        groupRow.set(coupling, row + rowsPerChunk);
        rowsPerChunk += steps;
      }
      const rows: ColorRows = { firstChunk: chunk, groupRow, rowsPerChunk };
      row += color.chunks * rowsPerChunk;
      chunk += color.chunks;
      return [color.color, rows];
    }),
  );
}

interface PlacedOnLanesOptions {
  readonly parameters: LaneParameters;
  readonly geometry: LaneGeometry;
  readonly places: ReadonlyMap<string, BankPlace>;
  readonly slots: Uint32Array;
  readonly table: LaneTable;
  readonly sumBounds: ReadonlyMap<string, number>;
}

export class PlacedOnLanes implements PlacedBlock {
  readonly geometry: LaneGeometry;
  readonly sumBounds: ReadonlyMap<string, number>;
  readonly spinWords: number;
  readonly slots: number;
  readonly phases: readonly string[];
  readonly weightSteps: PlacedBlock['weightSteps'];
  readonly #o: PlacedOnLanesOptions;

  constructor(o: PlacedOnLanesOptions) {
    this.#o = o;
    this.geometry = o.geometry;
    this.sumBounds = o.sumBounds;
    const sites = [...o.places.values()].reduce((most, place) => Math.max(most, (place.sites.at(-1) ?? -1) + 1), 0);
    this.slots = this.#chunks() * laneCapacity(o.parameters).laneStride;
    this.spinWords = Math.ceil(Math.max(sites, this.slots) / 32);
    this.phases = o.geometry.colors.map(({ color }) => `color ${color}`);
    const { staticRows, sweepRows } = rowsOf(o.geometry);
    this.weightSteps = { staticPass: staticRows, sweep: sweepRows };
  }

  image(): readonly Burst[] {
    const { slots, table } = this.#o;
    return [
      { window: 'slots', offset: 0, words: slots },
      { window: 'spinIndices', offset: 0, words: this.#spinIndices() },
      { window: 'table', offset: 0, words: table.words },
      { window: 'phases', offset: phaseParts.header, words: this.#header() },
      { window: 'phases', offset: phaseParts.phases, words: this.#phases() },
      { window: 'phases', offset: phaseParts.steps, words: Uint32Array.from(this.#groups(), ({ steps }) => steps) },
    ];
  }

  constants({ multipliers, biases }: FixedConstants): readonly Burst[] {
    const words = Uint32Array.from(this.#groups(), ({ coupling }) => {
      const multiplier = multipliers.get(coupling);
      if (multiplier === undefined) throw new TypeError(`coupling ${coupling} has no multiplier`);
      return multiplierWord(multiplier);
    });
    const bySlot = new Int32Array(this.slots);
    for (const [bank, B] of biases) {
      this.#place(bank).sites.forEach((slot, spin) => {
        bySlot[slot] = B[spin] as number;
      });
    }
    return [
      { window: 'phases', offset: phaseParts.multipliers, words },
      { window: 'biases', offset: 0, words: new Uint32Array(bySlot.buffer) },
    ];
  }

  putStates(words: Uint32Array, bank: string, from: PackedSpins, row: number): void {
    const first = row * wordsPerRow(from.spinCount);
    this.#place(bank).sites.forEach((site, spin) => {
      const bit = ((from.words[first + (spin >>> 5)] as number) >>> (spin & 31)) & 1;
      const cleared = (words[site >>> 5] as number) & ~(1 << (site & 31));
      words[site >>> 5] = cleared | (bit << (site & 31));
    });
  }

  takeStates(words: Uint32Array, bank: string, into: PackedSpins, row: number): void {
    const first = row * wordsPerRow(into.spinCount);
    this.#place(bank).sites.forEach((site, spin) => {
      const bit = ((words[site >>> 5] as number) >>> (site & 31)) & 1;
      const at = first + (spin >>> 5);
      into.words[at] = ((into.words[at] as number) & ~(1 << (spin & 31))) | (bit << (spin & 31));
    });
  }

  slotsOf(bank: string): { readonly first: number; readonly count: number } {
    const { sites } = this.#place(bank);
    const first = sites.reduce((least, slot) => Math.min(least, slot), Number.POSITIVE_INFINITY);
    return { first, count: sites.reduce((most, slot) => Math.max(most, slot), 0) + 1 - first };
  }

  addSums(values: Int32Array, bank: string, into: Int32Array, first: number): void {
    const from = this.slotsOf(bank).first;
    this.#place(bank).sites.forEach((slot, spin) => {
      into[first + spin] = (into[first + spin] as number) + (values[slot - from] as number);
    });
  }

  #place(bank: string): BankPlace {
    const place = this.#o.places.get(bank);
    if (place === undefined) throw new TypeError(`the block has no bank ${bank}`);
    return place;
  }

  #chunks(): number {
    return this.geometry.colors.reduce((sum, { chunks }) => sum + chunks, 0);
  }

  /** Of the static pass, then of the sweep. */
  #groups(): readonly { readonly coupling: string; readonly steps: number }[] {
    const { colors } = this.geometry;
    return [...colors.flatMap(({ staticGroups }) => staticGroups), ...colors.flatMap(({ groups }) => groups)];
  }

  #phases(): Uint32Array {
    const { colors } = this.geometry;
    return Uint32Array.from([
      ...colors.map(({ chunks, staticGroups }) => phaseWord({ chunks, groups: staticGroups.length })),
      ...colors.map(({ chunks, groups }) => phaseWord({ chunks, groups: groups.length })),
    ]);
  }

  #header(): Uint32Array {
    const { colors } = this.geometry;
    const { table } = this.#o;
    const words = new Uint32Array(headerWords);
    words[header.tableShift] = table.shift;
    words[header.tableLast] = table.words.length - 1;
    words[header.colors] = colors.length;
    words[header.sweepRow] = rowsOf(this.geometry).staticRows;
    words[header.sweepGroup] = colors.reduce((sum, { staticGroups }) => sum + staticGroups.length, 0);
    words[header.chunks] = this.#chunks();
    words[header.spins] = colors.reduce((sum, { spins }) => sum + spins, 0);
    return words;
  }

  #spinIndices(): Uint32Array {
    const words = new Uint32Array(this.slots).fill(noSpin);
    for (const { layout, sites } of this.#o.places.values()) {
      if (layout.bank.role === 'pinned') continue;
      sites.forEach((slot, spin) => {
        words[slot] = layout.offset + spin;
      });
    }
    return words;
  }
}
