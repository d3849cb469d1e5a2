/** A block in device memory, in the lane forms that runs have asked for: 16 rows as lanes from the beginning, spins as lanes on first use. */
import { rowsPerTile } from '@isinglass/kernels';
import type { Block, DriverRun, Program } from '@isinglass/sdk';
import type { DeviceMemory } from '../memory/device-memory.ts';
import type { BankLanes } from './bank-lanes.ts';
import { type LoadedRows, loadRows } from './rows/load-block.ts';
import { planBlock } from './rows/plan-block.ts';
import { type SetupOptions, setUpRun } from './rows/run-setup.ts';
import { Section } from './section.ts';

export interface SectionRequest extends Pick<SetupOptions, 'constants' | 'states' | 'workers'> {
  readonly signals: readonly AbortSignal[];
  readonly spinsRowsMax: number;
}

/** In slices. */
export function* loadForms(program: Program, block: Block, memory: DeviceMemory): Generator<void, LoadedForms, void> {
  const planning = yield* planBlock(program, block);
  return new LoadedForms(block, planning.lanes, yield* loadRows(block, planning, memory), memory);
}

export class LoadedForms {
  readonly banks: readonly BankLanes[];
  readonly #block: Block;
  readonly #rows: LoadedRows;
  readonly #memory: DeviceMemory;

  constructor(block: Block, banks: readonly BankLanes[], rows: LoadedRows, memory: DeviceMemory) {
    this.banks = banks;
    this.#block = block;
    this.#rows = rows;
    this.#memory = memory;
  }

  /** The sections of a run, in the order of its rows; all, or none and an error. */
  async sections(request: DriverRun, o: SectionRequest): Promise<readonly Section[]> {
    const rows = request.images.length * request.chains;
    return [this.#rowsSection(request, o, { first: 0, count: rows })];
  }

  free(): void {
    this.#rows.region.free();
  }

  #rowsSection(request: DriverRun, o: SectionRequest, rows: SetupOptions['rows']): Section {
    const setup = { ...o, block: this.#block, loaded: this.#rows, request, rows };
    const { run, region } = setUpRun(this.#memory, setup);
    return new Section({ form: 'rows', block: this.#rows.block, run }, region, this.#memory.memory.buffer);
  }
}

/** Rows of a full tile, for those who cut a run. */
export const fullTile = rowsPerTile;
