/** A block on the GPU: weights, lists and masks, which no run changes. */
import { activationTable, type Coupling, type CouplingView, couplingView } from '@isinglass/sdk';
import type { GpuContext } from '../gpu/gpu-context.ts';
import type { Products } from '../gpu/pipelines.ts';
import { packWeights, planesOf, type WeightPart, weightParts } from './conv-weights.ts';
import type { ColorPart, GpuBank, GpuBlock, Influence } from './gpu-block.ts';
import { sparseList } from './sparse-list.ts';

export interface LoadedBlock extends GpuBlock {
  /** Of the fixed law; 0 under the real one. */
  readonly fractionBits: number;
  /** T of semantics 4.6; a word that nothing reads under the real law. */
  readonly table: GPUBuffer;
  /** Influences of pinned banks, by bank: all spins at once. */
  readonly statics: readonly (readonly LoadedInfluence[])[];
  /** By color and part: what a sweep does. */
  readonly parts: readonly (readonly LoadedPart[])[];
  /** By coupling id: no free spin's Σ|w| is larger (see fixedConstants). */
  readonly sumBounds: ReadonlyMap<string, number>;
  /** All of the above. */
  readonly buffers: readonly GPUBuffer[];
}

export interface LoadedPart extends ColorPart {
  readonly influences: readonly LoadedInfluence[];
  /** Bits of the part's spins. */
  readonly mask: GPUBuffer;
}

export type LoadedInfluence =
  | {
      readonly kind: 'conv';
      readonly influence: Influence;
      readonly products: Products;
      readonly parts: readonly (WeightPart & { readonly weights: GPUBuffer })[];
    }
  | {
      readonly kind: 'sparse';
      readonly influence: Influence;
      readonly count: number;
      readonly list: GPUBuffer;
      readonly entries: GPUBuffer;
    };

/** How a coupling is multiplied on this GPU. */
export function productsOf(block: GpuBlock, influence: Influence, packed: boolean): Products {
  if (block.law === 'real') return { kind: 'real' };
  if (packed || influence.geometry === null) return { kind: 'packed' };
  return { kind: 'planes', planes: planesOf(block.program.tensors, influence.geometry) };
}

/** Frees what it has made when it is abandoned. The block fits: that is the plan's business. */
export function* loadBlock(block: GpuBlock, gpu: GpuContext): Generator<void, LoadedBlock, void> {
  const buffers: GPUBuffer[] = [];
  let complete = false;
  const upload = (label: string, data: Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>): GPUBuffer => {
    const buffer = gpu.memory.filled(label, data);
    buffers.push(buffer);
    return buffer;
  };
  // Every weight is looked at here, in slices: the bounds are taken on the way.
  const sumBounds = new Map(block.block.couplings.map(({ id }) => [id, 0]));
  const bound = ({ id }: Coupling, sum: number): void =>
    void sumBounds.set(id, Math.max(sumBounds.get(id) as number, sum));
  const influences = new Map<string, LoadedInfluence>();
  const views = new Map<string, CouplingView>();
  function* loaded(influence: Influence, part: ColorPart | null): Generator<void, LoadedInfluence, void> {
    const { coupling, side, geometry } = influence;
    const spins = part?.spins ?? null;
    const key = JSON.stringify([coupling.id, side, geometry === null && spins !== null ? spins[0] : null]);
    const known = influences.get(key);
    if (known !== undefined) return known;
    const made = yield* geometry === null ? sparse(influence, spins) : conv(influence);
    influences.set(key, made);
    return made;
  }
  function* conv(influence: Influence): Generator<void, LoadedInfluence, void> {
    const { geometry, coupling } = influence;
    if (geometry === null) throw new TypeError('not a convolution');
    const products = productsOf(block, influence, gpu.packed);
    const found = weightParts(geometry, products, gpu.pieces.bindingBytesMax);
    if (found === null) throw new TypeError('the plan let a convolution pass that does not fit');
    const parts: (WeightPart & { readonly weights: GPUBuffer })[] = [];
    for (const part of found) {
      const { words, sumMax } = yield* packWeights(block.program.tensors, geometry, products, part);
      parts.push({ ...part, weights: upload(coupling.id, words) });
      bound(coupling, sumMax);
    }
    return { kind: 'conv', influence, products, parts };
  }
  function* sparse(
    influence: Influence,
    spins: Uint32Array<ArrayBuffer> | null,
  ): Generator<void, LoadedInfluence, void> {
    const { coupling, side } = influence;
    const label = coupling.id;
    // One for all colors: it sorts the coupling by columns.
    const view = views.get(label) ?? couplingView(coupling, block.block, block.program.tensors);
    views.set(label, view);
    const { list, entries, sumMax } = yield* sparseList(view, { law: block.law, side }, spins);
    bound(coupling, sumMax);
    const count = list.length / 2 - 1;
    return { kind: 'sparse', influence, count, list: upload(label, list), entries: upload(label, entries) };
  }
  try {
    const fractionBits = block.block.fixed?.fractionBits ?? 0;
    const table = upload('activation', block.law === 'fixed' ? activationTable(fractionBits) : new Int32Array(1));
    const statics: LoadedInfluence[][] = [];
    for (const bank of block.banks) {
      const list: LoadedInfluence[] = [];
      for (const influence of bank.fromPinned) list.push(yield* loaded(influence, null));
      statics.push(list);
    }
    const parts: LoadedPart[][] = [];
    for (const color of block.colors) {
      const list: LoadedPart[] = [];
      for (const part of color) {
        const reached: LoadedInfluence[] = [];
        for (const influence of part.bank.fromFree) reached.push(yield* loaded(influence, part));
        list.push({ ...part, influences: reached, mask: upload('mask', maskOf(part.bank, part.spins)) });
      }
      parts.push(list);
    }
    complete = true;
    return { ...block, fractionBits, table, statics, parts, sumBounds, buffers };
  } finally {
    if (!complete) gpu.memory.free(buffers);
  }
}

/** Padding is no spin. */
function maskOf({ spins: count, words }: GpuBank, spins: Uint32Array<ArrayBuffer> | null): Uint32Array<ArrayBuffer> {
  const mask = new Uint32Array(words);
  for (let n = 0; n < (spins?.length ?? count); n++) {
    const spin = spins === null ? n : (spins[n] as number);
    mask[spin >>> 5] = (mask[spin >>> 5] as number) | (1 << (spin & 31));
  }
  return mask;
}
