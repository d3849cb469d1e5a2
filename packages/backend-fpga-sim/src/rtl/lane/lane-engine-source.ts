/** A lane engine in SystemVerilog: the same machine as lane/lane-machine.ts, behind the same bus. */
import { InvalidRequestError } from '@isinglass/sdk';
import { windows } from '../../host/hardware.ts';
import { commands, flags, machineId, mapVersion, registers, starts } from '../../host/register-map.ts';
import { laneEngineId } from '../../lane/lane-machine.ts';
import { header, laneCapacity, phaseParts } from '../../lane/lane-memory-map.ts';
import type { LaneParameters } from '../../parameters/engine-parameters.ts';
import { type CycleCause, cycleCauses } from '../../timing/cycle-causes.ts';
import { laneGeneratorsModules } from '../generators/lane-generators-module.ts';
import { laneControlModule } from './lane-control-module.ts';
import { laneEngineModule } from './lane-engine-module.ts';
import { laneModule } from './lane-module.ts';
import { machineCountersModule } from './machine-counters-module.ts';
import { stateMemoryModule, wordMemoryModule } from './memory-modules.ts';

/** `REST_OF_NAME` of `restOfName`. */
const upper = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

const constant = (bits: number, name: string, value: number): string =>
  `  localparam [${bits - 1}:0] ${name} = ${bits}'d${value};`;

/**
 * One file with the modules of the machine; `isinglass_machine` is the top. Throws InvalidRequestError for lanes that are no power of two: there a word's lane would not
 * be bits of its address.
 */
export function laneEngineSource(p: LaneParameters): string {
  if (!Number.isInteger(Math.log2(p.lanes))) {
    throw new InvalidRequestError(`SystemVerilog of ${p.lanes} lanes: lanes must be a power of two`, {
      where: 'lanes',
    });
  }
  const causes = cycleCauses.filter((cause) => cause !== 'io');
  return [
    wordMemoryModule,
    stateMemoryModule,
    laneGeneratorsModules(p.generator),
    laneModule,
    laneControlModule(causeConstants(causes)),
    machineCountersModule,
    laneEngineModule(mapConstants(), sizes(p, causes.length)),
  ].join('\n');
}

function causeConstants(causes: readonly CycleCause[]): string {
  return causes.map((cause, n) => constant(4, `CAUSE_${upper(cause)}`, n)).join('\n');
}

function mapConstants(): string {
  const named = (prefix: string, bits: number, values: Readonly<Record<string, number>>): string[] =>
    Object.entries(values).map(([name, value]) => constant(bits, `${prefix}_${upper(name)}`, value));
  return [
    ...named('WINDOW', 8, windows),
    ...registers.map(({ name, offset }) => constant(24, `REGISTER_${name}`, offset)),
    ...named('COMMAND', 32, commands),
    ...named('FLAG', 32, flags),
    ...named('START', 32, starts),
    ...named('HEADER', 24, header),
    ...Object.entries(phaseParts).map(([name, begin]) => constant(2, `PART_${upper(name)}`, begin >>> 22)),
    constant(32, 'MACHINE_ID', machineId),
    constant(32, 'MAP_VERSION', mapVersion),
    constant(32, 'ENGINE', laneEngineId),
  ].join('\n');
}

/** Bits of an address of so many words. */
const addressBits = (words: number): number => Math.max(1, Math.ceil(Math.log2(words)));

function sizes(p: LaneParameters, causes: number): string {
  const capacity = laneCapacity(p);
  const stateBits = Math.max(32, p.lanes);
  const partBits = Math.min(32, p.lanes);
  const stateAddressBits = addressBits(capacity.sites / stateBits);
  const values = {
    LANES: p.lanes,
    LANE_BITS: Math.log2(p.lanes),
    LANE_MASK: p.lanes - 1,
    COUPLINGS: p.couplingsPerLane,
    COUPLING_BITS: Math.log2(capacity.couplingStride),
    COUPLING_MASK: capacity.couplingStride - 1,
    CHUNK_BITS: addressBits(capacity.chunks),
    ROW_BITS: addressBits(capacity.rows),
    SITE_BITS: stateAddressBits + Math.log2(stateBits),
    STATE_PARTS: stateBits / partBits,
    STATE_PART_BITS: partBits,
    STATE_ADDRESS_BITS: stateAddressBits,
    PHASE_BITS: addressBits(capacity.phases),
    GROUP_BITS: addressBits(capacity.groups),
    TABLE_BITS: addressBits(capacity.tableEntries),
    TEMPERATURE_BITS: addressBits(Math.max(1, capacity.temperatures)),
    ACCUMULATOR_BITS: p.accumulatorBits,
    SATURATE: p.overflow === 'saturate' ? 1 : 0,
    COUNTER_BITS: p.counterBits,
    SYNC_CYCLES: p.syncCycles,
    SWEEP_CYCLES: p.sweepCycles,
    WALK_CYCLES: p.readout === 'walk' ? p.walkCycles : 0,
    CAUSES: causes,
    EVENT_BITS: Math.ceil(Math.log2(p.lanes + 1)) + 1,
  };
  return Object.entries(values)
    .map(([name, value]) => `  localparam ${name} = ${value};`)
    .join('\n');
}
