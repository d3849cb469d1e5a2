/** Element type and shape of a value; the size of the batch is the only one that may be unknown. */
import type { ElementType } from '../element-type.ts';

export type Dim = number | 'batch';
export type Shape = readonly Dim[];

export interface ValueType {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** Elements per image: the product of the sizes but for the batch. */
export function countOf(shape: Shape): number {
  return shape.reduce<number>((product, d) => (d === 'batch' ? product : product * d), 1);
}

/** Whether the shape is [batch, …numbers], as the values between stages must be. */
export function isBatchFirst(shape: Shape): shape is readonly ['batch', ...number[]] {
  return shape[0] === 'batch' && shape.slice(1).every((d) => d !== 'batch');
}

/** NumPy's broadcasting; undefined where the shapes do not fit. */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return undefined;
    result.push(x === 1 ? y : x);
  }
  return result;
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}
