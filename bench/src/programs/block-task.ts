/** One block of a program with everything that a run of it needs: what is timed. */
import {
  type Block,
  createProgram,
  type FreeBank,
  type Observable,
  type PackedSpins,
  type Program,
  type ProgramTensor,
  programFeatures,
  type ReadoutRequest,
  type ValueSpec,
} from '@isinglass/sdk';

/** Units of 2⁻⁹, the default of semantics 4.2, in every program here. */
export const fractionBits = 9;

export interface BlockTask {
  readonly program: Program;
  /** `Block.index` */
  readonly block: number;
  readonly images: number;
  readonly chains: number;
  /** Per pinned bank, one row per image. */
  readonly inputs: Readonly<Record<string, PackedSpins>>;
  /** What every timed run reads. */
  readonly readouts: readonly ReadoutRequest[];
  /** In declared order. */
  readonly freeBanks: readonly FreeBank[];
}

export interface BlockTaskOptions {
  readonly weightBits: number;
  /** Images or chains to run, at most those of the workload. */
  readonly rows: number;
  readonly observable: Extract<Observable, 'spin-sum' | 'conditional-sum'>;
  /** False: the same banks without the couplings between free ones, to time what remains of a sweep. */
  readonly coupled: boolean;
}

/** A program of this one block; every bank named by the block's readouts is read as sums. */
export function blockTask(
  name: string,
  block: Block,
  tensors: ReadonlyMap<string, ProgramTensor>,
  run: Pick<BlockTask, 'images' | 'chains' | 'inputs'>,
): BlockTask {
  const law = { kind: 'fixed' } as const;
  const pinned = block.banks.filter((bank) => bank.role === 'pinned');
  const inputs = pinned.map(
    (bank): ValueSpec => ({ name: bank.value, dtype: 'spin', shape: ['batch', ...bank.shape] }),
  );
  const program = createProgram(
    {
      irVersion: '1.0',
      features: programFeatures({ law, stages: [block] }),
      name,
      provenance: {},
      law,
      inputs,
      outputs: [],
      stages: [block],
    },
    tensors,
  );
  return {
    program,
    block: block.index,
    ...run,
    readouts: block.readouts.map(({ bank, observable, tie }) => ({ bank, observable, as: 'sums', tie })),
    freeBanks: block.banks.filter((bank) => bank.role === 'free'),
  };
}
