/** What the table of resources in section 10 of docs/devices.md is of: generated SystemVerilog, whole engines and single parts of them. */
import { createHash } from 'node:crypto';
import { parseMachineUri } from '../../packages/backend-fpga-sim/src/parameters/machine-uri.ts';
import { convArrayModule } from '../../packages/backend-fpga-sim/src/rtl/conv/conv-array-module.ts';
import { convEngineName } from '../../packages/backend-fpga-sim/src/rtl/conv/conv-engine-module.ts';
import { convEngineSource } from '../../packages/backend-fpga-sim/src/rtl/conv/conv-engine-source.ts';
import { convSamplersModule } from '../../packages/backend-fpga-sim/src/rtl/conv/conv-samplers-module.ts';
import {
  type StreamKind,
  streamModule,
  streamModuleName,
} from '../../packages/backend-fpga-sim/src/rtl/generators/stream-module.ts';
import { laneEngineName } from '../../packages/backend-fpga-sim/src/rtl/lane/lane-engine-module.ts';
import { laneEngineSource } from '../../packages/backend-fpga-sim/src/rtl/lane/lane-engine-source.ts';
import { type SynthesisTarget, synthesisCommands } from '../../packages/backend-fpga-sim/test/rtl/part-cells.ts';
import type { SynthesizedDesign } from '../../packages/backend-fpga-sim/test/rtl/synthesis.ts';

export interface TableDesign {
  /** Its name in the table. */
  readonly name: string;
  /** Families of parts that it is mapped to: large and middle ones, and small ones where the design is. */
  readonly targets: readonly SynthesisTarget[];
  readonly design: SynthesizedDesign;
}

const all: readonly SynthesisTarget[] = ['xcup', 'ecp5', 'ice40'];
const larger: readonly SynthesisTarget[] = ['xcup', 'ecp5'];

function engine(name: string, uri: string, targets: readonly SynthesisTarget[]): TableDesign {
  const { parameters } = parseMachineUri(`fpga-sim:${uri}`);
  switch (parameters.engine) {
    case 'lane':
      return { name, targets, design: { source: laneEngineSource(parameters), top: laneEngineName } };
    case 'conv':
      return { name, targets, design: { source: convEngineSource(parameters), top: convEngineName } };
    default:
      throw new TypeError(`there is no SystemVerilog of ${uri}`);
  }
}

/** Of a machine of a thousand sites. */
const addresses = { TILE_BITS: 6, TERM_BITS: 8, SITE_BITS: 10 };

const adders = (
  [channels, taps, pixels]: readonly [channels: number, taps: number, pixels: number],
  targets: readonly SynthesisTarget[],
): TableDesign => ({
  name: `${channels} × ${taps} × ${pixels} adders, sums of 22 bits`,
  targets,
  design: {
    source: convArrayModule,
    top: 'conv_array',
    parameters: {
      ...{ CHANNELS: channels, TAPS: taps, PIXELS: pixels },
      ...{ ...addresses, SOURCE_BITS: 14, WEIGHT_BITS: 14, ROW_BITS: 6, ACCUMULATOR_BITS: 22, EVENT_BITS: 10 },
    },
  },
});

const sampler: TableDesign = {
  name: 'one sampler: field, temperature, threshold, state, sums',
  targets: all,
  design: {
    source: convSamplersModule,
    top: 'conv_samplers',
    parameters: {
      ...{ CHANNELS: 1, PIXELS: 1, SAMPLERS: 1, CELL_BITS: 1, EVENT_BITS: 2 },
      ...{ TILE_BITS: addresses.TILE_BITS, SITE_BITS: addresses.SITE_BITS, TABLE_BITS: 11, COUNTER_BITS: 32 },
    },
  },
};

const stream = (kind: StreamKind): readonly [StreamKind, TableDesign] => [
  kind,
  { name: `\`${kind}\``, targets: all, design: { source: streamModule(kind), top: streamModuleName(kind) } },
];

/** One lane's stream by kind; the catalogue of generators has the same areas. */
export const streamDesigns: ReadonlyMap<StreamKind, TableDesign> = new Map([
  stream('lfsr32-leap1'),
  stream('lfsr32'),
  stream('xorshift32'),
  stream('xoshiro128p'),
  stream('xoshiro128pp'),
]);

/** In the order of the table. */
export const tableDesigns: readonly TableDesign[] = [
  ...streamDesigns.values(),
  sampler,
  adders([2, 2, 4], larger),
  adders([4, 4, 8], larger),
  adders([8, 4, 16], ['xcup']),
  engine(
    'convolution engine, 2 × 2 × 4 adders, 1 sampler, 64 spins',
    'conv-s?channels=2&taps=2&pixels=4&samplers=1&spins=64&weightMemoryKiB=1&degree=1024&colors=8&format=s5.5&tableEntries=512&temperatureSweeps=64',
    ['xcup'],
  ),
  engine('lane engine, 4 lanes, 256 spins', 'toy?lanes=4&spins=256&couplingSlots=8192&temperatureSweeps=256', larger),
  engine('`toy` with 65,536 slots and 1,024 temperatures', 'toy?couplingSlots=65536&temperatureSweeps=1024', larger),
];

/** Of everything that decides what a design takes, but for the version of Yosys. */
export function hashOf({ design, targets }: TableDesign): string {
  const commands = targets.map((target) => synthesisCommands[target]);
  const { source, top, parameters = {} } = design;
  return createHash('sha256')
    .update(JSON.stringify([source, top, parameters, commands]))
    .digest('hex')
    .slice(0, 16);
}
