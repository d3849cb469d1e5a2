/**
 * A convolution as a coupling (semantics 3.4): cross-correlation as ONNX `Conv`, `from` is the input, `to` the output,
 * every weight acts in both directions. A rank-1 convolution is a rank-2 one of height 1.
 *
 *   out[oc, oy, ox]  +=  kernel[oc, ic, ky, kx] · s[c, iy, ix]
 *   c = ⌊oc / toPerGroup⌋·fromPerGroup + ic        iy = oy·stride + ky·dilation − padBegin        (ix likewise)
 */
import { InvalidProgramError } from '../errors/isinglass-error.ts';
import type { Program } from '../program/program.ts';
import type { ConvForm, Coupling } from '../program/program-json.ts';
import {
  type ConvAxis,
  outputsOfTap,
  pairsInBounds,
  type TapHit,
  tapsOfInput,
  tapsOfOutput,
  trivialAxis,
} from './conv-axis.ts';
import { type CsrMatrix, csrOf } from './coupling-csr.ts';
import type { CouplingView, Neighbour, Side } from './coupling-view.ts';
import { tensorOf, type WeightData, weightsOf } from './tensor-values.ts';

/** What a weight counts as: |w|, or 1 where it is not 0. */
type Term = 'magnitude' | 'nonzero';

export class ConvCoupling implements CouplingView {
  readonly coupling: Coupling;
  readonly fromCount: number;
  readonly toCount: number;
  readonly #kernel: WeightData;
  readonly #y: ConvAxis;
  readonly #x: ConvAxis;
  readonly #toChannels: number;
  readonly #fromPerGroup: number;
  readonly #toPerGroup: number;
  /** Non-zero weights per channel of that side and tap, once asked for. */
  readonly #nonzeros: { from?: Float64Array; to?: Float64Array } = {};

  constructor(o: {
    readonly coupling: Coupling;
    readonly form: ConvForm;
    readonly from: readonly number[];
    readonly to: readonly number[];
    readonly tensors: Program['tensors'];
  }) {
    const { form, from, to } = o;
    const kernelShape = tensorOf(o.tensors, form.kernel).shape;
    const rank = kernelShape.length - 2;
    if (rank < 1 || rank > 2 || from.length !== rank + 1 || to.length !== rank + 1) {
      throw new InvalidProgramError(
        `Convolution "${o.coupling.id}" joins banks of shape [${from}] and [${to}] with a kernel of shape [${kernelShape}].`,
        { where: o.coupling.id },
      );
    }
    const axis = (n: number): ConvAxis => ({
      inputSize: at(from, n + 1),
      outputSize: at(to, n + 1),
      taps: at(kernelShape, n + 2),
      stride: at(form.strides, n),
      dilation: at(form.dilations, n),
      padBegin: at(form.pads, n),
    });
    this.coupling = o.coupling;
    this.#kernel = weightsOf(o.tensors, form.kernel);
    this.#y = rank === 2 ? axis(0) : trivialAxis;
    this.#x = axis(rank - 1);
    this.#toChannels = at(to, 0);
    this.#fromPerGroup = at(kernelShape, 1);
    this.#toPerGroup = at(to, 0) / form.groups;
    this.fromCount = at(from, 0) * this.#y.inputSize * this.#x.inputSize;
    this.toCount = at(to, 0) * this.#y.outputSize * this.#x.outputSize;
  }

  nnz(): { readonly nominal: number; readonly actual: number } {
    const y = this.#y;
    const x = this.#x;
    const channelPairs = this.#toChannels * this.#fromPerGroup;
    return {
      nominal: channelPairs * y.taps * x.taps * y.outputSize * x.outputSize,
      actual: channelPairs * pairsInBounds(y) * pairsInBounds(x),
    };
  }

  degree(side: Side, spin: number): number {
    this.#nonzeros[side] ??= this.#tapSums(side, 'nonzero');
    const { channel, ys, xs } = this.#reach(side, spin);
    return this.#overTaps(this.#nonzeros[side], channel, ys, xs);
  }

  maxDegree(side: Side): number {
    return this.#spinSums(side, 'nonzero').reduce((most, degree) => Math.max(most, degree), 0);
  }

  absoluteSums(side: Side): Float64Array<ArrayBuffer> {
    return this.#spinSums(side, 'magnitude');
  }

  *neighbours(side: Side, spin: number): Generator<Neighbour, void, undefined> {
    const { channel, ys, xs } = this.#reach(side, spin);
    const otherHeight = side === 'to' ? this.#y.inputSize : this.#y.outputSize;
    const otherWidth = side === 'to' ? this.#x.inputSize : this.#x.outputSize;
    for (const { oc, ic, other } of this.#channelPairs(side, channel)) {
      for (const y of ys) {
        for (const x of xs) {
          const weight = this.#kernel[this.#kernelIndex(oc, ic, y.tap, x.tap)] as number;
          yield [(other * otherHeight + y.position) * otherWidth + x.position, weight];
        }
      }
    }
  }

  applyForward(states: ArrayLike<number>, out: Float64Array): void {
    this.#eachRun((weight, to, from, length, step) => {
      for (let n = 0; n < length; n++) {
        out[to + n] = (out[to + n] as number) + weight * (states[from + n * step] as number);
      }
    });
  }

  applyAdjoint(states: ArrayLike<number>, out: Float64Array): void {
    this.#eachRun((weight, to, from, length, step) => {
      for (let n = 0; n < length; n++) {
        out[from + n * step] = (out[from + n * step] as number) + weight * (states[to + n] as number);
      }
    });
  }

  toCsr(o?: { readonly entriesMax?: number }): CsrMatrix {
    return csrOf(this, o);
  }

  #kernelIndex(oc: number, ic: number, ky: number, kx: number): number {
    return ((oc * this.#fromPerGroup + ic) * this.#y.taps + ky) * this.#x.taps + kx;
  }

  /** Channel of a spin and the taps that reach the other side from its place. */
  #reach(side: Side, spin: number): { channel: number; ys: readonly TapHit[]; xs: readonly TapHit[] } {
    const width = side === 'to' ? this.#x.outputSize : this.#x.inputSize;
    const height = side === 'to' ? this.#y.outputSize : this.#y.inputSize;
    const hits = side === 'to' ? tapsOfOutput : tapsOfInput;
    const y = Math.floor(spin / width) % height;
    return { channel: Math.floor(spin / (width * height)), ys: hits(this.#y, y), xs: hits(this.#x, spin % width) };
  }

  /** The kernel channels (oc, ic) of one channel of `side`, and the channel on the other side, which rises. */
  *#channelPairs(side: Side, channel: number): Generator<{ oc: number; ic: number; other: number }, void, undefined> {
    if (side === 'to') {
      const first = Math.floor(channel / this.#toPerGroup) * this.#fromPerGroup;
      for (let ic = 0; ic < this.#fromPerGroup; ic++) yield { oc: channel, ic, other: first + ic };
    } else {
      const first = Math.floor(channel / this.#fromPerGroup) * this.#toPerGroup;
      const ic = channel % this.#fromPerGroup;
      for (let n = 0; n < this.#toPerGroup; n++) yield { oc: first + n, ic, other: first + n };
    }
  }

  /** `[channel of side][ky][kx]`: Σ of the terms over the channels of the other side. One pass over the kernel: networks have tens of millions of weights. */
  #tapSums(side: Side, of: Term): Float64Array<ArrayBuffer> {
    const taps = this.#y.taps * this.#x.taps;
    const perGroup = this.#fromPerGroup;
    const channels = side === 'to' ? this.#toChannels : (this.#toChannels / this.#toPerGroup) * perGroup;
    const sums = new Float64Array(channels * taps);
    const kernel = this.#kernel;
    let at = 0;
    for (let oc = 0; oc < this.#toChannels; oc++) {
      const first = Math.floor(oc / this.#toPerGroup) * perGroup;
      for (let ic = 0; ic < perGroup; ic++) {
        const begin = (side === 'to' ? oc : first + ic) * taps;
        for (let n = begin; n < begin + taps; n++) {
          const weight = kernel[at++] as number;
          sums[n] = (sums[n] as number) + (of === 'magnitude' ? Math.abs(weight) : Number(weight !== 0));
        }
      }
    }
    return sums;
  }

  /** Σ of every spin of `side`: the taps of tapSums that are in bounds there. */
  #spinSums(side: Side, of: Term): Float64Array<ArrayBuffer> {
    const tapSums = this.#tapSums(side, of);
    const width = side === 'to' ? this.#x.outputSize : this.#x.inputSize;
    const height = side === 'to' ? this.#y.outputSize : this.#y.inputSize;
    const hits = side === 'to' ? tapsOfOutput : tapsOfInput;
    const ys = tapClasses(Array.from({ length: height }, (_, y) => hits(this.#y, y)));
    const xs = tapClasses(Array.from({ length: width }, (_, x) => hits(this.#x, x)));
    const sums = new Float64Array(side === 'to' ? this.toCount : this.fromCount);
    const ofClass = new Float64Array(ys.taps.length * xs.taps.length);
    let spin = 0;
    for (let channel = 0; channel < sums.length / (width * height); channel++) {
      ys.taps.forEach((y, n) => {
        xs.taps.forEach((x, m) => {
          ofClass[n * xs.taps.length + m] = this.#overTaps(tapSums, channel, y, x);
        });
      });
      for (let y = 0; y < height; y++) {
        const first = (ys.classOf[y] as number) * xs.taps.length;
        for (let x = 0; x < width; x++) sums[spin++] = ofClass[first + (xs.classOf[x] as number)] as number;
      }
    }
    return sums;
  }

  #overTaps(tapSums: Float64Array, channel: number, ys: readonly TapHit[], xs: readonly TapHit[]): number {
    let sum = 0;
    for (const y of ys) {
      for (const x of xs) sum += tapSums[(channel * this.#y.taps + y.tap) * this.#x.taps + x.tap] as number;
    }
    return sum;
  }

  /**
   * Every non-zero weight with the runs of spins that it joins: `length` consecutive spins of `to` from index `to`,
   * each with a spin of `from`, `step` apart. Borders are left out by the bounds of the run, so the inner loop has no
   * test.
   */
  #eachRun(visit: (weight: number, to: number, from: number, length: number, step: number) => void): void {
    const y = this.#y;
    const x = this.#x;
    for (let oc = 0; oc < this.#toChannels; oc++) {
      for (const { ic, other } of this.#channelPairs('to', oc)) {
        for (let ky = 0; ky < y.taps; ky++) {
          const rows = outputsOfTap(y, ky);
          for (let kx = 0; kx < x.taps; kx++) {
            const weight = this.#kernel[this.#kernelIndex(oc, ic, ky, kx)] as number;
            if (weight === 0) continue;
            const columns = outputsOfTap(x, kx);
            const ix = columns.first * x.stride + kx * x.dilation - x.padBegin;
            for (let oy = rows.first; oy <= rows.last; oy++) {
              const iy = oy * y.stride + ky * y.dilation - y.padBegin;
              const to = (oc * y.outputSize + oy) * x.outputSize + columns.first;
              const from = (other * y.inputSize + iy) * x.inputSize + ix;
              visit(weight, to, from, columns.last - columns.first + 1, x.stride);
            }
          }
        }
      }
    }
  }
}

/** Places of an axis that the same taps reach: all but those at borders, and every phase of a stride. */
function tapClasses(hits: readonly (readonly TapHit[])[]): {
  readonly classOf: Uint32Array;
  readonly taps: readonly (readonly TapHit[])[];
} {
  const known = new Map<string, number>();
  const taps: (readonly TapHit[])[] = [];
  const classOf = Uint32Array.from(hits, (each) => {
    const key = each.map(({ tap }) => tap).join();
    const number = known.get(key) ?? taps.push(each) - 1;
    known.set(key, number);
    return number;
  });
  return { classOf, taps };
}

function at(list: readonly number[], n: number): number {
  return list[n] as number;
}
