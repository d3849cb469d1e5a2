/** Programs that are one change away from a control of the oracle: for tests of what the verifier accepts and refuses. */
import { readFileSync } from 'node:fs';
import type { Dtype, ProgramTensor, TensorData } from '../../src/program/program.ts';
import { readContainer } from '../../src/program/safetensors.ts';
import { verifyProgram } from '../../src/program/verify/verify-program.ts';
import type { Violation } from '../../src/program/violation.ts';

export type ControlName = 'blocks' | 'constrained' | 'conv' | 'dense' | 'glass' | 'host' | 'real' | 'sum';

/** The bytes of a control file. */
export function controlBytes(name: ControlName): Uint8Array<ArrayBuffer> {
  const file = new URL(`../fixtures/oracle/reject/control-${name}.isg`, import.meta.url);
  return new Uint8Array(readFileSync(file));
}

type Json = Record<string, unknown> | unknown[];

/** A control taken apart: its JSON and tensors, to be changed and verified. */
export class ControlDraft {
  readonly json: Json;
  readonly tensors: Map<string, ProgramTensor>;

  constructor(name: ControlName) {
    const container = readContainer(controlBytes(name));
    if (container.kind === 'invalid') throw new Error(`control-${name}.isg is no container`);
    this.json = JSON.parse(container.programText);
    this.tensors = new Map(container.tensors);
  }

  get(path: string): unknown {
    const { parent, key } = this.#walk(path);
    return Reflect.get(parent, key);
  }

  /** Writes at `stages[0].gains[1].value`; one past the end of a list appends. */
  set(path: string, value: unknown): this {
    const { parent, key } = this.#walk(path);
    Reflect.set(parent, key, value);
    return this;
  }

  drop(path: string): this {
    const { parent, key } = this.#walk(path);
    Reflect.deleteProperty(parent, key);
    return this;
  }

  /** Adds or replaces a tensor and returns a reference to it. */
  tensor(name: string, dtype: Dtype, shape: readonly number[], data: TensorData): { tensor: string } {
    this.tensors.set(name, { dtype, shape, data });
    return { tensor: name };
  }

  violations(): readonly Violation[] {
    return verifyProgram(this.json, this.tensors);
  }

  /** `P151 at stages[0].schedule.sweeps`, for each violation. */
  places(): readonly string[] {
    return this.violations().map(({ code, where }) => `${code} at ${where}`);
  }

  #walk(path: string): { readonly parent: Json; readonly key: string } {
    const steps = [...path.matchAll(/[^.[\]]+/g)].map(([step]) => step);
    const key = steps.pop() ?? '';
    const parent = steps.reduce<Json>((at, step) => Reflect.get(at, step) as Json, this.json);
    return { parent, key };
  }
}
