/** A convolution engine in SystemVerilog: the same machine as conv/conv-machine.ts, behind the same bus. */
import { convEngineId } from '../../conv/conv-machine.ts';
import {
  bufferedSteps,
  convCapacity,
  convWindows,
  cyclesPerWeightRow,
  header,
  termStride,
  termWord,
  tileStride,
  tileWord,
} from '../../conv/conv-memory-map.ts';
import { generatorEntry } from '../../generators/catalogue.ts';
import { windows } from '../../host/hardware.ts';
import { commands, flags, machineId, mapVersion, registers, starts } from '../../host/register-map.ts';
import type { ConvParameters } from '../../parameters/engine-parameters.ts';
import { type CycleCause, cycleCauses } from '../../timing/cycle-causes.ts';
import { laneGeneratorsModules } from '../generators/lane-generators-module.ts';
import { machineCountersModule } from '../lane/machine-counters-module.ts';
import { convArrayModule } from './conv-array-module.ts';
import { convControlModule } from './conv-control-module.ts';
import { convEngineModule } from './conv-engine-module.ts';
import { convFetcherModule } from './conv-fetcher-module.ts';
import { convSamplersModule } from './conv-samplers-module.ts';

/** `REST_OF_NAME` of `restOfName`. */
const upper = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

const constant = (bits: number, name: string, value: number): string =>
  `  localparam [${bits - 1}:0] ${name} = ${bits}'d${value};`;

/** One file with the modules of the machine; `isinglass_machine` is the top. */
export function convEngineSource(p: ConvParameters): string {
  const causes = cycleCauses.filter((cause) => cause !== 'io');
  const fetcher = cyclesPerWeightRow(p) === 0 ? [] : [convFetcherModule];
  return [
    laneGeneratorsModules(p.generator),
    convArrayModule,
    ...fetcher,
    convSamplersModule,
    convControlModule(causeConstants(causes)),
    machineCountersModule,
    convEngineModule(mapConstants(), sizes(p, causes.length)),
  ].join('\n');
}

function causeConstants(causes: readonly CycleCause[]): string {
  return causes.map((cause, n) => constant(4, `CAUSE_${upper(cause)}`, n)).join('\n');
}

function mapConstants(): string {
  const named = (prefix: string, bits: number, values: Readonly<Record<string, number>>): string[] =>
    Object.entries(values).map(([name, value]) => constant(bits, `${prefix}_${upper(name)}`, value));
  return [
    ...convWindows.map((name) => constant(8, `WINDOW_${upper(name)}`, windows[name])),
    ...registers.map(({ name, offset }) => constant(24, `REGISTER_${name}`, offset)),
    ...named('COMMAND', 32, commands),
    ...named('FLAG', 32, flags),
    ...named('START', 32, starts),
    ...named('HEADER', 24, header),
    ...named('TILE', Math.log2(tileStride), tileWord),
    ...named('TERM', Math.log2(termStride), termWord),
    constant(32, 'MACHINE_ID', machineId),
    constant(32, 'MAP_VERSION', mapVersion),
    constant(32, 'ENGINE', convEngineId),
  ].join('\n');
}

/** Bits of an address of so many words. */
const addressBits = (words: number): number => Math.max(1, Math.ceil(Math.log2(words)));

function sizes(p: ConvParameters, causes: number): string {
  const capacity = convCapacity(p);
  const rowCycles = cyclesPerWeightRow(p);
  const events = Math.max(p.samplers, p.channels * p.pixels);
  const values = {
    CHANNELS: p.channels,
    TAPS: p.taps,
    PIXELS: p.pixels,
    SAMPLERS: p.samplers,
    SITE_BITS: addressBits(capacity.sites),
    WEIGHT_BITS: addressBits(capacity.weightBytes),
    SOURCE_BITS: addressBits(capacity.sources),
    TILE_BITS: addressBits(capacity.tiles),
    TERM_BITS: addressBits(capacity.terms),
    TILE_WORDS: tileStride,
    TERM_WORDS: termStride,
    COUPLING_BITS: addressBits(capacity.couplings),
    CELL_BITS: addressBits(p.channels * p.pixels),
    ROW_BITS: rowCycles === 0 ? 1 : addressBits(bufferedSteps(p)),
    TABLE_BITS: addressBits(capacity.tableEntries),
    TEMPERATURE_BITS: addressBits(Math.max(1, capacity.temperatures)),
    ROW_CYCLES: rowCycles,
    ACCUMULATOR_BITS: p.accumulatorBits,
    SATURATE: p.overflow === 'saturate' ? 1 : 0,
    COUNTER_BITS: p.counterBits,
    DRAWS_TAKE_CYCLES: generatorEntry(p.generator).cyclesPerDraw === 0 ? 0 : 1,
    FILL_CYCLES: p.fillCycles,
    WALK_CYCLES: p.readout === 'walk' ? p.walkCycles : 0,
    CAUSES: causes,
    EVENT_BITS: Math.ceil(Math.log2(events + 1)) + 1,
  };
  return Object.entries(values)
    .map(([name, value]) => `  localparam ${name} = ${value};`)
    .join('\n');
}
