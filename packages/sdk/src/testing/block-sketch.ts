/** A program of one block under the fixed law while it grows: banks, couplings and biases with random numbers in them. */
import { spinCountOf } from '../program/block-layout.ts';
import { createProgram } from '../program/create-program.ts';
import type { Dtype, Program, ProgramTensor, TensorData } from '../program/program.ts';
import { programFeatures } from '../program/program-features.ts';
import type {
  Bank,
  Bias,
  Block,
  Coupling,
  CouplingForm,
  ProgramJson,
  TensorRef,
  ValueSpec,
} from '../program/program-json.ts';
import { Dice } from './dice.ts';

type Shape = readonly number[];

/** 2^12·scale is a multiplier still, with any gain that a run may ask for. */
const scaleMax = 10;

/** The two ends of a coupling. */
export interface CouplingEnds {
  readonly from: string;
  readonly to: string;
  /** The typical number of partners of a spin; it decides the scale. */
  readonly degree: number;
}

/** The block's index is 3. Weights have one range and kind all over the program, fields are of the order of k_B·T, mostly. */
export class BlockSketch {
  readonly dice: Dice;
  readonly #tensors = new Map<string, ProgramTensor>();
  readonly #banks: Bank[] = [];
  readonly #couplings: Coupling[] = [];
  readonly #inputs: ValueSpec[] = [];
  readonly #biases: Bias[] = [];
  readonly #bits: number;
  /** How weights are drawn: all over their range, about zero, at its ends, mostly zero. */
  readonly #weights: 'even' | 'bell' | 'extreme' | 'sparse';
  /** Typical |β·f| from one coupling: now and then next to nothing, or saturated. */
  readonly #strength: number;

  constructor(seed: number) {
    this.dice = new Dice(seed, 77);
    this.#bits = this.dice.pick([2, 4, 5, 6, 7, 7, 8, 8]);
    this.#weights = this.dice.pick(['even', 'bell', 'bell', 'extreme', 'sparse']);
    this.#strength = this.dice.pick([0.7, 2, 2, 4, 4, 12, 0.01]);
  }

  add(name: string, dtype: Dtype, shape: Shape, data: TensorData): TensorRef {
    this.#tensors.set(name, { dtype, shape: [...shape], data });
    return { tensor: name };
  }

  /** A bank of one color, mostly with a bias of every spin. */
  free(id: string, shape: Shape, color: number): void {
    this.#banks.push({ id, role: 'free', shape: [...shape], color });
    if (this.dice.chance(0.7)) this.#bias(id, shape);
  }

  pinned(id: string, shape: Shape): void {
    this.#inputs.push({ name: id, dtype: 'spin', shape: ['batch', ...shape] });
    this.#banks.push({ id, role: 'pinned', shape: [...shape], value: id });
  }

  /** A bank whose spins have colors of their own. */
  colored(id: string, shape: Shape, colors: Uint16Array<ArrayBuffer>): void {
    const colorMap = this.add(`${id}.color`, 'U16', shape, colors);
    this.#banks.push({ id, role: 'free', shape: [...shape], colorMap });
    if (this.dice.chance(0.5)) this.#bias(id, shape);
  }

  /** `shape` is that of the weights; `form` says what they are the weights of. */
  couple(ends: CouplingEnds, shape: Shape, form: (weights: TensorRef) => CouplingForm): void {
    const { dice } = this;
    const { from, to, degree } = ends;
    const id = `j${this.#couplings.length}`;
    const count = shape.reduce((product, n) => product * n, 1);
    const values = Int8Array.from({ length: count }, () => this.#weight());
    const rms = Math.sqrt(values.reduce((sum, w) => sum + w * w, 1) / (count + 1));
    const scale = Math.min(scaleMax, this.#strength / (rms * Math.sqrt(Math.max(1, degree))));
    const gain = dice.chance(0.7) ? 'delta' : 'one';
    this.#couplings.push({ id, from, to, gain, scale, form: form(this.add(`${id}.w`, 'I8', shape, values)) });
  }

  /** The first free bank is read. */
  program(name: string): Program {
    const { dice } = this;
    const first = this.#banks.find((bank) => bank.role === 'free');
    const beta = dice.pick([1, 0.7]);
    const block: Block = {
      kind: 'block',
      id: 'block',
      index: 3,
      banks: this.#banks,
      gains: [
        { id: 'one', value: 1, runtime: false },
        { id: 'delta', value: dice.pick([1, 0.25]), runtime: true },
      ],
      couplings: this.#couplings,
      biases: this.#biases,
      readouts: [{ id: 'y', bank: first?.id ?? '', observable: 'spin-sum', tie: 1 }],
      schedule: {
        sweeps: 6,
        burnIn: 0,
        stride: 1,
        chains: 1,
        colors: dice.shuffled([...this.#colors()]),
        init: 'random',
        beta: dice.chance(0.3)
          ? [
              { sweep: 1, beta: beta / 2 },
              { sweep: 3, beta },
            ]
          : beta,
      },
      fixed: { fractionBits: dice.pick([9, 9, 9, 4, 7, 12]), beta },
    };
    const json: Omit<ProgramJson, 'features'> = {
      irVersion: '1.0',
      name,
      provenance: {},
      law: { kind: 'fixed' },
      inputs: this.#inputs,
      outputs: [],
      stages: [block],
    };
    return createProgram({ ...json, features: programFeatures(json) }, this.#tensors);
  }

  #colors(): ReadonlySet<number> {
    const colors = new Set<number>();
    for (const bank of this.#banks) {
      if (bank.role !== 'free') continue;
      const map = bank.colorMap === undefined ? undefined : this.#tensors.get(bank.colorMap.tensor)?.data;
      for (const color of map === undefined ? [bank.color ?? 0] : (map as Uint16Array)) colors.add(color);
    }
    return colors;
  }

  #bias(bank: string, shape: Shape): void {
    const values = Float32Array.from({ length: spinCountOf({ shape }) }, () => this.dice.normal() * 0.3);
    this.#biases.push({ bank, gain: 'one', form: 'spin', values: this.add(`${bank}.bias`, 'F32', shape, values) });
  }

  #weight(): number {
    const largest = 2 ** (this.#bits - 1) - 1;
    switch (this.#weights) {
      case 'even':
        return this.dice.integer(-largest, largest);
      case 'bell':
        return Math.max(-largest, Math.min(largest, Math.round((this.dice.normal() * largest) / 3)));
      case 'extreme':
        return this.dice.pick([largest, largest, -largest]);
      case 'sparse':
        return this.dice.chance(0.8) ? 0 : this.dice.integer(-largest, largest);
      default:
        return this.#weights satisfies never;
    }
  }
}
