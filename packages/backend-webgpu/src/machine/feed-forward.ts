/**
 * The feed-forward start (semantics 4.8; paper eq. 18, 19) with the kernels of sweeps: means are ±1 planes, whose plain sums weighed by powers of two
 * are 2·Σ w·m (see feed-forward-means).
 */
import { activationLimit } from '@isinglass/sdk';
import { meanPlanes } from '../block/footprint.ts';
import type { GpuBank } from '../block/gpu-block.ts';
import type { LoadedInfluence, LoadedPart } from '../block/loaded-block.ts';
import { type DispatchSpec, dispatchSpec } from '../gpu/dispatch.ts';
import { type FieldBase, fieldDispatches, type GiverStates } from './field-dispatches.ts';
import type { BankBuffers } from './run-buffers.ts';
import { fieldOf, type SweepContext, spreadStates, staticBase } from './sweep-dispatches.ts';

interface MeanBuffers {
  readonly bank: GpuBank;
  /** [plane][row][word] */
  readonly planes: GPUBuffer;
  readonly spread: GPUBuffer | null;
}

/** Rows of one dispatch are planes × rows here: spread once before everything and after each update of means. */
export interface FeedForwardDispatches {
  /** For `meanPlanes` times the rows. */
  readonly before: readonly DispatchSpec[];
  readonly steps: readonly { readonly dispatches: readonly DispatchSpec[]; readonly spread: readonly DispatchSpec[] }[];
  /** To be freed when all is computed. */
  readonly buffers: readonly GPUBuffer[];
}

export function feedForwardDispatches(context: SweepContext): FeedForwardDispatches {
  const { host, block, rows, buffers } = context;
  const { memory } = host.gpu;
  const all: GPUBuffer[] = [];
  const means = new Map<number, MeanBuffers>();
  for (const bank of block.banks) {
    if (!bank.free) continue;
    const planes = memory.filled(`${bank.bank.id} means`, unvisited(rows * bank.words));
    all.push(planes);
    const spread = bank.spread
      ? memory.storage('means by pixel', 4 * meanPlanes * rows * bank.pixels * bank.pixelWords)
      : null;
    if (spread !== null) all.push(spread);
    means.set(bank.index, { bank, planes, spread });
  }
  const doubled = memory.storage('sums of means', buffers.field.size);
  all.push(doubled);
  const spreadOf = ({ bank, planes, spread }: MeanBuffers): readonly DispatchSpec[] =>
    spread === null ? [] : [spreadStates({ bank, states: planes, spread })];
  const steps = block.parts.flatMap((color) => {
    // All fields of a color before any of its means.
    const parts = color.map((part) => ({ part, ...partStep(context, part, { means, doubled, rows }) }));
    return parts.map(({ part, fields, update }) => ({
      dispatches: [...fields, update],
      spread: spreadOf(means.get(part.bank.index) as MeanBuffers),
    }));
  });
  return { before: [...means.values()].flatMap(spreadOf), steps, buffers: all };
}

/** Spins of one color are not coupled: a part may take its means as soon as it has its fields. */
function partStep(
  { block, law, buffers }: SweepContext,
  part: LoadedPart,
  o: { readonly means: ReadonlyMap<number, MeanBuffers>; readonly doubled: GPUBuffer; readonly rows: number },
): { readonly fields: readonly DispatchSpec[]; readonly update: DispatchSpec } {
  const { bank, mask, influences } = part;
  const own = buffers.banks[bank.index] as BankBuffers;
  const base = staticBase(own, buffers);
  const fields = influences.flatMap((loaded, n) => [
    ...plainSums(loaded, bank, o),
    meansField({ bank, base, doubled: o.doubled, field: buffers.field, begins: n === 0 }, multiplierOf(loaded)),
  ]);
  const field = influences.length > 0 ? { buffer: buffers.field, rows: 1, stride: bank.spins } : base;
  const update = dispatchSpec({
    kernel: 'feed-forward-means',
    params: {
      spins: bank.spins,
      words: bank.words,
      rows: o.rows,
      field_rows: field.rows,
      field_stride: field.stride,
      limit: activationLimit(block.fractionBits),
    },
    buffers: [field.buffer, mask, block.table, own.states, (o.means.get(bank.index) as MeanBuffers).planes],
    invocationsPerRow: bank.words,
    costPerRow: bank.spins * 40,
  });
  return { fields, update };

  function multiplierOf({ influence }: LoadedInfluence): { readonly M: number; readonly sh: number } {
    const m = law.fixed?.multipliers.get(influence.coupling.id);
    if (m === undefined) throw new TypeError(`no multiplier of coupling ${influence.coupling.id}`);
    return m;
  }
}

/** 2·A' of one coupling, into `doubled`. */
function plainSums(
  loaded: LoadedInfluence,
  bank: GpuBank,
  {
    means,
    doubled,
    rows,
  }: { readonly means: ReadonlyMap<number, MeanBuffers>; readonly doubled: GPUBuffer; readonly rows: number },
): readonly DispatchSpec[] {
  const { bank: giver, planes, spread } = means.get(loaded.influence.giver) as MeanBuffers;
  return Array.from({ length: meanPlanes }, (_, plane) => {
    const states: GiverStates = { bank: giver, states: planes, spread, firstRow: plane * rows };
    const base: FieldBase = { buffer: planes, rows: 1, stride: 0 };
    const factor = plane === meanPlanes - 1 ? 255 : 2 ** plane;
    return fieldDispatches(loaded, { field: fieldOf(bank, doubled), base }, states, {
      kind: 'plain',
      begins: plane === 0,
      factor,
    });
  }).flat();
}

function meansField(
  o: {
    readonly bank: GpuBank;
    readonly base: FieldBase;
    readonly doubled: GPUBuffer;
    readonly field: GPUBuffer;
    readonly begins: boolean;
  },
  { M, sh }: { readonly M: number; readonly sh: number },
): DispatchSpec {
  return dispatchSpec({
    kernel: 'feed-forward-field',
    params: {
      spins: o.bank.spins,
      base_rows: o.base.rows,
      base_stride: o.base.stride,
      mode: o.begins ? 0 : 1,
      multiplier: M,
      shift: sh,
    },
    buffers: [o.doubled, o.base.buffer, o.field],
    invocationsPerRow: o.bank.spins,
    costPerRow: o.bank.spins * 40,
  });
}

/** Mean 0 is 128: bit 7 alone; and the plane of ones. */
function unvisited(wordsPerPlane: number): Uint32Array<ArrayBuffer> {
  const planes = new Uint32Array(meanPlanes * wordsPerPlane);
  planes.fill(0xffff_ffff, 7 * wordsPerPlane, 8 * wordsPerPlane);
  planes.fill(0xffff_ffff, 9 * wordsPerPlane);
  return planes;
}
