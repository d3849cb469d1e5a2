/**
 * A program whose form is right (P103) and whose meaning is not yet checked: the types of program-json.ts, loosened
 * where an invariant with its own code decides (P113, P142), and their shapes.
 */
import type {
  Bias,
  BorderRule,
  Coupling,
  CouplingConstraint,
  CouplingForm,
  FixedPoint,
  Gain,
  HostStage,
  Law,
  Schedule,
  TensorRef,
  ValueSpec,
} from '../program-json.ts';
import {
  boolean,
  type FormReport,
  freeObject,
  integer,
  listOf,
  number,
  object,
  oneOf,
  optional,
  type Shape,
  string,
  variant,
} from './shape.ts';

export interface DraftBank {
  readonly id: string;
  readonly role: 'pinned' | 'free';
  readonly shape: readonly number[];
  readonly color?: number;
  readonly colorMap?: TensorRef;
  readonly value?: string;
}

export interface DraftReadout {
  readonly id: string;
  readonly bank: string;
  readonly observable: string;
  readonly tie: number;
  readonly signs?: string;
}

export interface DraftBlock {
  readonly kind: 'block';
  readonly id: string;
  readonly index: number;
  readonly banks: readonly DraftBank[];
  readonly gains: readonly Gain[];
  readonly couplings: readonly Coupling[];
  readonly biases: readonly Bias[];
  readonly readouts: readonly DraftReadout[];
  readonly schedule: Schedule;
  readonly fixed?: FixedPoint;
}

export type DraftStage = HostStage | DraftBlock;

/** Everything of a program but its stages. */
export interface ProgramFrame {
  readonly irVersion: string;
  readonly features: readonly string[];
  readonly name: string;
  readonly provenance: Readonly<Record<string, unknown>>;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly law: Law;
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  readonly stages: readonly unknown[];
}

const tensorRef: Shape<TensorRef> = object<TensorRef>({ tensor: string });

const valueShape: Shape<ValueSpec['shape']> = {
  check(value, where, report) {
    if (!Array.isArray(value)) {
      listOf(integer).check(value, where, report);
      return;
    }
    if (value[0] !== 'batch') report.wrong(`${where}[0]`, 'the first entry of a value\'s shape is "batch"');
    value.slice(1).forEach((size, n) => {
      const place = `${where}[${n + 1}]`;
      if (Number.isInteger(size) && size < 1) report.wrong(place, `the size ${size} is not positive`);
      else integer.check(size, place, report);
    });
  },
};

const valueSpec: Shape<ValueSpec> = object<ValueSpec>({
  name: string,
  dtype: oneOf('spin', 'f32', 'u8', 'i64'),
  shape: valueShape,
});

const anyStage: Shape<unknown> = { check: () => {} };

const frame: Shape<ProgramFrame> = object<ProgramFrame>({
  irVersion: string,
  features: listOf(string),
  name: string,
  provenance: freeObject,
  meta: optional(freeObject),
  law: object<{ readonly kind: Law['kind'] }>({ kind: oneOf('real', 'fixed') }),
  inputs: listOf(valueSpec),
  outputs: listOf(valueSpec),
  stages: listOf(anyStage),
});

const hostStage: Shape<HostStage> = object<HostStage>({
  kind: oneOf('host'),
  id: string,
  onnx: tensorRef,
  inputs: listOf(string),
  outputs: listOf(string),
});

const bank: Shape<DraftBank> = object<DraftBank>({
  id: string,
  role: oneOf('pinned', 'free'),
  shape: listOf(integer),
  color: optional(integer),
  colorMap: optional(tensorRef),
  value: optional(string),
});

const form: Shape<CouplingForm> = variant<CouplingForm>('kind', {
  conv: object<CouplingForm & { kind: 'conv' }>({
    kind: oneOf('conv'),
    kernel: tensorRef,
    strides: listOf(integer),
    pads: listOf(integer),
    dilations: listOf(integer),
    groups: integer,
  }),
  dense: object<CouplingForm & { kind: 'dense' }>({ kind: oneOf('dense'), matrix: tensorRef }),
  sparse: object<CouplingForm & { kind: 'sparse' }>({
    kind: oneOf('sparse'),
    rowStart: tensorRef,
    column: tensorRef,
    value: tensorRef,
  }),
  diagonal: object<CouplingForm & { kind: 'diagonal' }>({ kind: oneOf('diagonal'), value: tensorRef }),
});

const constraint: Shape<CouplingConstraint> = object<CouplingConstraint>({
  weightBits: optional(integer),
  levels: optional(listOf(number)),
  nonzerosMax: optional(integer),
  degreeToMax: optional(integer),
  degreeFromMax: optional(integer),
});

const coupling: Shape<Coupling> = object<Coupling>({
  id: string,
  from: string,
  to: string,
  gain: string,
  form,
  scale: optional(number),
  constraint: optional(constraint),
});

const plainBias = { bank: string, gain: string, values: tensorRef };
const border: Shape<BorderRule> = object<BorderRule>({ starts: listOf(listOf(integer)) });
type PlainBias = Omit<Bias & { form: 'spin' | 'channel' }, 'border'>;
const spinOrChannelBias: Shape<PlainBias> = object<PlainBias>({ ...plainBias, form: oneOf('spin', 'channel') });
const bias: Shape<Bias> = variant<Bias>('form', {
  spin: spinOrChannelBias as Shape<Bias>,
  channel: spinOrChannelBias as Shape<Bias>,
  border: object<Bias & { form: 'border' }>({ ...plainBias, form: oneOf('border'), border }),
});

const readout: Shape<DraftReadout> = object<DraftReadout>({
  id: string,
  bank: string,
  observable: string,
  tie: number,
  signs: optional(string),
});

const betaSteps = listOf(object<{ readonly sweep: number; readonly beta: number }>({ sweep: integer, beta: number }));
const beta: Shape<Schedule['beta']> = {
  check: (value, where, report) => (Array.isArray(value) ? betaSteps : number).check(value, where, report),
};

const schedule: Shape<Schedule> = object<Schedule>({
  sweeps: integer,
  burnIn: integer,
  stride: integer,
  chains: integer,
  colors: listOf(integer),
  init: oneOf('random', 'feed-forward'),
  beta,
});

const block: Shape<DraftBlock> = object<DraftBlock>({
  kind: oneOf('block'),
  id: string,
  index: integer,
  banks: listOf(bank),
  gains: listOf(object<Gain>({ id: string, value: number, runtime: boolean })),
  couplings: listOf(coupling),
  biases: listOf(bias),
  readouts: listOf(readout),
  schedule,
  fixed: optional(object<FixedPoint>({ fractionBits: integer, beta: number })),
});

const stage: Shape<DraftStage> = variant<DraftStage>('kind', { host: hostStage, block });

/** The program without its stages, or undefined when its form is wrong. */
export function checkFrame(json: unknown, report: FormReport): ProgramFrame | undefined {
  return checked(frame, json, '', report);
}

/** One stage, or undefined when its form is wrong. */
export function checkStage(json: unknown, where: string, report: FormReport): DraftStage | undefined {
  return checked(stage, json, where, report);
}

function checked<T>(shape: Shape<T>, json: unknown, where: string, report: FormReport): T | undefined {
  const before = report.wrongCount;
  shape.check(json, where, report);
  return report.wrongCount === before ? (json as T) : undefined;
}
