/**
 * A convolution or a full matrix as the one-row kernels see it from one of its ends: which quads of the giving bank 16 receiving channels sum
 * over, and their weights. The receiver's groups of 16 channels share tables between their pixels; a bank of one pixel has a unit per group,
 * and every unit tables of its own.
 *
 * The tables of one group are a stream `[taps][quads]`; a run is a stretch of that stream and of the giver's nibbles at once.
 */
import type { Block, Coupling, DenseForm, Program, Side } from '@isinglass/sdk';
import { convStreams } from '../conv-streams.ts';
import { type AxisClasses, axisClasses, lineAxis } from '../rows/tap-classes.ts';
import { type SpinLanes, slotsOfSpins, spinsPerUnit } from './spin-lanes.ts';

export interface SpinSumSource {
  readonly receiver: SpinLanes;
  readonly giver: SpinLanes;
  /** Groups of the receiver. */
  readonly streams: number;
  /** True: a stream belongs to one unit. False: to all pixels of a group. */
  readonly perUnit: boolean;
  /** Taps of a stream, all classes together. */
  readonly taps: number;
  /** Quads of the giver that a tap sums over. */
  readonly quads: number;
  /** The first of them, per stream. */
  readonly firstQuad: Uint32Array;
  /** Per axis of the receiver (y, x). */
  readonly axes: readonly [AxisClasses, AxisClasses];
  /** Giver positions of the x axis: the stride of y. */
  readonly giverWidth: number;
  readonly tapsX: number;
  /**
   * Weights of lane 0 … 15 of a stream, written to `out[4·(tap·quads + quad) + j]` for the giver's bit j of quad firstQuad + quad; 0 where
   * there is no coupling.
   */
  fillWeights(stream: number, lane: number, out: Int32Array): void;
}

export function spinSumSource(
  program: Program,
  block: Block,
  coupling: Coupling,
  side: Side,
  banks: readonly SpinLanes[],
): SpinSumSource {
  const bankOf = (id: string): SpinLanes => banks.find(({ lanes }) => lanes.id === id) as SpinLanes;
  const receiver = bankOf(coupling[side]);
  const giver = bankOf(coupling[side === 'to' ? 'from' : 'to']);
  const { form } = coupling;
  if (form.kind === 'dense') return denseSource(program, form, side, receiver, giver);
  if (form.kind !== 'conv') throw new TypeError(`coupling ${coupling.id} is ${form.kind}`);
  const shapeOf = (id: string) => (block.banks.find((bank) => bank.id === id)?.shape ?? []) as readonly number[];
  const ends = { from: shapeOf(coupling.from), to: shapeOf(coupling.to) };
  const streams = convStreams(program.tensors, { form, side, ...ends, channelsPerStream: spinsPerUnit });
  return { receiver, giver, perUnit: receiver.lanes.pixels === 1, ...streams };
}

const pixel: AxisClasses = axisClasses(lineAxis, 'output');

/** Streams are the receiver's units, whatever its pixels; the giver is one run, in the order of its memory. */
function denseSource(
  program: Program,
  form: DenseForm,
  side: Side,
  receiver: SpinLanes,
  giver: SpinLanes,
): SpinSumSource {
  const matrix = program.tensors.get(form.matrix.tensor)?.data as Int8Array;
  const forward = side === 'to';
  const columns = forward ? giver.lanes.spinCount : receiver.lanes.spinCount;
  const quads = giver.lanes.pixels === 1 ? Math.ceil(giver.lanes.channels / 4) : giver.quads * giver.lanes.pixels;
  const givers = spinsInMemory(giver, quads);
  const receivers = new Int32Array(receiver.slots).fill(-1);
  for (const [spin, slot] of slotsOfSpins(receiver).entries()) receivers[slot] = spin;
  return {
    receiver,
    giver,
    streams: receiver.units,
    perUnit: true,
    taps: 1,
    quads,
    firstQuad: new Uint32Array(receiver.units),
    axes: [pixel, pixel],
    giverWidth: 1,
    tapsX: 1,
    fillWeights(stream, lane, out) {
      const spin = receivers[spinsPerUnit * stream + lane] as number;
      out.fill(0, 0, 4 * quads);
      if (spin < 0) return;
      const base = forward ? spin * columns : spin;
      const step = forward ? 1 : columns;
      for (let n = 0; n < 4 * quads; n++) {
        const other = givers[n] as number;
        if (other >= 0) out[n] = matrix[base + other * step] as number;
      }
    },
  };
}

/** The spin in each bit of a bank's nibbles, in the order of memory; −1 where there is none. */
function spinsInMemory({ lanes: { channels, pixels }, quads: quadsPerPixel }: SpinLanes, quads: number): Int32Array {
  const spins = new Int32Array(4 * quads).fill(-1);
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < channels; c++) spins[4 * p * quadsPerPixel + c] = c * pixels + p;
  }
  return spins;
}
