/**
 * The schedule that the memories PHASES and SLOTS describe, read out once for many sweeps: couplings lie in the order in which one lane adds them. Descriptors
 * that lead out of a memory are faults.
 */

import { BusFault } from '../host/bus-fault.ts';
import { addressOf } from '../host/hardware.ts';
import type { LaneMemories } from './lane-memories.ts';
import { chunksOf, groupsOf, header, noSpin, phaseParts, siteOf, weightOf } from './lane-memory-map.ts';

export interface ScheduledGroup {
  readonly steps: number;
  /** scaled(A) = ⌊(A · factor + half) / divisor⌋ (semantics 4.3). */
  readonly factor: number;
  readonly half: number;
  readonly divisor: number;
}

export interface ScheduledPhase {
  readonly firstChunk: number;
  readonly chunks: number;
  readonly groups: readonly ScheduledGroup[];
  /** Of all groups. */
  readonly stepsPerChunk: number;
  /** Where the couplings of its first chunk begin. */
  readonly firstCoupling: number;
}

export interface LaneSchedule {
  readonly staticPhases: readonly ScheduledPhase[];
  readonly colorPhases: readonly ScheduledPhase[];
  readonly chunks: number;
  /** By chunk, lane, step, coupling of the step; lanes and couplings without gaps. */
  readonly sites: Uint32Array;
  readonly weights: Int8Array;
  /** By update slot: 1 where there is a spin. */
  readonly present: Uint8Array;
}

interface Shape {
  readonly lanes: number;
  readonly couplingsPerLane: number;
}

export function laneSchedule(memories: LaneMemories, shape: Shape): LaneSchedule {
  const staticPhases = phasesOf(memories, shape, 'static');
  const colorPhases = phasesOf(memories, shape, 'sweep');
  const last = colorPhases.at(-1);
  const chunks = last === undefined ? 0 : last.firstChunk + last.chunks;
  if (chunks !== memories.header[header.chunks]) {
    throw new BusFault(
      addressOf('phases', header.chunks),
      `${memories.header[header.chunks]} chunks; the phases have ${chunks}`,
    );
  }
  const couplings = [...staticPhases, ...colorPhases].reduce(
    (sum, phase) => sum + phase.chunks * phase.stepsPerChunk * shape.lanes * shape.couplingsPerLane,
    0,
  );
  const unpacked = { sites: new Uint32Array(couplings), weights: new Int8Array(couplings) };
  unpackRows(memories, shape, staticPhases, 0, unpacked);
  unpackRows(memories, shape, colorPhases, memories.header[header.sweepRow] as number, unpacked);
  const present = Uint8Array.from(memories.spinIndices.subarray(0, chunks * memories.capacity.laneStride), (index) =>
    (index & noSpin) === 0 ? 1 : 0,
  );
  return { staticPhases, colorPhases, chunks, ...unpacked, present };
}

function phasesOf(
  memories: LaneMemories,
  { lanes, couplingsPerLane }: Shape,
  pass: 'static' | 'sweep',
): ScheduledPhase[] {
  const { capacity, phases } = memories;
  const colors = headerWord(memories, header.colors, capacity.phases / 2);
  const rowsBefore = headerWord(memories, header.sweepRow, capacity.rows);
  const groupsBefore = headerWord(memories, header.sweepGroup, capacity.groups);
  const perRow = lanes * couplingsPerLane;
  let group = pass === 'static' ? 0 : groupsBefore;
  let row = pass === 'static' ? 0 : rowsBefore;
  const lastRow = pass === 'static' ? rowsBefore : capacity.rows;
  let firstChunk = 0;
  return Array.from({ length: colors }, (_, color) => {
    const at = pass === 'static' ? color : colors + color;
    const word = phases[at] as number;
    const chunks = chunksOf(word);
    const fault = (message: string): BusFault => new BusFault(addressOf('phases', phaseParts.phases + at), message);
    if (chunks === 0) throw fault('a phase of no chunks');
    if (firstChunk + chunks > capacity.chunks)
      throw fault(`chunks up to ${firstChunk + chunks}; the memories hold ${capacity.chunks}`);
    if (group + groupsOf(word) > capacity.groups) throw fault(`coupling groups past ${capacity.groups}`);
    const groups = Array.from({ length: groupsOf(word) }, (_, n) => scheduledGroup(memories, group + n));
    const stepsPerChunk = groups.reduce((sum, { steps }) => sum + steps, 0);
    const phase: ScheduledPhase = { firstChunk, chunks, groups, stepsPerChunk, firstCoupling: row * perRow };
    group += groups.length;
    row += chunks * stepsPerChunk;
    firstChunk += chunks;
    if (row > lastRow) throw fault(`rows up to ${row}; there are ${lastRow} for this pass`);
    return phase;
  });
}

function headerWord(memories: LaneMemories, word: number, max: number): number {
  const value = memories.header[word] as number;
  if (value <= max) return value;
  throw new BusFault(
    addressOf('phases', phaseParts.header + word),
    `${value} is more than the ${max} that the machine holds`,
  );
}

function scheduledGroup(memories: LaneMemories, group: number): ScheduledGroup {
  const word = memories.multipliers[group] as number;
  const sh = (word >>> 16) & 63;
  const steps = (memories.steps[group] as number) & 0xff_ffff;
  if (steps === 0) throw new BusFault(addressOf('phases', phaseParts.steps + group), 'a coupling group of no steps');
  if (sh > 40) throw new BusFault(addressOf('phases', phaseParts.multipliers + group), `sh is ${sh}; at most 40`);
  return { steps, factor: word & 0xffff, half: sh === 0 ? 0 : 2 ** (sh - 1), divisor: 2 ** sh };
}

function unpackRows(
  memories: LaneMemories,
  { lanes, couplingsPerLane }: Shape,
  phases: readonly ScheduledPhase[],
  firstRow: number,
  out: { readonly sites: Uint32Array; readonly weights: Int8Array },
): void {
  const { slots, capacity } = memories;
  let row = firstRow;
  for (const { chunks, stepsPerChunk, firstCoupling } of phases) {
    for (let chunk = 0; chunk < chunks; chunk++) {
      for (let step = 0; step < stepsPerChunk; step++, row++) {
        for (let lane = 0; lane < lanes; lane++) {
          const from = (row * capacity.laneStride + lane) * capacity.couplingStride;
          const to = firstCoupling + ((chunk * lanes + lane) * stepsPerChunk + step) * couplingsPerLane;
          for (let n = 0; n < couplingsPerLane; n++) {
            const word = slots[from + n] as number;
            const site = siteOf(word);
            if (site >= capacity.sites) {
              throw new BusFault(addressOf('slots', from + n), `site ${site}; the machine has ${capacity.sites}`);
            }
            out.sites[to + n] = site;
            out.weights[to + n] = weightOf(word);
          }
        }
      }
    }
  }
}
