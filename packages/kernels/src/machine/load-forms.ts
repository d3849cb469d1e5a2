/**
 * A block in device memory, in the lane forms that runs have asked for: 16 rows as lanes from the beginning, spins as lanes when the first run
 * has few rows. Tables of the two forms differ, so a block that is used both ways takes twice the memory; the plan counts both.
 */

import type { Block, DriverRun, Program } from '@isinglass/sdk';
import { Slicer } from '@isinglass/sdk/machine-driver';
import { rowsPerTile } from '../row-lanes.ts';
import type { BankLanes } from './bank-lanes.ts';
import type { DeviceMemory } from './memory/device-memory.ts';
import { type LoadedRows, loadRows } from './rows/load-block.ts';
import { planBlock } from './rows/plan-block.ts';
import { type SetupOptions, setUpRun } from './rows/run-setup.ts';
import { Section } from './section.ts';
import { type LoadedSpins, loadSpins, planSpins } from './spins/load-spins.ts';
import { setUpSpinsRun } from './spins/set-up-spins-run.ts';

export interface SectionRequest extends Pick<SetupOptions, 'constants' | 'states' | 'workers'> {
  readonly signals: readonly AbortSignal[];
  readonly spinsRowsMax: number;
}

/** In slices. */
export function* loadForms(program: Program, block: Block, memory: DeviceMemory): Generator<void, LoadedForms, void> {
  const planning = yield* planBlock(program, block);
  const rows = yield* loadRows(block, planning, memory);
  return new LoadedForms({ program, block, banks: planning.lanes, memory, rows });
}

interface FormsOptions {
  readonly program: Program;
  readonly block: Block;
  readonly banks: readonly BankLanes[];
  readonly memory: DeviceMemory;
  readonly rows: LoadedRows;
}

export class LoadedForms {
  readonly #o: FormsOptions;
  #spins: LoadedSpins | undefined;

  constructor(o: FormsOptions) {
    this.#o = o;
  }

  /** In declared order. */
  get banks(): readonly BankLanes[] {
    return this.#o.banks;
  }

  /** The sections of a run, in the order of its rows; all of them, or none and an error. */
  async sections(request: DriverRun, o: SectionRequest): Promise<readonly Section[]> {
    const rows = request.images.length * request.chains;
    const rest = rows % rowsPerTile;
    const alone = rest <= o.spinsRowsMax ? rest : 0;
    if (alone > 0) await this.#loadSpins(o.signals);
    const sections: Section[] = [];
    try {
      if (rows > alone) sections.push(this.#rowsSection(request, o, { first: 0, count: rows - alone }));
      if (alone > 0) sections.push(this.#spinsSection(request, o, { first: rows - alone, count: alone }));
      return sections;
    } catch (e) {
      for (const section of sections) section.free();
      throw e;
    }
  }

  free(): void {
    this.#o.rows.region.free();
    this.#spins?.region.free();
  }

  /** The device runs one run at a time, so nobody else is loading. */
  async #loadSpins(signals: readonly AbortSignal[]): Promise<void> {
    if (this.#spins !== undefined) return;
    const { program, block, memory } = this.#o;
    this.#spins = await new Slicer(signals).drain(load());

    function* load(): Generator<void, LoadedSpins, void> {
      return yield* loadSpins(program, block, yield* planSpins(program, block), memory);
    }
  }

  #rowsSection(request: DriverRun, o: SectionRequest, rows: SetupOptions['rows']): Section {
    const { block, memory, rows: loaded } = this.#o;
    const { run, region } = setUpRun(memory, { ...o, block, loaded, request, rows });
    return new Section({ form: 'rows', block: loaded.block, run }, region, memory.memory.buffer);
  }

  #spinsSection(request: DriverRun, o: SectionRequest, rows: SetupOptions['rows']): Section {
    const { block, memory } = this.#o;
    const loaded = this.#spins as LoadedSpins;
    const { run, region } = setUpSpinsRun(memory, { ...o, block, loaded, request, rows });
    return new Section({ form: 'spins', block: loaded.block, run }, region, memory.memory.buffer);
  }
}
