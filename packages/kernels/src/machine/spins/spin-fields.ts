/**
 * Half sums and fields of a stretch of one row (semantics 4.4, 4.5).
 *
 *   u = H + Σ_c scaled_c(A),   A = Σ over segments of 2V − base
 */
import type { Kernels } from '../../load-kernels.ts';
import type { ListedSumMap } from './listed-sum-map.ts';
import type { SpinSumMap } from './spin-sum-map.ts';
import type { SpinsInfluence, SpinsRunBank } from './spins-block.ts';
import type { SpinsContext } from './spins-context.ts';
import { planeCount } from './spins-scratch.ts';
import { halfSumsCall, stretchPixels } from './stretch-calls.ts';
import type { Stretch } from './stretches.ts';

/** The states of a giving bank; 0: it is not kept that way. */
export interface GivenStates {
  readonly nibbles: number;
  readonly masks: number;
}

/** A stretch of a row: the addresses of the row and of the scratch's parts. */
export interface StretchPlace {
  readonly row: number;
  readonly stretch: Stretch;
  readonly halfSums: number;
  readonly sums: number;
  readonly fields: number;
}

export function stretchPlace(x: SpinsContext, stretch: Stretch, row: number, slot: number): StretchPlace {
  const base = x.scratchOf(slot);
  const { halfSums, sums, fields } = x.scratch;
  return { row: x.row(row), stretch, halfSums: base + halfSums, sums: base + sums, fields: base + fields };
}

/** H of a stretch into the scratch's fields: the row's where pinned couplings made it so, else the bias. */
export function setStaticField({ kernels }: SpinsContext, at: SpinsRunBank, o: StretchPlace): void {
  const { unit, units } = o.stretch;
  if (at.field < 0) kernels.copyBytes(o.fields, at.biases + 64 * unit, 64 * units);
  else if (at.mode === 'sums') kernels.widenFields(o.fields, o.row + at.field + 32 * unit, units);
  else kernels.copyBytes(o.fields, o.row + at.field + 64 * unit, 64 * units);
}

/** fields += scaled(A) of one coupling. */
export function addInfluence(x: SpinsContext, influence: SpinsInfluence, from: GivenStates, o: StretchPlace): void {
  const { kernels, run } = x;
  const { M, sh } = run.couplings[influence.coupling] as (typeof run.couplings)[number];
  addSums(kernels, influence.map, from, o, { shift: 0, first: true });
  kernels.addScaled(o.fields, o.sums, o.stretch.units, M, sh);
}

/** The same with the means of the feed-forward start, written as nine planes of spins. */
export function addMeanInfluence(
  x: SpinsContext,
  influence: SpinsInfluence,
  planes: GivenStates & { readonly nibbleBytes: number; readonly maskBytes: number },
  o: StretchPlace,
): void {
  const { kernels, run } = x;
  const { M, sh } = run.couplings[influence.coupling] as (typeof run.couplings)[number];
  for (let plane = 0; plane < planeCount; plane++) {
    const nibbles = planes.nibbles + plane * planes.nibbleBytes;
    const masks = planes.masks + plane * planes.maskBytes;
    addSums(kernels, influence.map, { nibbles, masks }, o, { shift: plane === 8 ? 0 : plane, first: plane === 0 });
  }
  kernels.addScaledMeans(o.fields, o.sums, o.stretch.units, M, sh);
}

/** sums = (first) or += A·2^shift. */
function addSums(
  kernels: Kernels,
  map: SpinSumMap | ListedSumMap,
  from: GivenStates,
  o: StretchPlace,
  { shift, first }: { readonly shift: number; readonly first: boolean },
): void {
  for (const [n, segment] of map.segments.entries()) {
    halfSumsCall(kernels, map, n, o.stretch, from)(o.halfSums, 0, 1, 0);
    const bases = segment.bases + segment.baseBytesPerStream * o.stretch.group;
    const pixels = stretchPixels(map, segment, o.stretch);
    kernels.addRowHalfSums(
      o.sums,
      o.halfSums,
      pixels,
      segment.classes,
      bases,
      o.stretch.units,
      shift,
      first && n === 0,
    );
  }
}
