/**
 * A convolution seen from the end that receives, its channels taken several at a time: which quads of the giving bank a stream of channels sums
 * over, tap by tap, and their weights (semantics 3.4). Both lane forms build their tables from it: 4 channels a stream for 16 rows, 16 for one.
 */
import type { ConvForm, Program, Side } from '@isinglass/sdk';
import { type Axis, type AxisClasses, axisClasses, lineAxis } from './rows/tap-classes.ts';

export interface ConvStreams {
  readonly streams: number;
  /** Taps of a stream, all classes together. */
  readonly taps: number;
  /** Quads of the giver that a tap sums over: as many for every stream, all within a pixel. */
  readonly quads: number;
  /** The first of them, per stream. */
  readonly firstQuad: Uint32Array;
  /** Per axis of the receiver (y, x). */
  readonly axes: readonly [AxisClasses, AxisClasses];
  /** Giver positions of the x axis: the stride of y. */
  readonly giverWidth: number;
  readonly tapsX: number;
  /** Weights of one channel of a stream: `out[4·(tap·quads + quad) + j]` for giver channel 4·(firstQuad + quad) + j; else 0. */
  fillWeights(stream: number, channel: number, out: Int32Array): void;
}

export interface ConvEnds {
  readonly form: ConvForm;
  /** The end that receives. */
  readonly side: Side;
  /** Shapes of both banks. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly channelsPerStream: number;
}

export function convStreams(tensors: Program['tensors'], o: ConvEnds): ConvStreams {
  const { form, channelsPerStream } = o;
  const tensor = tensors.get(form.kernel.tensor);
  const kernel = tensor?.data as Int8Array;
  const forward = o.side === 'to';
  const axes = (tensor?.shape.slice(2) ?? []).map(
    (taps, n): Axis => ({
      inputSize: o.from[1 + n] as number,
      outputSize: o.to[1 + n] as number,
      taps,
      stride: form.strides[n] as number,
      dilation: form.dilations[n] as number,
      padBegin: form.pads[n] as number,
    }),
  );
  const x = axes.at(-1) ?? lineAxis;
  const y = axes.length === 2 ? (axes[0] as Axis) : lineAxis;
  const inPerGroup = (o.from[0] as number) / form.groups;
  const outPerGroup = (o.to[0] as number) / form.groups;
  const [receiversPerGroup, giversPerGroup] = forward ? [outPerGroup, inPerGroup] : [inPerGroup, outPerGroup];
  const channels = receiversPerGroup * form.groups;
  const streams = Math.ceil(channels / channelsPerStream);
  const giverQuads = Math.ceil((giversPerGroup * form.groups) / 4);
  const { firstQuad, quads } = quadRanges({
    streams,
    channels,
    channelsPerStream,
    receiversPerGroup,
    giversPerGroup,
    giverQuads,
  });
  const taps = y.taps * x.taps;
  const receives = forward ? 'output' : 'input';
  return {
    streams,
    taps,
    quads,
    firstQuad,
    axes: [axisClasses(y, receives), axisClasses(x, receives)],
    giverWidth: forward ? x.inputSize : x.outputSize,
    tapsX: x.taps,
    fillWeights(stream, ofStream, out) {
      const channel = channelsPerStream * stream + ofStream;
      out.fill(0, 0, 4 * quads * taps);
      if (channel >= channels) return;
      const group = Math.floor(channel / receiversPerGroup);
      const first = group * giversPerGroup;
      const shift = 4 * (firstQuad[stream] as number);
      for (let other = first; other < first + giversPerGroup; other++) {
        const out0 = forward ? channel : other;
        const in0 = forward ? other - first : channel - group * inPerGroup;
        const base = (out0 * inPerGroup + in0) * taps;
        for (let tap = 0; tap < taps; tap++) {
          // Both axes reversed is the flat order reversed.
          const order = forward ? tap : taps - 1 - tap;
          out[4 * quads * order + other - shift] = kernel[base + tap] as number;
        }
      }
    },
  };
}

/** The quads that the channels of each stream may touch. */
function quadRanges(o: {
  readonly streams: number;
  readonly channels: number;
  readonly channelsPerStream: number;
  readonly receiversPerGroup: number;
  readonly giversPerGroup: number;
  readonly giverQuads: number;
}): { readonly firstQuad: Uint32Array; readonly quads: number } {
  const firstQuad = new Uint32Array(o.streams);
  const ends = new Uint32Array(o.streams);
  for (let n = 0; n < o.streams; n++) {
    const lastChannel = Math.min(o.channels, o.channelsPerStream * (n + 1)) - 1;
    const firstGroup = Math.floor((o.channelsPerStream * n) / o.receiversPerGroup);
    const lastGroup = Math.floor(lastChannel / o.receiversPerGroup);
    firstQuad[n] = Math.floor((firstGroup * o.giversPerGroup) / 4);
    ends[n] = Math.ceil(((lastGroup + 1) * o.giversPerGroup) / 4);
  }
  const quads = firstQuad.reduce((most, first, n) => Math.max(most, (ends[n] as number) - first), 1);
  return { firstQuad: firstQuad.map((first) => Math.min(first, o.giverQuads - quads)), quads };
}
