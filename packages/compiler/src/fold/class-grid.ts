/**
 * A bias under construction: one value per channel and border class (semantics 3.5).
 *
 * `starts` has one list per spatial axis: it begins with 0 and rises; entry n is the first index of class n. One class
 * per axis is a value per channel; as many classes as indices is a value per spin. So every form that a bias can have is
 * the same thing with coarser or finer classes, sums are exact, and the finest summand decides the form of the sum.
 */
import type { SpinField } from './spin-field.ts';

/** Values on a grid of border classes. */
export interface ClassGrid {
  readonly starts: readonly (readonly number[])[];
  /** `[C, ny, nx]`, `[C, nx]` or `[N]`, row-major. */
  readonly values: Float64Array<ArrayBuffer>;
}

/** The forms that a program has for it (semantics 3.5). */
export type BiasForm = 'spin' | 'channel' | 'border';

/** A field as a grid over a bank of this shape. */
export function gridOfField(field: SpinField, shape: readonly number[]): ClassGrid {
  const axes = shape.slice(1);
  const starts = axes.map((size) => (field.granularity === 'spin' ? indices(size) : [0]));
  return { starts, values: field.values };
}

/** The coarsest form of program that holds the grid as it is. A bank of rank 1 has only `spin` (semantics P141). */
export function biasForm(grid: ClassGrid, shape: readonly number[]): BiasForm {
  if (shape.length < 2) return 'spin';
  if (grid.starts.every((axis) => axis.length === 1)) return 'channel';
  return grid.starts.every((axis, i) => axis.length === shape[i + 1]) ? 'spin' : 'border';
}

/** The sum, over the union of the summands' classes. */
export function addGrids(grids: readonly ClassGrid[], shape: readonly number[]): ClassGrid {
  const starts = shape.slice(1).map((_, axis) => union(grids.map((grid) => grid.starts[axis] ?? [0])));
  const out = refine({ starts: starts.map(() => [0]), values: new Float64Array(shape[0] ?? 1) }, starts);
  for (const grid of grids) {
    const refined = refine(grid, starts);
    for (let i = 0; i < out.values.length; i++)
      out.values[i] = (out.values[i] as number) + (refined.values[i] as number);
  }
  return out;
}

/** Every value times the factor of its place. */
export function scaleGrid(grid: ClassGrid, factor: SpinField, shape: readonly number[]): ClassGrid {
  const factors = gridOfField(factor, shape);
  const starts = shape.slice(1).map((_, axis) => union([grid.starts[axis] ?? [0], factors.starts[axis] ?? [0]]));
  const left = refine(grid, starts);
  const right = refine(factors, starts);
  return { starts, values: left.values.map((value, i) => value * (right.values[i] as number)) };
}

/** The same values on finer classes; `starts` must contain the grid's own. */
function refine(grid: ClassGrid, starts: readonly (readonly number[])[]): ClassGrid {
  if (starts.every((axis, i) => axis.length === grid.starts[i]?.length)) return grid;
  const coarse = starts.map((axis, i) => classesOf(axis, grid.starts[i] ?? [0]));
  const [rows, columns] = twoAxes(coarse, [0]);
  const coarseColumns = (starts.length === 2 ? grid.starts[1] : grid.starts[0])?.length ?? 1;
  const coarseArea = grid.starts.reduce((product, axis) => product * axis.length, 1);
  const channels = grid.values.length / coarseArea;
  const values = new Float64Array(channels * rows.length * columns.length);
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (const row of rows) {
      for (const column of columns) {
        values[at++] = grid.values[channel * coarseArea + row * coarseColumns + column] as number;
      }
    }
  }
  return { starts, values };
}

/** Rank 1 as rank 2 with a single row: `[y, x]` of any list per spatial axis, of which there may be none. */
export function twoAxes<T>(axes: readonly T[], single: T): readonly [T, T] {
  const [first, second] = axes;
  if (first === undefined) return [single, single];
  return second === undefined ? [single, first] : [first, second];
}

/** For each fine start the index of the coarse class that it lies in. */
function classesOf(fine: readonly number[], coarse: readonly number[]): readonly number[] {
  let index = 0;
  return fine.map((start) => {
    while (index + 1 < coarse.length && (coarse[index + 1] as number) <= start) index++;
    return index;
  });
}

function union(lists: readonly (readonly number[])[]): readonly number[] {
  return [...new Set([0, ...lists.flat()])].sort((a, b) => a - b);
}

function indices(size: number): readonly number[] {
  return Array.from({ length: size }, (_, i) => i);
}
