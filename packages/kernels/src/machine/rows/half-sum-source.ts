/**
 * A convolution or a full matrix as the half-sum kernels see it from one of its ends: which quads of the giving bank each unit of the
 * receiving bank sums over, and their weights. Convolutions share tables between the pixels of a quad; a matrix has tables of its own for
 * every unit.
 *
 * The tables of one receiving quad (conv) or unit (dense) are a stream `[taps][quads]` of four receiving channels each; a run is a stretch of
 * that stream and of the giver's nibbles at once.
 */
import type { Block, Coupling, DenseForm, Program, Side } from '@isinglass/sdk';
import { type BankLanes, spinOfSlot } from '../bank-lanes.ts';
import { convStreams } from '../conv-streams.ts';
import { type AxisClasses, axisClasses, lineAxis } from './tap-classes.ts';

/** Rank, tap counts and positions of one end of a coupling. */
export interface HalfSumSource {
  readonly receiver: BankLanes;
  readonly giver: BankLanes;
  /** Streams of tables: one per quad of the receiver (conv), or one per unit (dense). */
  readonly streams: number;
  /** True: a stream belongs to one unit. False: to all pixels of a quad. */
  readonly perUnit: boolean;
  /** Taps of a stream, all classes together. */
  readonly taps: number;
  /** Quads of the giver that a tap sums over. */
  readonly quads: number;
  /** The first of them, per stream. */
  readonly firstQuad: Uint32Array;
  /** Per axis of the receiver (y, x); a dense source has one pixel per unit and one tap. */
  readonly axes: readonly [AxisClasses, AxisClasses];
  /** Giver positions of the x axis: the stride of y. */
  readonly giverWidth: number;
  /** Taps of the x axis. */
  readonly tapsX: number;
  /**
   * Weights of receiving channel c (0 … 3) of a stream, written to `out[4·(tap·quads + quad) + j]` for giver channel
   * 4·(firstQuad + quad) + j; 0 where there is no coupling.
   */
  fillWeights(stream: number, channel: number, out: Int32Array): void;
}

export function halfSumSource(
  program: Program,
  block: Block,
  coupling: Coupling,
  side: Side,
  banks: readonly BankLanes[],
): HalfSumSource {
  const bankOf = (id: string): BankLanes => banks.find((bank) => bank.id === id) as BankLanes;
  const receiver = bankOf(coupling[side]);
  const giver = bankOf(coupling[side === 'to' ? 'from' : 'to']);
  const { form } = coupling;
  if (form.kind === 'dense') return denseSource(program, form, side, receiver, giver);
  if (form.kind !== 'conv') throw new TypeError(`coupling ${coupling.id} is ${form.kind}`);
  const shapeOf = (id: string) => (block.banks.find((bank) => bank.id === id)?.shape ?? []) as readonly number[];
  const ends = { from: shapeOf(coupling.from), to: shapeOf(coupling.to) };
  const streams = convStreams(program.tensors, { form, side, ...ends, channelsPerStream: 4 });
  return { receiver, giver, perUnit: false, ...streams };
}

const pixel: AxisClasses = axisClasses(lineAxis, 'output');

function denseSource(
  program: Program,
  form: DenseForm,
  side: Side,
  receiver: BankLanes,
  giver: BankLanes,
): HalfSumSource {
  const matrix = program.tensors.get(form.matrix.tensor)?.data as Int8Array;
  const forward = side === 'to';
  const columns = forward ? giver.spinCount : receiver.spinCount;
  // The giver's units in the order of its memory: pixel by pixel, quad by quad.
  const quads = giver.units;
  const giverSpins = new Int32Array(4 * quads).fill(-1);
  for (let slot = 0; slot < giver.slots; slot++) {
    const unit = slot >>> 2;
    const quad = Math.floor(unit / giver.pixels);
    const inMemory = (unit - quad * giver.pixels) * giver.quads + quad;
    giverSpins[4 * inMemory + (slot & 3)] = spinOfSlot(giver, slot);
  }
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
    fillWeights(stream, channel, out) {
      const spin = spinOfSlot(receiver, 4 * stream + channel);
      out.fill(0, 0, 4 * quads);
      if (spin < 0) return;
      const base = forward ? spin * columns : spin;
      const step = forward ? 1 : columns;
      for (let n = 0; n < 4 * quads; n++) {
        const other = giverSpins[n] as number;
        if (other >= 0) out[n] = matrix[base + other * step] as number;
      }
    },
  };
}
