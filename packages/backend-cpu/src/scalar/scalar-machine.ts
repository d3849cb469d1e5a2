/** The scalar machine: plain TypeScript on typed arrays, the witness that faster kernels are tested against. */
import { type Block, type BlockPlan, type DriverRun, InvalidRequestError, type Program } from '@isinglass/sdk';
import { type BeginOptions, type BlockMachine, ConstantsOfGains, type MachineRun } from '@isinglass/sdk/machine-driver';
import { type BlockStructure, buildBlockStructure } from './block-structure.ts';
import { fixedLaw } from './fixed-law.ts';
import { type Footprint, footprint } from './footprint.ts';
import type { RunLaw } from './law.ts';
import { realLaw } from './real-law.ts';
import { ScalarRun } from './scalar-run.ts';

export class ScalarMachine implements BlockMachine {
  readonly plan: BlockPlan;
  readonly #structure: BlockStructure;
  readonly #tileRows: number;
  readonly #laws: ConstantsOfGains<RunLaw>;

  private constructor(structure: BlockStructure, { tileRows }: Footprint, plan: BlockPlan) {
    this.plan = plan;
    this.#structure = structure;
    this.#tileRows = tileRows;
    const lawOf = structure.program.json.law.kind === 'fixed' ? fixedLaw : realLaw;
    this.#laws = new ConstantsOfGains<RunLaw>((gains) => lawOf(structure, gains));
  }

  /** Loads one block, in slices. */
  static *load(program: Program, block: Block, plan: BlockPlan): Generator<void, ScalarMachine, void> {
    const size = footprint(program, block);
    yield;
    return new ScalarMachine(yield* buildBlockStructure(program, block, size), size, plan);
  }

  begin(run: DriverRun, { from, signals }: BeginOptions): MachineRun {
    const rows = run.images.length * run.chains;
    if (rows > this.plan.rowsMax) {
      throw new InvalidRequestError(
        `the run has ${rows} rows (images × chains), the device holds ${this.plan.rowsMax} of block ${this.#structure.block.id}`,
        { where: 'images' },
      );
    }
    return new ScalarRun({
      structure: this.#structure,
      run,
      lawOf: () => this.#laws.of(run.gains),
      tileRows: Math.min(this.#tileRows, rows),
      from,
      signals,
    });
  }

  /** Plain arrays: the collector takes them. */
  end(): void {
    this.#laws.forget();
  }
}
