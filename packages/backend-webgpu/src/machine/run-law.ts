/** The law of a block with the gains of one run, as kernels take it. */
import { biasValues, gainsOfRun, referenceBeta } from '@isinglass/sdk';
import { type FixedConstants, fixedConstants } from '@isinglass/sdk/machine-driver';
import type { LoadedBlock } from '../block/loaded-block.ts';
import type { LawKind } from '../gpu/pipelines.ts';

export interface RunLaw {
  readonly kind: LawKind;
  /** By coupling id: M and sh, or the bits of β·gain as f32 and 0. */
  readonly terms: ReadonlyMap<string, { readonly factor: number; readonly shift: number }>;
  /** By id of the free bank, one word per spin: B, or the bits of Σ β·gain·h as f32. */
  readonly biases: ReadonlyMap<string, Int32Array<ArrayBuffer>>;
  /** Of the fixed law. */
  readonly fixed: FixedConstants | null;
}

/** Throws InvalidRequestError for gains that break P132. */
export function* runLaw(block: LoadedBlock, gains: Readonly<Record<string, number>>): Generator<void, RunLaw, void> {
  return block.law === 'fixed' ? yield* fixedLaw(block, gains) : realLaw(block, gains);
}

function* fixedLaw(
  { program, block, sumBounds }: LoadedBlock,
  gains: Readonly<Record<string, number>>,
): Generator<void, RunLaw, void> {
  const fixed = yield* fixedConstants(program, block, sumBounds, gains);
  return {
    kind: 'fixed',
    terms: new Map([...fixed.multipliers].map(([id, { M, sh }]) => [id, { factor: M, shift: sh }])),
    biases: new Map([...fixed.biases].map(([id, values]) => [id, new Int32Array(values)])),
    fixed,
  };
}

/** Semantics 7: fields in units of k_B·T at the reference β, sums of biases in float64 before they are rounded. */
function realLaw({ program, block }: LoadedBlock, gains: Readonly<Record<string, number>>): RunLaw {
  const beta = referenceBeta(block.schedule);
  const gainOf = gainsOfRun(block, gains);
  const factorOf = (gain: string): number => beta * (gainOf.get(gain) as number);
  const biases = new Map<string, Int32Array<ArrayBuffer>>();
  for (const bank of block.banks) {
    if (bank.role === 'pinned') continue;
    const sums = new Float64Array(bank.shape.reduce((product, size) => product * size, 1));
    for (const bias of block.biases.filter((each) => each.bank === bank.id)) {
      const factor = factorOf(bias.gain);
      biasValues(bias, bank, program.tensors).forEach((h, n) => {
        sums[n] = (sums[n] as number) + factor * h;
      });
    }
    biases.set(bank.id, new Int32Array(Float32Array.from(sums).buffer));
  }
  const terms = new Map(block.couplings.map(({ id, gain }) => [id, { factor: floatBits(factorOf(gain)), shift: 0 }]));
  return { kind: 'real', terms, biases, fixed: null };
}

const floatBits = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0] as number;
