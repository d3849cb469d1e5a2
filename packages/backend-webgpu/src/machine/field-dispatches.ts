/** The dispatches that put together the fields of a bank: the first of them begins with what is given, the others add (semantics 4.4, 4.5). */
import { blocksPerGroup, giverWords } from '../block/conv-weights.ts';
import type { GpuBank } from '../block/gpu-block.ts';
import type { LoadedInfluence } from '../block/loaded-block.ts';
import { type DispatchSpec, dispatchSpec } from '../gpu/dispatch.ts';
import type { RunLaw } from './run-law.ts';

/** What is added to, and what it begins with. */
export interface FieldTarget {
  readonly field: FieldPlace;
  /** base[(row / rows)·stride + spin]: rows of one and the same base, stride 0 where all rows share one. */
  readonly base: FieldBase;
}

/** Field of row r: buffer[r·stride + first + spin]. */
export interface FieldPlace {
  readonly buffer: GPUBuffer;
  readonly first: number;
  readonly stride: number;
}

export interface FieldBase {
  readonly buffer: GPUBuffer;
  readonly rows: number;
  readonly stride: number;
}

/** Spins of the giving bank as states of rows. */
export interface GiverStates {
  readonly bank: GpuBank;
  readonly states: GPUBuffer;
  readonly spread: GPUBuffer | null;
  /** Rows in front of row 0. */
  readonly firstRow: number;
}

/** `law`: units of field. `plain`: factor·A, of integers. Either replaces the field or adds to it. */
export type FieldTerm =
  | { readonly kind: 'law'; readonly begins: boolean; readonly law: RunLaw }
  | { readonly kind: 'plain'; readonly begins: boolean; readonly factor: number };

export function fieldDispatches(
  loaded: LoadedInfluence,
  target: FieldTarget,
  giver: GiverStates,
  term: FieldTerm,
): readonly DispatchSpec[] {
  const { influence } = loaded;
  const variant = { law: term.kind === 'law' ? term.law.kind : ('fixed' as const) };
  const common = {
    field_stride: target.field.stride,
    field_first: target.field.first,
    base_rows: target.base.rows,
    base_stride: target.base.stride,
    ...termParams(term, influence.coupling.id),
  };
  if (loaded.kind === 'sparse') {
    return [
      dispatchSpec({
        kernel: 'sparse-field',
        ...variant,
        params: { ...common, count: loaded.count, source_row: giver.bank.words, source_first: giver.firstRow },
        buffers: [loaded.list, loaded.entries, giver.states, target.base.buffer, target.field.buffer],
        invocationsPerRow: loaded.count,
        costPerRow: loaded.count * (influence.degree + 2),
      }),
    ];
  }
  const { geometry } = influence;
  if (geometry === null) throw new TypeError('a convolution without geometry');
  const { x, y } = geometry;
  const source = geometry.spread ? giver.spread : giver.states;
  if (source === null) throw new TypeError(`bank ${giver.bank.bank.id} is not kept by pixels`);
  const pixelWords = geometry.spread ? giver.bank.pixelWords : giver.bank.words;
  return loaded.parts.map((part) =>
    dispatchSpec({
      kernel: 'conv-field',
      ...variant,
      products: loaded.products,
      params: {
        ...common,
        receivers: geometry.receivers,
        blocks: blocksPerGroup(geometry),
        first_block: part.firstBlock,
        words: giverWords(geometry),
        giver_channels: geometry.givers,
        width: geometry.width,
        pixels: geometry.pixels,
        taps_x: x.taps,
        taps: geometry.taps,
        source_width: x.sourceSize,
        source_height: y.sourceSize,
        source_pixel: pixelWords,
        source_row: geometry.spread ? pixelWords * giver.bank.pixels : pixelWords,
        source_first: giver.firstRow,
        multiply_x: x.multiply,
        multiply_y: y.multiply,
        dilation_x: x.dilation,
        dilation_y: y.dilation,
        offset_x: x.offset,
        offset_y: y.offset,
        divide_x: x.divide,
        divide_y: y.divide,
      },
      buffers: [part.weights, source, target.base.buffer, target.field.buffer],
      invocationsPerRow: geometry.pixels,
      layers: part.blocks,
      costPerRow: geometry.pixels * part.blocks * (8 * geometry.taps * giverWords(geometry) * 32 + 16),
    }),
  );
}

function termParams(
  term: FieldTerm,
  coupling: string,
): { readonly mode: number; readonly factor: number; readonly shift: number; readonly plain: number } {
  if (term.kind === 'plain') return { mode: term.begins ? 2 : 3, factor: 0, shift: 0, plain: term.factor };
  const found = term.law.terms.get(coupling);
  if (found === undefined) throw new TypeError(`no factor of coupling ${coupling}`);
  return { mode: term.begins ? 0 : 1, ...found, plain: 0 };
}
