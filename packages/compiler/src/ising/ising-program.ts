/**
 * A plain Ising problem as a program: one block with one free bank `s`, one sparse coupling of the bank with itself
 * (every pair once, row < column), colors by DSATUR.
 */
import {
  type Bias,
  type Block,
  type Coupling,
  createProgram,
  InvalidRequestError,
  type Program,
  type ProgramJson,
  type ProgramTensor,
  programFeatures,
  type Readout,
} from '@isinglass/sdk';
import { cliqueBound } from '../color/clique-bound.ts';
import { dsatur } from '../color/dsatur.ts';
import { graphOfEdges } from '../color/graph.ts';
import { requireFit } from '../emit/require-fit.ts';
import { type CompilerDiagnostic, requestError } from '../pipeline/diagnostic.ts';
import { type FieldBounds, fixedLawLimits } from '../quantize/fixed-law-limits.ts';
import { type QuantizationQuality, quantizeValues } from '../quantize/quantize-values.ts';
import { compilerVersion } from '../version.ts';
import { type IsingProgramOptions, type ResolvedIsingOptions, resolveIsingOptions } from './ising-options.ts';
import type { IsingProblem } from './ising-problem.ts';

/** What was done to make the program: plain data. */
export interface IsingReport {
  readonly spins: number;
  /** Pairs that the program couples. */
  readonly couplings: number;
  /** Pairs of the problem whose J rounded to 0 and that were left out. */
  readonly couplingsVanished: number;
  readonly colors: number;
  /** No coloring has fewer colors than this. */
  readonly colorsMin: number;
  /** Null under the real law, and without couplings. */
  readonly quantization: (QuantizationQuality & { readonly scale: number }) | null;
  readonly bounds: readonly FieldBounds[];
  readonly diagnostics: readonly CompilerDiagnostic[];
}

/** The names inside the program: its block, bank and coupling, and the value that its signs define. */
export const isingNames = { block: 'ising', bank: 's', coupling: 'j', value: 'signs' } as const;

/** Throws InvalidRequestError for wrong options or numbers out of range, DoesNotFitError for a device that is too small. */
export function isingProgram(
  problem: IsingProblem,
  options: IsingProgramOptions = {},
): { readonly program: Program; readonly report: IsingReport } {
  const o = resolveIsingOptions(options);
  requireFloat32(problem);
  const tensors = new Map<string, ProgramTensor>();
  const rounded = roundCouplings(problem, o);
  const graph = graphOfEdges(problem.spinCount, rounded);
  const coloring = dsatur(graph);
  if (coloring.colorCount > 65536) {
    throw new InvalidRequestError(`the problem needs ${coloring.colorCount} colors; programs have at most 65536`);
  }
  const { bank } = isingNames;
  const shape = [problem.spinCount];
  tensors.set('s.colors', { dtype: 'U16', shape, data: Uint16Array.from(coloring.color) });
  const block: Block = {
    kind: 'block',
    id: isingNames.block,
    index: 0,
    banks: [{ id: bank, role: 'free', shape, colorMap: { tensor: 's.colors' } }],
    gains: [{ id: 'one', value: 1, runtime: false }],
    couplings: emitCouplings(problem.spinCount, rounded, o, tensors),
    biases: emitBiases(problem, tensors),
    readouts: [emitReadout(o)],
    schedule: {
      sweeps: o.sweeps,
      burnIn: o.burnIn,
      stride: o.stride,
      chains: o.chains,
      colors: Array.from({ length: coloring.colorCount }, (_, color) => color),
      init: o.init,
      beta: o.beta,
    },
    ...(o.law === 'fixed' ? { fixed: { fractionBits: o.fractionBits, beta: referenceOf(o.beta) } } : {}),
  };
  const limits = o.law === 'fixed' ? fixedLawLimits(block, tensors) : { diagnostics: [], bounds: [] };
  if (limits.diagnostics.some((diagnostic) => diagnostic.severity === 'error')) throw requestError(limits.diagnostics);
  const program = createProgram(programJson(block, o, problem.spinCount), tensors);
  const unstated = o.device === undefined ? [] : requireFit(program, o.device);
  return {
    program,
    report: {
      spins: problem.spinCount,
      couplings: rounded.value.length,
      couplingsVanished: problem.couplings.value.length - rounded.value.length,
      colors: coloring.colorCount,
      colorsMin: cliqueBound(graph),
      quantization: rounded.quantization,
      bounds: limits.bounds,
      diagnostics: [...limits.diagnostics, ...unstated],
    },
  };
}

/** Pairs with the numbers that the program stores, none of them zero. */
interface RoundedPairs {
  readonly first: Uint32Array<ArrayBuffer>;
  readonly second: Uint32Array<ArrayBuffer>;
  readonly value: Int8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  readonly quantization: (QuantizationQuality & { readonly scale: number }) | null;
}

function roundCouplings({ couplings }: IsingProblem, o: ResolvedIsingOptions): RoundedPairs {
  const { first, second, value } = couplings;
  const fixed = o.law === 'fixed' ? quantizeValues(value, o.weightBits) : null;
  const stored = fixed === null ? Float32Array.from(value) : fixed.weights;
  const kept = (_: number, e: number) => stored[e] !== 0;
  return {
    first: first.filter(kept),
    second: second.filter(kept),
    value: stored.filter((weight) => weight !== 0),
    quantization: fixed === null || value.length === 0 ? null : { ...fixed.quality, scale: fixed.scale },
  };
}

/** Rows are `to`: the problem is sorted by (first, second), so its pairs are compressed rows already. */
function emitCouplings(
  spinCount: number,
  pairs: RoundedPairs,
  o: ResolvedIsingOptions,
  tensors: Map<string, ProgramTensor>,
): readonly Coupling[] {
  const count = pairs.value.length;
  if (count === 0) return [];
  const rowStart = new Uint32Array(spinCount + 1);
  for (const row of pairs.first) rowStart[row + 1] = (rowStart[row + 1] as number) + 1;
  for (let row = 0; row < spinCount; row++)
    rowStart[row + 1] = (rowStart[row + 1] as number) + (rowStart[row] as number);
  tensors.set('j.rowStart', { dtype: 'U32', shape: [spinCount + 1], data: rowStart });
  tensors.set('j.column', { dtype: 'U32', shape: [count], data: pairs.second });
  const dtype = o.law === 'fixed' ? 'I8' : 'F32';
  tensors.set('j.value', { dtype, shape: [count], data: pairs.value });
  const { quantization } = pairs;
  return [
    {
      id: isingNames.coupling,
      from: isingNames.bank,
      to: isingNames.bank,
      gain: 'one',
      form: {
        kind: 'sparse',
        rowStart: { tensor: 'j.rowStart' },
        column: { tensor: 'j.column' },
        value: { tensor: 'j.value' },
      },
      ...(quantization === null ? {} : { scale: quantization.scale, constraint: { weightBits: o.weightBits } }),
    },
  ];
}

function emitBiases(problem: IsingProblem, tensors: Map<string, ProgramTensor>): readonly Bias[] {
  if (problem.biases.every((h) => h === 0)) return [];
  tensors.set('s.bias', { dtype: 'F32', shape: [problem.spinCount], data: Float32Array.from(problem.biases) });
  return [{ bank: isingNames.bank, gain: 'one', form: 'spin', values: { tensor: 's.bias' } }];
}

function emitReadout(o: ResolvedIsingOptions): Readout {
  const common = { id: 'y', bank: isingNames.bank, tie: o.tie };
  if (o.readout === 'state') return { ...common, observable: o.readout };
  return { ...common, observable: o.readout, signs: isingNames.value };
}

function programJson(block: Block, o: ResolvedIsingOptions, spinCount: number): ProgramJson {
  const law = { kind: o.law };
  const signs = { name: isingNames.value, dtype: 'spin', shape: ['batch', spinCount] } as const;
  return {
    irVersion: '1.0',
    features: programFeatures({ law, stages: [block] }),
    name: o.name,
    provenance: { compiler: `@isinglass/compiler ${compilerVersion}` },
    law,
    inputs: [],
    outputs: o.readout === 'state' ? [] : [signs],
    stages: [block],
  };
}

/** Numbers are stored as float32: one that overflows there is an error, not an infinity. */
function requireFloat32(problem: IsingProblem): void {
  for (const [what, values] of [
    ['J', problem.couplings.value],
    ['h', problem.biases],
  ] as const) {
    const at = values.findIndex((value) => !Number.isFinite(Math.fround(value)));
    if (at === -1) continue;
    throw new InvalidRequestError(`a ${what} of ${values[at]} is outside the range of float32`, { where: what });
  }
}

function referenceOf(beta: ResolvedIsingOptions['beta']): number {
  return typeof beta === 'number' ? beta : Math.max(...beta.map((step) => step.beta));
}
