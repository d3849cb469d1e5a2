/**
 * A program with everything a session does: u8 images → encoder (host) → block `first` → `second` fed by its signs
 * through a middle host stage → decoder (host). All maps are 2×3×3.
 */
import { createProgram } from '../../src/program/create-program.ts';
import type { Program, ProgramTensor } from '../../src/program/program.ts';
import { programFeatures } from '../../src/program/program-features.ts';
import type { Block, ProgramJson } from '../../src/program/program-json.ts';
import type { HostGraph, HostRuntime, HostTensor } from '../../src/session/host-runtime.ts';
import { tinyOnnx } from './tiny-onnx.ts';

export const mapShape = [2, 3, 3] as const;
const spins = 18;

const value = (name: string, dtype: 'f32' | 'u8') => ({ name, dtype, shape: mapShape });
const models: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  // Pixels below 100 are −1, 100 and above +1.
  encoder: tinyOnnx({
    inputs: [value('pixels', 'u8')],
    outputs: [value('z', 'f32')],
    nodes: [
      { op: 'Cast', inputs: ['pixels'], output: 'f' },
      { op: 'Sub', inputs: ['f', 100], output: 'z' },
    ],
  }),
  middle: tinyOnnx({
    inputs: [value('y', 'f32')],
    outputs: [value('negated', 'f32')],
    nodes: [{ op: 'Neg', inputs: ['y'], output: 'negated' }],
  }),
  decoder: tinyOnnx({
    inputs: [value('y', 'f32'), value('z', 'f32')],
    outputs: [value('sum', 'f32')],
    nodes: [{ op: 'Add', inputs: ['y', 'z'], output: 'sum' }],
  }),
};

export function stagedProgram(): Program {
  const tensors = new Map<string, ProgramTensor>();
  for (const [name, data] of Object.entries(models)) tensors.set(name, { dtype: 'U8', shape: [data.length], data });
  for (const name of ['first', 'second']) {
    const data = Int8Array.from({ length: spins * spins }, (_, n) => ((n * (name === 'first' ? 37 : 53)) % 31) - 15);
    tensors.set(`${name}.j`, { dtype: 'I8', shape: [spins, spins], data });
  }
  const json: Omit<ProgramJson, 'features'> = {
    irVersion: '1.0',
    name: 'staged',
    provenance: {},
    law: { kind: 'fixed' },
    inputs: [{ name: 'image', dtype: 'u8', shape: ['batch', ...mapShape] }],
    outputs: [
      { name: 'logits', dtype: 'f32', shape: ['batch', ...mapShape] },
      { name: 'y2', dtype: 'spin', shape: ['batch', ...mapShape] },
    ],
    stages: [
      { kind: 'host', id: 'encoder', onnx: { tensor: 'encoder' }, inputs: ['image'], outputs: ['code'] },
      block('first', 3, { from: 'code', signs: 'y1' }),
      { kind: 'host', id: 'middle', onnx: { tensor: 'middle' }, inputs: ['y1'], outputs: ['m'] },
      block('second', 9, { from: 'm', signs: 'y2' }),
      { kind: 'host', id: 'decoder', onnx: { tensor: 'decoder' }, inputs: ['y2', 'code'], outputs: ['logits'] },
    ],
  };
  return createProgram({ ...json, features: programFeatures(json) }, tensors);
}

function block(id: string, index: number, o: { readonly from: string; readonly signs: string }): Block {
  return {
    kind: 'block',
    id,
    index,
    banks: [
      { id: 'x', role: 'pinned', shape: mapShape, value: o.from },
      { id: 's', role: 'free', shape: mapShape, color: 0 },
    ],
    gains: [{ id: 'delta', value: 0.5, runtime: true }],
    couplings: [
      {
        id: 'j',
        from: 'x',
        to: 's',
        gain: 'delta',
        scale: 0.02,
        form: { kind: 'dense', matrix: { tensor: `${id}.j` } },
      },
    ],
    biases: [],
    readouts: [{ id: 'r', bank: 's', observable: 'spin-sum', tie: 1, signs: o.signs }],
    schedule: { sweeps: 6, burnIn: 1, stride: 1, chains: 1, colors: [0], init: 'random', beta: 1 },
    fixed: { fractionBits: 9, beta: 1 },
  };
}

/** The three models as functions, in a runtime that can be slow, held, and made to fail; it counts its graphs. */
export class ScriptedHost implements HostRuntime {
  /** Graphs that are loaded and not closed. */
  open = 0;
  running = 0;
  runs = 0;
  runMs = 0;
  /** Replaces the answer of a stage. */
  answer: ((stage: string, inputs: readonly HostTensor[]) => readonly HostTensor[] | undefined) | undefined;
  #gate: PromiseWithResolvers<void> | undefined;

  hold(): void {
    this.#gate ??= Promise.withResolvers<void>();
  }

  release(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  async load(onnx: Uint8Array<ArrayBuffer>): Promise<HostGraph> {
    const stage = Object.keys(models).find(
      (name) => models[name]?.length === onnx.length && models[name]?.every((b, n) => b === onnx[n]),
    );
    this.open++;
    return {
      run: async (inputs) => {
        this.running++;
        this.runs++;
        try {
          await this.#gate?.promise;
          if (this.runMs > 0) await new Promise((resolve) => setTimeout(resolve, this.runMs));
          return this.answer?.(stage ?? '', inputs) ?? compute(stage ?? '', inputs);
        } finally {
          this.running--;
        }
      },
      close: async () => {
        this.open--;
      },
    };
  }
}

function compute(stage: string, [a, b]: readonly HostTensor[]): readonly HostTensor[] {
  const x = Float32Array.from(a?.data as ArrayLike<number>);
  const y = Float32Array.from((b?.data ?? []) as ArrayLike<number>);
  const data =
    stage === 'encoder'
      ? x.map((v) => v - 100)
      : stage === 'middle'
        ? x.map((v) => -v)
        : x.map((v, n) => v + (y[n] ?? 0));
  return [{ dtype: 'f32', shape: a?.shape ?? [], data }];
}
