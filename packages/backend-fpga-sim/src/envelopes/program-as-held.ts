/**
 * A program as an analog machine holds it: coefficients in its units, clipped, rounded and off by what its noise model says, then back in units of k_B·T. The
 * noise is drawn once from a seed: the same seed is the same programming of the same machine.
 */
import {
  type Block,
  biasValues,
  type Coupling,
  couplingView,
  createProgram,
  type Program,
  type ProgramTensor,
  programFeatures,
  referenceBeta,
  spinCountOf,
  type TensorData,
  UnsupportedError,
  weightRef,
} from '@isinglass/sdk';
import type { NoiseModel } from './noise-model.ts';
import { normalDraws } from './normal-draws.ts';

export interface HeldProgram {
  /** Under the real law; every coupling and bias has the gain 1, every free bank one bias. */
  readonly program: Program;
  /** By block index and bank: what each spin's β·f is multiplied by; all 1 where the model has no spread. Offsets are in the biases. */
  readonly spinGains: ReadonlyMap<number, ReadonlyMap<string, Float32Array<ArrayBuffer>>>;
}

/** Which numbers a stream of noise is for. */
const uses = { couplings: 0, biases: 1, offsets: 2, gains: 3 } as const;

/**
 * Throws UnsupportedError for a program of the fixed law, whose integers an analog machine does not hold, and for convolutions: each coupling is a part of its
 * own there, with its own error, so that there is no kernel.
 */
export function programAsHeld(program: Program, noise: NoiseModel, seed: bigint): HeldProgram {
  if (program.json.law.kind !== 'real') {
    throw new UnsupportedError('fixed', 'an analog machine takes programs of the real law: compile with --law real', {
      where: 'law',
    });
  }
  const tensors = new Map<string, ProgramTensor>();
  const keep = (name: string): void => {
    tensors.set(name, program.tensors.get(name) as ProgramTensor);
  };
  const spinGains = new Map<number, ReadonlyMap<string, Float32Array<ArrayBuffer>>>();
  const stages = program.json.stages.map((stage) => {
    if (stage.kind === 'host') {
      keep(stage.onnx.tensor);
      return stage;
    }
    const held = blockAsHeld(stage, { tensors: program.tensors, noise, seed });
    for (const [name, tensor] of held.tensors) tensors.set(name, tensor);
    for (const name of held.kept) keep(name);
    spinGains.set(stage.index, held.spinGains);
    return held.block;
  });
  const json = { ...program.json, stages };
  return { program: createProgram({ ...json, features: programFeatures(json) }, tensors), spinGains };
}

interface HeldBlock {
  readonly block: Block;
  readonly tensors: ReadonlyMap<string, ProgramTensor>;
  /** Names of tensors that stay as they are. */
  readonly kept: readonly string[];
  readonly spinGains: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
}

function blockAsHeld(
  block: Block,
  o: { readonly tensors: Program['tensors']; readonly noise: NoiseModel; readonly seed: bigint },
): HeldBlock {
  const { noise } = o;
  const toMachine = referenceBeta(block.schedule) / noise.betaEffective;
  const draws = (use: keyof typeof uses): (() => number) => normalDraws(o.seed, { block: block.index, use: uses[use] });
  const tensors = new Map<string, ProgramTensor>();
  const kept: string[] = [];
  const free = block.banks.filter(({ role }) => role === 'free');

  const biases = new Map(free.map((bank) => [bank.id, totalBias(block, bank.id, o.tensors)]));
  leak(block, { ...o, biases, factor: toMachine * noise.susceptibility });
  const biasDraw = draws('biases');
  const offsetDraw = draws('offsets');
  for (const [bank, values] of biases) {
    const held = values.map(
      (h) =>
        (onMachine(toMachine * h, noise.biasRange, noise.coefficientBits) + noise.biasSigma * biasDraw()) / toMachine +
        (noise.offsetSigma * offsetDraw()) / referenceBeta(block.schedule),
    );
    tensors.set(biasName(block, bank), {
      dtype: 'F32',
      shape: block.banks.find(({ id }) => id === bank)?.shape ?? [],
      data: Float32Array.from(held),
    });
  }

  const couplingDraw = draws('couplings');
  const couplings = block.couplings.map((coupling, n): Coupling => {
    const { form } = coupling;
    if (form.kind === 'conv') {
      throw new UnsupportedError('conv', 'an analog machine has no kernels: write the coupling sparse', {
        where: `block ${block.id}, coupling ${coupling.id}`,
      });
    }
    const tensor = o.tensors.get(weightRef(form).tensor) as ProgramTensor;
    const gain = gainOf(block, coupling.gain);
    const value = { tensor: `${block.id}.held.${n}` };
    tensors.set(value.tensor, {
      ...tensor,
      data: Float32Array.from(numbersOf(tensor.data), (w) => {
        // No coupling, no part that could err.
        if (w === 0) return 0;
        const programmed = onMachine(toMachine * gain * w, noise.couplingRange, noise.coefficientBits);
        return (programmed + noise.couplingSigma * couplingDraw()) / toMachine;
      }),
    });
    if (form.kind === 'sparse') kept.push(form.rowStart.tensor, form.column.tensor);
    const { constraint: _, ...rest } = coupling;
    const held = form.kind === 'dense' ? { ...form, matrix: value } : { ...form, value };
    return { ...rest, gain: 'one', form: held };
  });

  for (const bank of free) if (bank.colorMap !== undefined) kept.push(bank.colorMap.tensor);
  const gainDraw = draws('gains');
  return {
    block: {
      ...block,
      gains: [{ id: 'one', value: 1, runtime: false }],
      couplings,
      biases: free.map(({ id }) => ({ bank: id, gain: 'one', form: 'spin', values: { tensor: biasName(block, id) } })),
    },
    tensors,
    kept,
    spinGains: new Map(
      free.map((bank) => [
        bank.id,
        Float32Array.from({ length: spinCountOf(bank) }, () => Math.max(0, 1 + noise.gainSigma * gainDraw())),
      ]),
    ),
  };
}

const biasName = (block: Block, bank: string): string => `${block.id}.held.bias.${bank}`;

/** A coefficient in the machine's units, as far as it can be programmed. */
function onMachine(value: number, range: readonly [number, number] | null, bits: number | null): number {
  if (range === null) return value;
  const [low, high] = range;
  const clipped = Math.min(high, Math.max(low, value));
  if (bits === null) return clipped;
  // Levels are symmetric about 0, so that 0 is one of them.
  const step = Math.max(-low, high) / (2 ** (bits - 1) - 1);
  return Math.min(high, Math.max(low, Math.round(clipped / step) * step));
}

/** Σ of a bank's biases, gains applied. */
function totalBias(block: Block, bank: string, tensors: Program['tensors']): Float64Array {
  const shape = block.banks.find(({ id }) => id === bank) as Block['banks'][number];
  const total = new Float64Array(spinCountOf(shape));
  for (const bias of block.biases) {
    if (bias.bank !== bank) continue;
    const gain = gainOf(block, bias.gain);
    biasValues(bias, shape, tensors).forEach((value, spin) => {
      total[spin] = (total[spin] as number) + gain * value;
    });
  }
  return total;
}

/** χ: biases leak along couplings, all at once. */
function leak(
  block: Block,
  o: { readonly tensors: Program['tensors']; readonly biases: Map<string, Float64Array>; readonly factor: number },
): void {
  if (o.factor === 0) return;
  const before = new Map([...o.biases].map(([bank, values]) => [bank, values.slice()]));
  for (const coupling of block.couplings) {
    const view = couplingView(coupling, block, o.tensors);
    const factor = o.factor * gainOf(block, coupling.gain);
    for (const side of coupling.from === coupling.to ? (['to'] as const) : (['to', 'from'] as const)) {
      const into = o.biases.get(coupling[side]);
      const other = before.get(coupling[side === 'to' ? 'from' : 'to']);
      if (into === undefined || other === undefined) continue;
      const sums = new Float64Array(into.length);
      if (side === 'to') view.applyForward(other, sums);
      else view.applyAdjoint(other, sums);
      sums.forEach((sum, spin) => {
        into[spin] = (into[spin] as number) - factor * sum;
      });
    }
  }
}

const gainOf = (block: Block, id: string): number => block.gains.find((gain) => gain.id === id)?.value ?? 1;

const numbersOf = (data: TensorData): Float32Array => data as Float32Array;
