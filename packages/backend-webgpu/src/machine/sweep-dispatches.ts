/** The dispatches of a run: static fields once, then every sweep the same (semantics 1.5, 4.4 … 4.6). */
import { activationLimit, blockAndChain } from '@isinglass/sdk';
import type { GpuBank } from '../block/gpu-block.ts';
import type { LoadedPart } from '../block/loaded-block.ts';
import { type DispatchSpec, dispatchSpec } from '../gpu/dispatch.ts';
import { type FieldBase, type FieldPlace, fieldDispatches, type GiverStates } from './field-dispatches.ts';
import type { RetainedStates } from './retained-states.ts';
import type { BankBuffers, RunBuffers } from './run-buffers.ts';
import type { RunContext } from './run-sweeps.ts';

export interface SweepContext extends RunContext {
  readonly buffers: RunBuffers;
  /** Two buffers that nothing reads, for sums that nobody asked for. */
  readonly unasked: readonly [GPUBuffer, GPUBuffer];
}

/** Rows are images: pinned banks by pixel where convolutions read them so, then the static fields of all free banks. */
export function staticDispatches({ block, law, buffers }: SweepContext): readonly DispatchSpec[] {
  const pinned = pinnedSpreads(buffers);
  const fields = buffers.banks.flatMap(({ bank, biases, statics }) =>
    (block.statics[bank.index] ?? []).flatMap((loaded, n) => {
      if (biases === null || statics === null) throw new TypeError(`bank ${bank.bank.id} has no static field`);
      const target = { field: fieldOf(bank, statics), base: { buffer: biases, rows: 1, stride: 0 } };
      const giver = giverOf(buffers, loaded.influence.giver);
      return fieldDispatches(loaded, target, giver, { kind: 'law', begins: n === 0, law });
    }),
  );
  return [...pinned, ...fields];
}

export function pinnedSpreads({ banks }: Pick<RunBuffers, 'banks'>): readonly DispatchSpec[] {
  return banks.filter(({ bank }) => !bank.free).flatMap((bank) => spreadDispatch(bank));
}

/** Free banks by pixel, where convolutions read them so: after a start that did not come by updates. */
export function spreadDispatches({ buffers }: SweepContext): readonly DispatchSpec[] {
  return buffers.banks.filter(({ bank }) => bank.free).flatMap((bank) => spreadDispatch(bank));
}

/** Every color in its order: fields, update, and the updated bank by pixel. */
export function sweepDispatches(context: SweepContext): readonly DispatchSpec[] {
  return context.block.parts
    .flat()
    .flatMap((part) => [...partFields(context, part), ...updateDispatches(context, part)]);
}

/** After a retained sweep: the states of the banks that are asked for, into their slot. */
export function retainDispatches({ buffers }: SweepContext, kept: RetainedStates): readonly DispatchSpec[] {
  return buffers.banks.flatMap(({ bank, states }) => {
    const collected = kept.buffers.get(bank.bank.id);
    if (collected === undefined) return [];
    return dispatchSpec({
      kernel: 'retain-state',
      params: { words: bank.words, slots: kept.slots },
      buffers: [states, collected],
      invocationsPerRow: bank.words,
      costPerRow: bank.words * 8,
    });
  });
}

/** The updates alone: with `coins` they make the random start. */
export function coinDispatches(context: SweepContext): readonly DispatchSpec[] {
  return context.block.parts.flat().flatMap((part) => updateDispatches(context, part));
}

function partFields({ law, buffers }: SweepContext, part: LoadedPart): readonly DispatchSpec[] {
  const own = buffers.banks[part.bank.index] as BankBuffers;
  return part.influences.flatMap((loaded, n) => {
    const target = { field: fieldOf(part.bank, buffers.field), base: staticBase(own, buffers) };
    const giver = giverOf(buffers, loaded.influence.giver);
    return fieldDispatches(loaded, target, giver, { kind: 'law', begins: n === 0, law });
  });
}

/** [row][spin] of one bank. */
export function fieldOf({ spins }: GpuBank, buffer: GPUBuffer): FieldPlace {
  return { buffer, first: 0, stride: spins };
}

/** H of every row: of its image, or the biases alone. */
export function staticBase({ bank, statics, biases }: BankBuffers, { chains }: Pick<RunBuffers, 'chains'>): FieldBase {
  if (statics !== null) return { buffer: statics, rows: chains, stride: bank.spins };
  if (biases === null) throw new TypeError(`bank ${bank.bank.id} has no biases`);
  return { buffer: biases, rows: 1, stride: 0 };
}

function updateDispatches(
  { block, law, run, buffers, unasked }: SweepContext,
  { bank, mask, influences }: LoadedPart,
): readonly DispatchSpec[] {
  const own = buffers.banks[bank.index] as BankBuffers;
  // Without couplings to free spins the static field is the field.
  const field =
    influences.length > 0 ? { buffer: buffers.field, rows: 1, stride: bank.spins } : staticBase(own, buffers);
  const update = dispatchSpec({
    kernel: 'gibbs-update',
    law: law.kind,
    params: {
      words: bank.words,
      spins: bank.spins,
      octet_offset: bank.offset / 8,
      field_rows: field.rows,
      field_stride: field.stride,
      chains: run.chains,
      block_chain: blockAndChain(run.block, run.chainOffset),
      limit: activationLimit(block.fractionBits),
      seed_low: Number(run.seed & 0xffff_ffffn),
      seed_high: Number(run.seed >> 32n),
      sums: (own.spinSums === null ? 0 : 1) + (own.conditionalSums === null ? 0 : 2),
    },
    buffers: [
      field.buffer,
      mask,
      own.states,
      block.table,
      buffers.images,
      own.spinSums ?? unasked[0],
      own.conditionalSums ?? unasked[1],
      buffers.flips,
    ],
    invocationsPerRow: bank.words,
    // A Philox block of eight spins is some 400 operations.
    costPerRow: bank.spins * 64 + 100,
  });
  return [update, ...spreadDispatch(own)];
}

function spreadDispatch({ bank, states, spread }: BankBuffers): readonly DispatchSpec[] {
  if (spread === null) return [];
  return [spreadStates({ bank, states, spread })];
}

export function spreadStates({
  bank,
  states,
  spread,
}: {
  readonly bank: BankBuffers['bank'];
  readonly states: GPUBuffer;
  readonly spread: GPUBuffer;
}): DispatchSpec {
  const perRow = bank.pixels * bank.pixelWords;
  return dispatchSpec({
    kernel: 'spread-channels',
    params: { channels: bank.channels, pixels: bank.pixels, words: bank.words, pixel_words: bank.pixelWords },
    buffers: [states, spread],
    invocationsPerRow: perRow,
    costPerRow: perRow * 64,
  });
}

export function giverOf({ banks }: Pick<RunBuffers, 'banks'>, index: number): GiverStates {
  const { bank, states, spread } = banks[index] as BankBuffers;
  return { bank, states, spread, firstRow: 0 };
}
