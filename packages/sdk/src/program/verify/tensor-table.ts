/** The tensors of a program as its references find them (P104, P105). */

import type { Dtype, ProgramTensor, TensorData } from '../program.ts';
import type { TensorRef } from '../program-json.ts';
import { shapeText } from '../tensor-types.ts';
import type { ViolationList } from '../violation.ts';

export interface TensorDemand {
  readonly dtypes: readonly Dtype[];
  readonly ranks: readonly number[];
}

/** What one pass over a tensor's numbers finds. */
export interface TensorScan {
  /** Index of the first element that is NaN or infinite, or −1. */
  readonly nonFinite: number;
  /** Index of the first element −128, or −1. */
  readonly minus128: number;
  readonly magnitudeMax: number;
  readonly nonzeros: number;
}

/** Resolves references, remembers which tensors are used, and scans each tensor once however often it is used. */
export class TensorTable {
  readonly #tensors: ReadonlyMap<string, ProgramTensor>;
  readonly #used = new Set<string>();
  readonly #scans = new Map<TensorData, TensorScan>();
  readonly #found: ViolationList;

  constructor(tensors: ReadonlyMap<string, ProgramTensor>, found: ViolationList) {
    this.#tensors = tensors;
    this.#found = found;
  }

  /** The tensor that `ref` names if it is as demanded; else a P104 at `where` and undefined. */
  resolve(ref: TensorRef, where: string, demand: TensorDemand): ProgramTensor | undefined {
    this.#used.add(ref.tensor);
    const tensor = this.#tensors.get(ref.tensor);
    if (tensor === undefined) {
      this.#found.add('P104', where, `the file has no tensor ${JSON.stringify(ref.tensor)}`);
      return undefined;
    }
    const { dtypes, ranks } = demand;
    const dtypeFits = dtypes.includes(tensor.dtype);
    const rankFits = ranks.includes(tensor.shape.length);
    if (!dtypeFits)
      this.#found.add('P104', where, `the tensor is ${tensor.dtype}, ${dtypes.join(' or ')} belongs here`);
    if (!rankFits) {
      const message = `the tensor has shape ${shapeText(tensor.shape)}, rank ${ranks.join(' or ')} belongs here`;
      this.#found.add('P104', where, message);
    }
    return dtypeFits && rankFits ? tensor : undefined;
  }

  /** F32 values that are all finite; else P104 or P105 at `where` and undefined. */
  finite(ref: TensorRef, where: string, demand: TensorDemand): ProgramTensor | undefined {
    const tensor = this.resolve(ref, where, demand);
    if (tensor === undefined) return undefined;
    const { nonFinite } = this.scan(tensor.data);
    if (nonFinite < 0) return tensor;
    this.#found.add('P105', where, `element ${nonFinite} is ${tensor.data[nonFinite]}`);
    return undefined;
  }

  scan(data: TensorData): TensorScan {
    const known = this.#scans.get(data);
    if (known !== undefined) return known;
    const scan = data instanceof BigUint64Array || data instanceof BigInt64Array ? emptyScan : scanNumbers(data);
    this.#scans.set(data, scan);
    return scan;
  }

  /** P104 for every tensor that nothing refers to. Call when all references are resolved. */
  reportUnused(): void {
    for (const name of this.#tensors.keys()) {
      if (!this.#used.has(name)) this.#found.add('P104', name, 'nothing in the stages refers to this tensor');
    }
  }
}

const emptyScan: TensorScan = { nonFinite: -1, minus128: -1, magnitudeMax: 0, nonzeros: 0 };

function scanNumbers(data: Exclude<TensorData, BigUint64Array | BigInt64Array>): TensorScan {
  let magnitudeMax = 0;
  let nonzeros = 0;
  let minus128 = -1;
  for (let n = 0; n < data.length; n++) {
    const value = data[n] as number;
    const magnitude = Math.abs(value);
    if (!(magnitude < Number.POSITIVE_INFINITY)) return { ...emptyScan, nonFinite: n };
    if (magnitude > magnitudeMax) magnitudeMax = magnitude;
    if (value !== 0) nonzeros++;
    if (value === -128 && minus128 < 0) minus128 = n;
  }
  return { nonFinite: -1, minus128, magnitudeMax, nonzeros };
}
