/** Programs that probes cannot say: other forms, borders, runtime gains, many colors, several blocks. */
import {
  type Block,
  createProgram,
  type DeviceProfile,
  type Program,
  type ProgramJson,
  type ProgramTensor,
  programFeatures,
  type ValueSpec,
} from '@isinglass/sdk';

/** A block without what follows from the rest. */
export type PlainBlock = Pick<Block, 'banks' | 'couplings' | 'biases'> &
  Partial<Pick<Block, 'gains'>> & {
    /** Every color in use, in the order of a sweep. */
    readonly colors: readonly number[];
  };

export interface PlainProgramOptions {
  readonly blocks: readonly PlainBlock[];
  readonly inputs?: readonly ValueSpec[];
  readonly tensors: ReadonlyMap<string, ProgramTensor>;
}

/** The law that the profile has, fixed before real. */
export const lawOf = ({ law }: DeviceProfile): 'fixed' | 'real' => (law.includes('fixed') ? 'fixed' : 'real');

/** A verified program with the tensors it refers to, β = 1, a gain `one`, a readout of every free bank, and the features that it uses. */
export function plainProgram(profile: DeviceProfile, { blocks, inputs = [], tensors }: PlainProgramOptions): Program {
  const law = lawOf(profile);
  const limits = profile.field.fractionBits;
  const fractionBits = Math.min(limits?.max ?? 12, Math.max(limits?.min ?? 4, 9));
  const { observables, strideMin: stride } = profile.readout;
  const starts = profile.init.includes('random') || profile.init.includes('given');
  const init = starts ? 'random' : 'feed-forward';
  const observable = observables.includes('spin-sum') ? 'spin-sum' : (observables[0] ?? 'spin-sum');
  const json: ProgramJson = {
    irVersion: '1.0',
    features: [],
    name: 'probe',
    provenance: {},
    law: { kind: law },
    inputs,
    outputs: [],
    stages: blocks.map(({ colors, gains = [], ...block }, index) => ({
      kind: 'block',
      id: `block-${index}`,
      index,
      ...block,
      gains: [{ id: 'one', value: 1, runtime: false }, ...gains],
      readouts: block.banks
        .filter(({ role }) => role === 'free')
        .map(({ id }) => ({ id: `read-${id}`, bank: id, observable, tie: 1 })),
      schedule: { sweeps: stride, burnIn: 0, stride, chains: 1, colors, init, beta: 1 },
      ...(law === 'fixed' ? { fixed: { fractionBits, beta: 1 } } : {}),
    })),
  };
  // Every tensor must be referenced (semantics 8.1): callers may offer more.
  const text = JSON.stringify(json);
  const used = [...tensors].filter(([name]) => text.includes(`"tensor":"${name}"`));
  return createProgram({ ...json, features: programFeatures(json) }, new Map(used));
}

/** Weights w as the law stores them; J = scale·w. */
export function weightTensor(
  profile: DeviceProfile,
  {
    shape,
    weights,
    scale,
  }: { readonly shape: readonly number[]; readonly weights: readonly number[]; readonly scale: number },
): ProgramTensor {
  return lawOf(profile) === 'fixed'
    ? { dtype: 'I8', shape, data: Int8Array.from(weights) }
    : { dtype: 'F32', shape, data: Float32Array.from(weights, (w) => w * scale) };
}

/** The scale of a coupling, which only the fixed law stores. */
export const scaleMember = (profile: DeviceProfile, scale: number): { readonly scale?: number } =>
  lawOf(profile) === 'fixed' ? { scale } : {};
