import { type Coupling, type Program, spinCountOf } from '@isinglass/sdk';
import { ConvMap } from './conv-map.ts';
import { DenseMap } from './dense-map.ts';
import type { LinearMap } from './linear-map.ts';
import { SparseMap } from './sparse-map.ts';

/** The linear map of a coupling between banks of these shapes. */
export function couplingMap(
  coupling: Coupling,
  shapes: { readonly from: readonly number[]; readonly to: readonly number[] },
  tensors: Program['tensors'],
): LinearMap {
  const { form } = coupling;
  const fromCount = spinCountOf({ shape: shapes.from });
  const toCount = spinCountOf({ shape: shapes.to });
  switch (form.kind) {
    case 'conv':
      return new ConvMap(form, shapes.from, shapes.to, tensors);
    case 'dense':
      return new DenseMap(form, fromCount, toCount, tensors);
    case 'sparse':
      return SparseMap.fromRows(form, { fromCount, toCount, withinOneBank: coupling.from === coupling.to }, tensors);
    case 'diagonal':
      return SparseMap.fromDiagonal(form, toCount, tensors);
    default:
      return form satisfies never;
  }
}
