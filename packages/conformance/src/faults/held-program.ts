/** The program that a faulty device holds instead of the one that it was asked to load: other weights, fields, scales, β. */
import {
  type Bias,
  type Block,
  type Coupling,
  type CouplingForm,
  createProgram,
  type Program,
  type ProgramTensor,
  type TensorRef,
} from '@isinglass/sdk';

export interface HeldChanges {
  /** A stored weight (integer w under the fixed law, else J); `scale` in units of k_B·T per unit of weight. */
  readonly weight?: (weight: number, at: { readonly coupling: Coupling; readonly scale: number }) => number;
  /** All fields of one bias, in units of k_B·T. */
  readonly fields?: (
    values: readonly number[],
    at: { readonly bias: Bias; readonly block: Block },
  ) => readonly number[];
  /** Factor on every J. */
  readonly couplingFactor?: number;
  /** Factor on every β. */
  readonly betaFactor?: number;
}

/** A program of its own, verified; the one given is untouched. Throws InvalidProgramError where the changes leave the law's range. */
export function heldProgram(program: Program, changes: HeldChanges): Program {
  const writer = new HeldWriter(program, changes);
  const stages = program.json.stages.map((stage) => (stage.kind === 'host' ? stage : writer.block(stage)));
  const json = { ...program.json, stages };
  const used = referencedTensors(stages);
  return createProgram(json, new Map([...writer.tensors].filter(([name]) => used.has(name))));
}

class HeldWriter {
  readonly tensors: Map<string, ProgramTensor>;
  readonly #program: Program;
  readonly #changes: HeldChanges;
  readonly #fixed: boolean;

  constructor(program: Program, changes: HeldChanges) {
    this.#program = program;
    this.#changes = changes;
    this.#fixed = program.json.law.kind === 'fixed';
    this.tensors = new Map(program.tensors);
  }

  block(block: Block): Block {
    const { betaFactor = 1 } = this.#changes;
    const { beta } = block.schedule;
    const scaled =
      typeof beta === 'number' ? beta * betaFactor : beta.map((b) => ({ ...b, beta: b.beta * betaFactor }));
    return {
      ...block,
      couplings: block.couplings.map((coupling) => this.#coupling(coupling, block)),
      biases: block.biases.map((bias, n) => this.#bias(bias, n, block)),
      schedule: { ...block.schedule, beta: scaled },
      ...(block.fixed === undefined ? {} : { fixed: { ...block.fixed, beta: block.fixed.beta * betaFactor } }),
    };
  }

  /** Constraints are promises about the weights that were asked for. */
  #coupling({ constraint: _, ...coupling }: Coupling, block: Block): Coupling {
    const { couplingFactor = 1, weight } = this.#changes;
    const scale = coupling.scale === undefined ? {} : { scale: coupling.scale * couplingFactor };
    const factor = this.#fixed ? 1 : couplingFactor;
    if (weight === undefined && factor === 1) return { ...coupling, ...scale };
    const at = { coupling, scale: coupling.scale ?? 1 };
    const held = ({ tensor }: TensorRef): TensorRef =>
      this.#write(`held.${block.id}.${coupling.id}`, tensor, (values) =>
        values.map((w) => (weight?.(w, at) ?? w) * factor),
      );
    return { ...coupling, ...scale, form: heldForm(coupling.form, held) };
  }

  #bias(bias: Bias, n: number, block: Block): Bias {
    const { fields } = this.#changes;
    if (fields === undefined) return bias;
    const values = this.#write(`held.${block.id}.bias${n}`, bias.values.tensor, (old) => fields(old, { bias, block }));
    return { ...bias, values };
  }

  #write(name: string, from: string, change: (values: readonly number[]) => readonly number[]): TensorRef {
    const { dtype, shape, data } = this.#program.tensors.get(from) as ProgramTensor;
    const values = change(Array.from(data as Float32Array));
    this.tensors.set(name, { dtype, shape, data: dtype === 'I8' ? Int8Array.from(values) : Float32Array.from(values) });
    return { tensor: name };
  }
}

function heldForm(form: CouplingForm, held: (ref: TensorRef) => TensorRef): CouplingForm {
  switch (form.kind) {
    case 'conv':
      return { ...form, kernel: held(form.kernel) };
    case 'dense':
      return { ...form, matrix: held(form.matrix) };
    case 'sparse':
    case 'diagonal':
      return { ...form, value: held(form.value) };
    default:
      return form satisfies never;
  }
}

/** Names of all `{ tensor }` in a tree. */
function referencedTensors(tree: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof tree !== 'object' || tree === null) return found;
  for (const [key, member] of Object.entries(tree)) {
    if (key === 'tensor' && typeof member === 'string') found.add(member);
    else referencedTensors(member, found);
  }
  return found;
}
