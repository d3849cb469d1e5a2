/** What a design takes on a part, by Yosys: an upper bound, vendors' tools pack better. */
import { readFile, writeFile } from 'node:fs/promises';
import { cachedFile } from './build-cache.ts';
import { type CellKind, cellKinds, type SynthesisTarget, synthesisCommands } from './part-cells.ts';
import type { RtlDesign } from './rtl-design.ts';
import { runTool } from './wasm/tool-process.ts';
import { yosysVersion } from './wasm/tool-versions.ts';

/** Numbers of cells by kind (part-cells.ts says which cells are of which), and of every type that Yosys chose. */
export interface Resources extends Readonly<Record<CellKind, number>> {
  readonly cells: Readonly<Record<string, number>>;
}

/** A design, or a part of one, whose ports may be any. */
export interface SynthesizedDesign extends RtlDesign {
  /** Of the top module, in place of those that it has by itself. */
  readonly parameters?: Readonly<Record<string, number>>;
}

/** Synthesizes a design, or finds it synthesized before. Rejects with RtlError where Yosys refuses it or makes a cell that the tables of cells lack. */
export async function synthesize(
  { source, top, parameters = {} }: SynthesizedDesign,
  target: SynthesisTarget,
): Promise<Resources> {
  const set = Object.entries(parameters).map(([name, value]) => `chparam -set ${name} ${value} ${top}; `);
  const synthesis = `${set.join('')}${synthesisCommands[target]}`;
  const path = await cachedFile({
    name: `${top}.${target}.json`,
    madeFrom: [yosysVersion, synthesis, top, source],
    make: async (file) => writeFile(file, JSON.stringify(await runTool({ kind: 'cells', source, top, synthesis }))),
  });
  const cells: Resources['cells'] = JSON.parse(await readFile(path, 'utf8'));
  return { ...cellKinds(cells, target), cells };
}
