/**
 * P114, P161 and the values of P113: what flows between stages. Stages are followed in order; each defines named
 * values for those behind it.
 */

import type { HostStage, ValueDtype, ValueSpec } from '../program-json.ts';
import { shapeText } from '../tensor-types.ts';
import type { ViolationList } from '../violation.ts';
import type { DraftBlock, DraftStage } from './draft-program.ts';
import { dtypeOfElement, type HostSignature } from './host-stage.ts';

/** A dimension is null while only a later stage can tell it (an ONNX graph may leave it open). */
type Dimension = number | 'batch' | null;

export interface NamedValue {
  /** Undefined for a value whose definition is at fault: nothing is compared with it. */
  readonly dtype: ValueDtype | undefined;
  /** Undefined while unknown as a whole. */
  shape: readonly Dimension[] | undefined;
  /** Where the definition stands. */
  readonly where: string;
  /** Where a program input states its dtype and shape: the place to change when a stage disagrees. */
  readonly statedAt?: string;
}

export interface ValueFlow {
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  readonly stages: readonly DraftStage[];
  /** Per stage; undefined for blocks and for ONNX bytes that do not decode. */
  readonly signatures: readonly (HostSignature | undefined)[];
}

/** Follows all values; every name that is defined, with what is known of it. */
export function followValues(flow: ValueFlow, found: ViolationList): ReadonlyMap<string, NamedValue> {
  const values = new ValueTable(found);
  flow.inputs.forEach(({ name, dtype, shape }, n) => {
    values.define(name, { dtype, shape, where: `inputs[${n}].name`, statedAt: `inputs[${n}]` });
  });
  flow.stages.forEach((stage, n) => {
    const where = `stages[${n}]`;
    if (stage.kind === 'block') followBlock(stage, where, values);
    else followHost(stage, where, flow.signatures[n], values);
  });
  flow.outputs.forEach((output, n) => {
    checkOutput(output, `outputs[${n}]`, values);
  });
  values.reportOpen();
  return values.all;
}

class ValueTable {
  readonly all = new Map<string, NamedValue>();
  readonly found: ViolationList;

  constructor(found: ViolationList) {
    this.found = found;
  }

  define(name: string, value: NamedValue): void {
    const other = this.all.get(name);
    if (other === undefined) {
      this.all.set(name, value);
      return;
    }
    this.found.add('P114', value.where, `the value ${JSON.stringify(name)} is already defined at ${other.where}`);
    this.all.set(name, { ...other, dtype: undefined, shape: undefined });
  }

  /** The value if it is defined by now, else a P114 at `where`. */
  use(name: string, where: string): NamedValue | undefined {
    const value = this.all.get(name);
    if (value === undefined) this.found.add('P114', where, `no value ${JSON.stringify(name)} is defined before this`);
    return value;
  }

  /** An ONNX graph may leave sizes open only where the rest of the program fixes them. */
  reportOpen(): void {
    for (const [name, { dtype, shape, where }] of this.all) {
      if (dtype === undefined || (shape !== undefined && !shape.includes(null))) continue;
      this.found.add('P161', where, `neither the graph nor the program states the shape of ${JSON.stringify(name)}`);
    }
  }
}

/** Whether two shapes agree; what one leaves open it takes from the other. */
function agree(value: NamedValue, shape: readonly Dimension[]): boolean {
  if (value.shape === undefined) {
    value.shape = shape;
    return true;
  }
  if (value.shape.length !== shape.length) return false;
  const merged = value.shape.map((size, n) => size ?? shape[n] ?? null);
  if (!merged.every((size, n) => shape[n] === null || size === shape[n])) return false;
  value.shape = merged;
  return true;
}

function followBlock(block: DraftBlock, where: string, values: ValueTable): void {
  block.banks.forEach((bank, n) => {
    if (bank.role !== 'pinned' || bank.value === undefined) return;
    const place = `${where}.banks[${n}].value`;
    const value = values.use(bank.value, place);
    if (value?.dtype === undefined) return;
    if (value.dtype !== 'spin' && value.dtype !== 'f32') {
      values.found.add('P113', place, `the value is ${value.dtype}; spins are pinned by spin or f32 values`);
    }
    const shape = ['batch', ...bank.shape] as const;
    if (!agree(value, shape)) {
      values.found.add(
        'P113',
        place,
        `the value has shape ${shapeText(value.shape ?? [])}, the bank ${shapeText(bank.shape)}`,
      );
    }
  });
  block.readouts.forEach((readout, n) => {
    if (readout.signs === undefined) return;
    const bank = block.banks.find(({ id }) => id === readout.bank);
    const sound = bank !== undefined && readout.observable !== 'state';
    values.define(readout.signs, {
      dtype: sound ? 'spin' : undefined,
      shape: sound ? ['batch', ...bank.shape] : undefined,
      where: `${where}.readouts[${n}].signs`,
    });
  });
}

function followHost(stage: HostStage, where: string, signature: HostSignature | undefined, values: ValueTable): void {
  const counted = signature !== undefined && signature.inputs.length === stage.inputs.length;
  if (signature !== undefined && !counted) {
    const message = `${stage.inputs.length} inputs, the graph has ${signature.inputs.length}`;
    values.found.add('P161', `${where}.inputs`, message);
  }
  stage.inputs.forEach((name, n) => {
    const place = `${where}.inputs[${n}]`;
    const value = values.use(name, place);
    const input = counted ? signature.inputs[n] : undefined;
    if (value?.dtype !== undefined && input !== undefined) checkHostInput(value, input, place, values.found);
  });
  if (signature !== undefined && signature.outputs.length !== stage.outputs.length) {
    const message = `${stage.outputs.length} outputs, the graph has ${signature.outputs.length}`;
    values.found.add('P161', `${where}.outputs`, message);
  }
  stage.outputs.forEach((name, n) => {
    const place = `${where}.outputs[${n}]`;
    const output = signature?.outputs[n];
    const dtype = output && dtypeOfElement(output.elementType);
    const batched = output?.dimensions === undefined || output.dimensions[0] === null;
    if (output !== undefined && dtype === undefined) {
      values.found.add(
        'P161',
        place,
        `the graph's output has element type ${output.elementType ?? 'none'}; FLOAT, UINT8 and INT64 are values`,
      );
    } else if (!batched) {
      const shape = shapeText(output.dimensions);
      values.found.add(
        'P161',
        place,
        `the graph's output has shape ${shape}; its first dimension must be open, for the batch`,
      );
    }
    const shape = output?.dimensions && (['batch', ...output.dimensions.slice(1)] as const);
    values.define(name, { dtype: batched ? dtype : undefined, shape: batched ? shape : undefined, where: place });
  });
}

function checkHostInput(
  value: NamedValue,
  input: HostSignature['inputs'][number],
  place: string,
  found: ViolationList,
): void {
  const dtype = dtypeOfElement(input.elementType);
  const fits = dtype === value.dtype || (dtype === 'f32' && value.dtype === 'spin');
  if (!fits) {
    const at = value.statedAt === undefined ? place : `${value.statedAt}.dtype`;
    found.add(
      'P161',
      at,
      `the value is ${value.dtype}, the graph's input has element type ${input.elementType ?? 'none'}`,
    );
  }
  const { dimensions } = input;
  if (dimensions === undefined) return;
  // The first dimension of a graph's input must be open; a number there fits no batch.
  const open = dimensions[0] === null;
  if (!open || !agree(value, ['batch', ...dimensions.slice(1)])) {
    const at = value.statedAt === undefined ? place : `${value.statedAt}.shape`;
    const shape = shapeText(dimensions);
    found.add('P161', at, `the value has shape ${shapeText(value.shape ?? [])}, the graph's input ${shape}`);
  }
}

function checkOutput(output: ValueSpec, where: string, values: ValueTable): void {
  const value = values.use(output.name, `${where}.name`);
  if (value?.dtype === undefined) return;
  if (value.dtype !== output.dtype) {
    values.found.add('P114', `${where}.dtype`, `${JSON.stringify(output.name)} is ${value.dtype}, not ${output.dtype}`);
  }
  if (!agree(value, output.shape)) {
    const message = `${JSON.stringify(output.name)} has shape ${shapeText(value.shape ?? [])}, not ${shapeText(output.shape)}`;
    values.found.add('P114', `${where}.shape`, message);
  }
}
