/** A finished block as program JSON, with its tensors. */
import type { Bank, Bias, Block, Coupling, CouplingForm, ProgramTensor, TensorRef } from '@isinglass/sdk';
import { bankShapes, type FoldedBias } from '../fold/folded-block.ts';
import type { RoundedCoupling } from '../quantize/rounded-block.ts';
import type { ScheduledBlock } from '../schedule/schedule-pass.ts';

/** What a block cannot know of itself. */
export interface EmitOptions {
  readonly index: number;
  /** Null under the real law. */
  readonly fixed: { readonly fractionBits: number; readonly weightBits: number } | null;
}

/** Adds the block's tensors to `tensors`; their names begin with the block's id. */
export function emitBlock(block: ScheduledBlock, o: EmitOptions, tensors: Map<string, ProgramTensor>): Block {
  const { model, schedule, colors } = block;
  const shapes = bankShapes(model);
  const store = (name: string, tensor: ProgramTensor): TensorRef => {
    const full = `${model.id}.${name}`;
    tensors.set(full, tensor);
    return { tensor: full };
  };
  const banks: readonly Bank[] = [
    { id: 's0', role: 'pinned', shape: shapes.s0, value: model.input },
    { id: 's1', role: 'free', shape: shapes.s1, color: colors.s1 },
    { id: 's2', role: 'free', shape: shapes.s2, color: colors.s2 },
  ];
  const { sweeps, burnIn, stride, chains, init, observable, tie } = schedule;
  return {
    kind: 'block',
    id: model.id,
    index: o.index,
    banks,
    gains: block.gains,
    couplings: block.couplings.map((coupling) => emitCoupling(coupling, o, store)),
    biases: block.biases.map((bias) => emitBias(bias, store)),
    readouts: [{ id: 'y', bank: 's2', observable, tie, signs: model.output }],
    schedule: { sweeps, burnIn, stride, chains, colors: [colors.s1, colors.s2], init, beta: 1 },
    ...(o.fixed === null ? {} : { fixed: { fractionBits: o.fixed.fractionBits, beta: 1 } }),
  };
}

type Store = (name: string, tensor: ProgramTensor) => TensorRef;

function emitCoupling(coupling: RoundedCoupling, o: EmitOptions, store: Store): Coupling {
  const { id, from, to, gain, rounding } = coupling;
  return {
    id,
    from,
    to,
    gain,
    form: emitForm(coupling, store),
    ...(rounding === null ? {} : { scale: rounding.scale }),
    ...(o.fixed === null ? {} : { constraint: { weightBits: o.fixed.weightBits } }),
  };
}

function emitForm({ id, form, tensor }: RoundedCoupling, store: Store): CouplingForm {
  switch (form.kind) {
    case 'conv':
      return { ...form, kernel: store(`${id}.kernel`, tensor) };
    case 'dense':
      return { kind: 'dense', matrix: store(`${id}.matrix`, tensor) };
    case 'diagonal':
      return { kind: 'diagonal', value: store(`${id}.value`, tensor) };
    default:
      return form satisfies never;
  }
}

function emitBias(bias: FoldedBias, store: Store): Bias {
  const values = store(`${bias.bank}.bias`, { dtype: 'F32', shape: bias.shape, data: Float32Array.from(bias.values) });
  const { bank, gain } = bias;
  if (bias.form === 'border') return { bank, gain, values, form: 'border', border: { starts: bias.starts ?? [] } };
  return { bank, gain, values, form: bias.form };
}
