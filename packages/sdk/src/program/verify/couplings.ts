/** P121, with the P104 and P105 of a coupling's tensors: what a coupling joins, and by which numbers. */
import type { WeightData } from '../../couplings/tensor-values.ts';
import type { ProgramTensor } from '../program.ts';
import type { Coupling, TensorRef } from '../program-json.ts';
import type { BankFacts, BlockFacts, CouplingFacts, CouplingGeometry, ProgramContext, SoundBank } from './context.ts';
import { convGeometry } from './conv-geometry.ts';
import { sparseRows } from './sparse-rows.ts';

/** Every coupling of the block that later checks can work with. */
export function checkCouplings(facts: BlockFacts, program: ProgramContext): readonly CouplingFacts[] {
  const checked = facts.block.couplings.map((coupling, n) =>
    new CouplingCheck(coupling, `${facts.where}.couplings[${n}]`, facts, program).facts(),
  );
  return checked.filter((coupling) => coupling !== undefined);
}

/** Two banks of known size, and how a coupling may join them. */
export interface Ends {
  readonly from: SoundBank;
  readonly to: SoundBank;
}

export type Refuse = (where: string, message: string) => void;

class CouplingCheck {
  readonly #coupling: Coupling;
  readonly #where: string;
  readonly #facts: BlockFacts;
  readonly #program: ProgramContext;

  constructor(coupling: Coupling, where: string, facts: BlockFacts, program: ProgramContext) {
    this.#coupling = coupling;
    this.#where = where;
    this.#facts = facts;
    this.#program = program;
  }

  facts(): CouplingFacts | undefined {
    const coupling = this.#coupling;
    const from = this.#bank('from');
    const to = this.#bank('to');
    if (!this.#facts.gains.has(coupling.gain)) {
      this.#refuse(`${this.#where}.gain`, `the block has no gain ${JSON.stringify(coupling.gain)}`);
    }
    const inside = coupling.from === coupling.to && coupling.form.kind !== 'sparse';
    if (inside) this.#refuse(this.#where, `a ${coupling.form.kind} coupling cannot join a bank with itself`);
    const ends = from && to && !inside && isSound(from) && isSound(to) ? { from, to } : undefined;
    const numbers = this.#numbers(ends);
    if (ends === undefined || numbers === undefined) return undefined;
    const gain = this.#facts.gains.get(coupling.gain);
    return { coupling, where: this.#where, ...ends, ...numbers, gain };
  }

  #bank(end: 'from' | 'to'): BankFacts | undefined {
    const id = this.#coupling[end];
    const bank = this.#facts.banks.get(id);
    if (bank === undefined) this.#refuse(`${this.#where}.${end}`, `the block has no bank ${JSON.stringify(id)}`);
    return bank;
  }

  /** Resolves the tensors, also when the ends are unknown, and checks their sizes against the ends. */
  #numbers(ends: Ends | undefined): Pick<CouplingFacts, 'weights' | 'weightsWhere' | 'geometry'> | undefined {
    const { form } = this.#coupling;
    const at = `${this.#where}.form`;
    switch (form.kind) {
      case 'conv': {
        const kernel = this.#weights(form.kernel, `${at}.kernel`, [3, 4]);
        const conv = kernel && ends && convGeometry(form, kernel.tensor.shape, ends, at, this.#refuse);
        return conv && { ...kernel, geometry: { kind: 'conv', conv } };
      }
      case 'dense': {
        const matrix = this.#weights(form.matrix, `${at}.matrix`, [2]);
        return matrix && ends && this.#dense(matrix, ends);
      }
      case 'diagonal': {
        const value = this.#weights(form.value, `${at}.value`, [1]);
        return value && ends && this.#diagonal(value, ends);
      }
      case 'sparse': {
        const value = this.#weights(form.value, `${at}.value`, [1]);
        const table = this.#program.tensors;
        const rowStart = table.resolve(form.rowStart, `${at}.rowStart`, { dtypes: ['U32', 'U64'], ranks: [1] });
        const column = table.resolve(form.column, `${at}.column`, { dtypes: ['U32'], ranks: [1] });
        if (!value || !rowStart || !column || !ends) return undefined;
        const rows = sparseRows({ rowStart, column, value: value.tensor }, ends, at, this.#program.found);
        return rows && { ...value, geometry: rows };
      }
      default:
        return form satisfies never;
    }
  }

  #weights(ref: TensorRef, where: string, ranks: readonly number[]): Weights | undefined {
    const dtypes = this.#program.law === 'fixed' ? (['I8'] as const) : (['F32'] as const);
    const tensor = this.#program.tensors.finite(ref, where, { dtypes, ranks });
    if (tensor === undefined) return undefined;
    const { data } = tensor;
    return data instanceof Int8Array || data instanceof Float32Array
      ? { tensor, weights: data, weightsWhere: where }
      : undefined;
  }

  #dense(matrix: Weights, { from, to }: Ends): (Weights & { geometry: CouplingGeometry }) | undefined {
    const [rows, columns] = matrix.tensor.shape;
    if (rows === to.spinCount && columns === from.spinCount) return { ...matrix, geometry: { kind: 'dense' } };
    const needed = `to has ${to.spinCount} spins and from ${from.spinCount}`;
    this.#refuse(matrix.weightsWhere, `the matrix has shape [${rows}, ${columns}], ${needed}`);
    return undefined;
  }

  #diagonal(value: Weights, { from, to }: Ends): (Weights & { geometry: CouplingGeometry }) | undefined {
    if (from.spinCount !== to.spinCount) {
      this.#refuse(this.#where, `a diagonal joins equal numbers of spins, not ${from.spinCount} and ${to.spinCount}`);
      return undefined;
    }
    if (value.weights.length === to.spinCount) return { ...value, geometry: { kind: 'diagonal' } };
    this.#refuse(value.weightsWhere, `${value.weights.length} values for ${to.spinCount} spins`);
    return undefined;
  }

  readonly #refuse: Refuse = (where, message) => this.#program.found.add('P121', where, message);
}

interface Weights {
  readonly tensor: ProgramTensor;
  readonly weights: WeightData;
  readonly weightsWhere: string;
}

function isSound(bank: BankFacts): bank is SoundBank {
  return bank.spinCount !== undefined;
}
