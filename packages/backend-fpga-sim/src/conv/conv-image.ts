/** A block on a convolution engine as memory images (conv-memory-map.ts has the words), and where its spins and sums are in them. */
import { type Block, type PackedSpins, type Program, spinCountOf, weightRef, wordsPerRow } from '@isinglass/sdk';
import { type FixedConstants, sumBound } from '@isinglass/sdk/machine-driver';
import type { PlacedBlock } from '../driver/placed-block.ts';
import type { Burst } from '../host/machine-host.ts';
import { type LaneTable, laneTable } from '../lane/lane-table.ts';
import type { ConvParameters } from '../parameters/engine-parameters.ts';
import {
  type BankPlace,
  type ConvGeometry,
  type CouplingEnd,
  convGeometry,
  mapAt,
  otherSide,
  perGroup,
  pixelsOf,
  type Term,
  type Tile,
  tapsOf,
} from './conv-geometry.ts';
import {
  header,
  headerWords,
  multiplierWord,
  phaseParts,
  termStride,
  termWord,
  tileStride,
  tileWord,
} from './conv-memory-map.ts';
import { sourceTable } from './source-table.ts';

/** Bytes of weights that are copied between two yields. */
const bytesPerSlice = 2 ** 20;

/** Places a block that fits (`convMisfits` is empty), in slices. */
export function* convImage(p: ConvParameters, program: Program, block: Block): Generator<void, ConvImage, void> {
  const geometry = convGeometry(program, block, p);
  const weights = new Int8Array(geometry.weightBytes);
  for (const { coupling, weight } of geometry.couplings) {
    const values = program.tensors.get(weightRef(coupling.form).tensor)?.data as Int8Array;
    for (let begin = 0; begin < values.length; begin += bytesPerSlice) {
      weights.set(values.subarray(begin, begin + bytesPerSlice), weight + begin);
      yield;
    }
  }
  const sources = new Uint32Array(geometry.sourceWords);
  for (const ends of geometry.ends.values()) {
    for (const { geometry: of, side, sources: at } of ends) {
      sources.set(sourceTable(of, side), at);
      yield;
    }
  }
  const streamed = isStreamed(p, geometry);
  return new ConvImage({
    geometry,
    weights,
    sources,
    table: laneTable({ ...p.activation, thresholdBits: p.thresholdBits }, block.fixed?.fractionBits ?? 0),
    streamed,
    weightSteps: (tiles) => weightStepsOf(tiles, { pixels: p.pixels, streamed }),
    sumBounds: new Map(block.couplings.map((coupling) => [coupling.id, sumBound(program.tensors, coupling)])),
  });
}

/** Whether a block's weights are more than the memory on chip holds. */
export const isStreamed = (p: ConvParameters, geometry: ConvGeometry): boolean =>
  weightBitsOf(p, geometry) > 8 * p.weightMemoryBytes;

export const weightBitsOf = (p: ConvParameters, { couplings }: ConvGeometry): number =>
  couplings.reduce((sum, { weights }) => sum + weights * p.weightBits, 0);

interface ConvImageParts {
  readonly geometry: ConvGeometry;
  readonly weights: Int8Array;
  readonly sources: Uint32Array;
  readonly table: LaneTable;
  readonly streamed: boolean;
  readonly sumBounds: ReadonlyMap<string, number>;
  readonly weightSteps: (tiles: readonly Tile[]) => number;
}

/** Steps in which weights are fetched: those of each group of pixels, or of each tile where weights come from outside and stay for all its groups. */
const weightStepsOf = (tiles: readonly Tile[], o: { readonly pixels: number; readonly streamed: boolean }): number =>
  tiles.reduce((sum, { view, terms }) => {
    const groups = o.streamed ? 1 : Math.ceil(view.pixels / o.pixels);
    return sum + groups * terms.reduce((steps, term) => steps + term.steps, 0);
  }, 0);

export class ConvImage implements PlacedBlock {
  readonly geometry: ConvGeometry;
  readonly sumBounds: ReadonlyMap<string, number>;
  readonly spinWords: number;
  readonly slots: number;
  readonly phases: readonly string[];
  readonly weightSteps: PlacedBlock['weightSteps'];
  readonly #parts: ConvImageParts;

  constructor(parts: ConvImageParts) {
    this.#parts = parts;
    this.geometry = parts.geometry;
    this.sumBounds = parts.sumBounds;
    this.spinWords = parts.geometry.sites / 32;
    this.slots = parts.geometry.slots;
    const { staticTiles, sweepTiles } = parts.geometry;
    this.phases = sweepTiles
      .filter(({ lastOfBank }) => lastOfBank)
      .map(({ view }) => `bank ${view.place.layout.bank.id}`);
    this.weightSteps = { staticPass: parts.weightSteps(staticTiles), sweep: parts.weightSteps(sweepTiles) };
  }

  image(): readonly Burst[] {
    const { weights, sources, table } = this.#parts;
    return [
      { window: 'weights', offset: 0, words: weightWords(weights) },
      { window: 'sources', offset: 0, words: sources },
      { window: 'table', offset: 0, words: table.words },
      { window: 'phases', offset: phaseParts.header, words: this.#header() },
      { window: 'phases', offset: phaseParts.tiles, words: this.#tiles() },
      { window: 'phases', offset: phaseParts.terms, words: this.#terms() },
    ];
  }

  constants({ multipliers, biases }: FixedConstants): readonly Burst[] {
    const words = Uint32Array.from(this.geometry.couplings, ({ coupling }) => {
      const multiplier = multipliers.get(coupling.id);
      if (multiplier === undefined) throw new TypeError(`coupling ${coupling.id} has no multiplier`);
      return multiplierWord(multiplier);
    });
    const bySlot = new Int32Array(this.slots);
    for (const [bank, B] of biases) bySlot.set(B, this.#place(bank).site);
    return [
      { window: 'phases', offset: phaseParts.multipliers, words },
      { window: 'biases', offset: 0, words: new Uint32Array(bySlot.buffer) },
    ];
  }

  putStates(words: Uint32Array, bank: string, from: PackedSpins, row: number): void {
    const length = wordsPerRow(from.spinCount);
    words.set(from.words.subarray(row * length, (row + 1) * length), this.#place(bank).site / 32);
  }

  takeStates(words: Uint32Array, bank: string, into: PackedSpins, row: number): void {
    const length = wordsPerRow(into.spinCount);
    const first = this.#place(bank).site / 32;
    into.words.set(words.subarray(first, first + length), row * length);
  }

  slotsOf(bank: string): { readonly first: number; readonly count: number } {
    const { site, layout } = this.#place(bank);
    return { first: site, count: layout.spinCount };
  }

  addSums(values: Int32Array, _bank: string, into: Int32Array, first: number): void {
    for (let spin = 0; spin < values.length; spin++) {
      into[first + spin] = (into[first + spin] as number) + (values[spin] as number);
    }
  }

  #place(bank: string): BankPlace {
    const place = this.geometry.places.get(bank);
    if (place === undefined) throw new TypeError(`the block has no bank ${bank}`);
    return place;
  }

  #allTiles(): readonly Tile[] {
    return [...this.geometry.staticTiles, ...this.geometry.sweepTiles];
  }

  #header(): Uint32Array {
    const { places, staticTiles } = this.geometry;
    const { table, streamed } = this.#parts;
    const words = new Uint32Array(headerWords);
    words[header.tableShift] = table.shift;
    words[header.tableLast] = table.words.length - 1;
    words[header.staticTiles] = staticTiles.length;
    words[header.tiles] = this.#allTiles().length;
    words[header.spins] = [...places.values()].reduce(
      (sum, { layout }) => sum + (layout.bank.role === 'free' ? spinCountOf(layout.bank) : 0),
      0,
    );
    words[header.streamed] = Number(streamed);
    return words;
  }

  #tiles(): Uint32Array {
    const tiles = this.#allTiles();
    const words = new Uint32Array(tileStride * tiles.length);
    let firstTerm = 0;
    tiles.forEach(({ view, firstChannel, channels, terms, lastOfBank }, n) => {
      const at = tileStride * n;
      words[at + tileWord.site] = view.place.site + firstChannel * view.pixels;
      words[at + tileWord.spinIndex] = view.place.layout.offset + firstChannel * view.pixels;
      words[at + tileWord.channels] = channels;
      words[at + tileWord.pixels] = view.pixels;
      words[at + tileWord.firstTerm] = firstTerm;
      words[at + tileWord.terms] = terms.length;
      words[at + tileWord.lastOfBank] = Number(lastOfBank);
      firstTerm += terms.length;
    });
    return words;
  }

  #terms(): Uint32Array {
    const terms = this.#allTiles().flatMap((tile) => tile.terms);
    const words = new Uint32Array(termStride * terms.length);
    terms.forEach((term, n) => {
      putTerm(words, termStride * n, term);
    });
    return words;
  }
}

function putTerm(words: Uint32Array, at: number, { end, steps, weight, source }: Term): void {
  const { geometry, side }: CouplingEnd = end;
  const taps = tapsOf(geometry);
  const kernelRow = perGroup(geometry, 'from') * taps;
  words[at + termWord.steps] = steps;
  words[at + termWord.weight] = weight;
  words[at + termWord.weightsPerChannel] = side === 'to' ? kernelRow : taps;
  words[at + termWord.weightsPerInput] = side === 'to' ? taps : kernelRow;
  words[at + termWord.inputs] = perGroup(geometry, otherSide(side));
  words[at + termWord.taps] = taps;
  words[at + termWord.source] = source;
  words[at + termWord.sitesPerInput] = pixelsOf(mapAt(geometry, otherSide(side)));
  words[at + termWord.sources] = end.sources;
  words[at + termWord.coupling] = geometry.index;
  words[at + termWord.adjoint] = Number(side === 'from');
}

/** Four a word, the first one lowest. */
function weightWords(weights: Int8Array): Uint32Array {
  const view = new DataView(weights.buffer, weights.byteOffset, weights.length);
  return Uint32Array.from({ length: weights.length / 4 }, (_, n) => view.getUint32(4 * n, true));
}
