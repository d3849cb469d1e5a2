/** Hand-made programs of a few spins, whose laws are known on paper. */
import { createProgram } from '../src/program/create-program.ts';
import type { Program, ProgramTensor } from '../src/program/program.ts';
import { programFeatures } from '../src/program/program-features.ts';
import type { Block, FixedPoint, ProgramJson, Schedule } from '../src/program/program-json.ts';

export interface GlassOptions {
  /** h per spin; the number of spins is its length. */
  readonly h: readonly number[];
  /** Couplings i < j. Under the fixed law the stored integers. */
  readonly pairs?: readonly (readonly [i: number, j: number, w: number])[];
  /** Color per spin, default: all different. */
  readonly colors?: readonly number[];
  /** Fixed law when present: scale of the couplings, k and β. */
  readonly fixed?: FixedPoint & { readonly scale: number };
  readonly schedule?: Partial<Schedule>;
}

/**
 * One free bank `s`, one sparse coupling inside it, one spin bias; block index 7; a runtime gain `g` of 1 on the
 * coupling.
 */
export function glass(o: GlassOptions): Program {
  const count = o.h.length;
  const colors = o.colors ?? o.h.map((_, n) => n);
  const rows = Array.from({ length: count }, (_, i) =>
    (o.pairs ?? []).filter((pair) => pair[0] === i).toSorted((a, b) => a[1] - b[1]),
  );
  const entries = rows.flat();
  const starts = rows.reduce<number[]>((list, row) => list.concat((list.at(-1) ?? 0) + row.length), [0]);
  const weights = entries.map(([, , w]) => w);
  const tensors = new Map<string, ProgramTensor>([
    ['color', { dtype: 'U16', shape: [count], data: Uint16Array.from(colors) }],
    ['rowStart', { dtype: 'U32', shape: [count + 1], data: Uint32Array.from(starts) }],
    ['column', { dtype: 'U32', shape: [entries.length], data: Uint32Array.from(entries, ([, j]) => j) }],
    [
      'w',
      o.fixed === undefined
        ? { dtype: 'F32', shape: [entries.length], data: Float32Array.from(weights) }
        : { dtype: 'I8', shape: [entries.length], data: Int8Array.from(weights) },
    ],
    ['h', { dtype: 'F32', shape: [count], data: Float32Array.from(o.h) }],
  ]);
  const block: Block = {
    kind: 'block',
    id: 'glass',
    index: 7,
    banks: [{ id: 's', role: 'free', shape: [count], colorMap: { tensor: 'color' } }],
    gains: [
      { id: 'one', value: 1, runtime: false },
      { id: 'g', value: 1, runtime: true },
    ],
    couplings: [
      {
        id: 'j',
        from: 's',
        to: 's',
        gain: 'g',
        form: {
          kind: 'sparse',
          rowStart: { tensor: 'rowStart' },
          column: { tensor: 'column' },
          value: { tensor: 'w' },
        },
        ...(o.fixed === undefined ? {} : { scale: o.fixed.scale }),
      },
    ],
    biases: [{ bank: 's', gain: 'one', form: 'spin', values: { tensor: 'h' } }],
    readouts: [{ id: 'y', bank: 's', observable: 'spin-sum', tie: 1 }],
    schedule: {
      sweeps: 4,
      burnIn: 1,
      stride: 1,
      chains: 1,
      colors: [...new Set(colors)].toSorted((a, b) => a - b),
      init: 'random',
      beta: o.fixed?.beta ?? 1,
      ...o.schedule,
    },
    ...(o.fixed === undefined ? {} : { fixed: { fractionBits: o.fixed.fractionBits, beta: o.fixed.beta } }),
  };
  const json: Omit<ProgramJson, 'features'> = {
    irVersion: '1.0',
    name: 'glass',
    provenance: {},
    law: { kind: o.fixed === undefined ? 'real' : 'fixed' },
    inputs: [],
    outputs: [],
    stages: [block],
  };
  return createProgram({ ...json, features: programFeatures(json) }, tensors);
}
