/** Section 10 of docs/devices.md: what generated SystemVerilog takes on parts of three families. Yosys needs minutes for it, so that its counts are kept in a file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { type SynthesisTarget, synthesisCommands } from '../../packages/backend-fpga-sim/test/rtl/part-cells.ts';
import { type Resources, synthesize } from '../../packages/backend-fpga-sim/test/rtl/synthesis.ts';
import { yosysVersion } from '../../packages/backend-fpga-sim/test/rtl/wasm/tool-versions.ts';
import { numberText, table } from './cells.ts';
import { hashOf, type TableDesign, tableDesigns } from './synthesis-designs.ts';

const file = new URL('synthesis-counts.json', import.meta.url);

/** What the table shows of a design on one family. `lut` has those in it that hold memories. */
export type Counts = Readonly<Record<'lut' | 'ff' | 'bram' | 'dsp', number>>;

export interface SynthesisRecord {
  /** Package and version that counted. */
  readonly yosys: string;
  readonly designs: readonly {
    readonly name: string;
    /** Of the design as it was counted. */
    readonly hash: string;
    readonly counts: Readonly<Partial<Record<SynthesisTarget, Counts>>>;
  }[];
}

export const recordedCounts = (): SynthesisRecord => JSON.parse(readFileSync(file, 'utf8'));

export async function countsOf({ design }: TableDesign, target: SynthesisTarget): Promise<Counts> {
  const { lut, lutRam, ff, bram, dsp, uram }: Resources = await synthesize(design, target);
  if (uram > 0) throw new RangeError(`${design.top} takes ${uram} UltraRAMs, which the table does not show`);
  return { lut: lut + lutRam, ff, bram, dsp };
}

/** Counts everything again and keeps it: minutes, but for designs that this machine has counted before. */
export async function recordCounts(progress: (line: string) => void): Promise<void> {
  const designs: SynthesisRecord['designs'][number][] = [];
  for (const each of tableDesigns) {
    const counts: Partial<Record<SynthesisTarget, Counts>> = {};
    for (const target of each.targets) {
      counts[target] = await countsOf(each, target);
      progress(`${each.name}, ${target}: ${JSON.stringify(counts[target])}`);
    }
    designs.push({ name: each.name, hash: hashOf(each), counts });
  }
  const record: SynthesisRecord = { yosys: yosysVersion, designs };
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
}

export function synthesisTable(): string {
  const targets = Object.keys(synthesisCommands).toReversed() as SynthesisTarget[];
  const text = (counts: Counts | undefined): string =>
    counts === undefined ? '' : [counts.lut, counts.ff, counts.bram, counts.dsp].map(numberText).join(' / ');
  return table(
    ['design', ...targets],
    recordedCounts().designs.map(({ name, counts }) => [name, ...targets.map((target) => text(counts[target]))]),
  );
}
