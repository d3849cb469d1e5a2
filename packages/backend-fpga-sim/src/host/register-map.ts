/**
 * The registers of every engine: one table, from which the documentation and the constants of generated SystemVerilog are made. Offsets count words of
 * window 0. 64-bit counters take two words, the low one first; reading does not clear them.
 */
import { type CycleCause, cycleCauses } from '../timing/cycle-causes.ts';

export interface Register {
  readonly name: string;
  /** In words. */
  readonly offset: number;
  readonly words: 1 | 2;
  readonly access: 'read' | 'write' | 'read-write';
  readonly text: string;
}

/** What COMMAND takes. */
export const commands = {
  /** Begins a run: START and FLAGS apply, then SWEEPS sweeps. */
  start: 1,
  /** SWEEPS more sweeps of the same run, as if it had never stopped. */
  continue: 2,
  /** Ends the command after the sweep at work. */
  stop: 3,
  /** All cycle and event counters to 0. */
  clearCounters: 4,
} as const;

/** Bits of FLAGS. */
export const flags = {
  temperatures: 1,
  staticPass: 2,
  clearSums: 4,
  conditionalSums: 8,
} as const;

/** Values of START. */
export const starts = { given: 0, random: 1 } as const;

/** The first word of ID: "ISG1". */
export const machineId = 0x49534731;

/** The version of this map: major · 65536 + minor. */
export const mapVersion = 0x0001_0000;

/** Where the cycle counters begin; two words for each cause, in the order of `cycleCauses`, after the total. */
const countersAt = 64;

/** The register that counts the cycles of a cause. */
export const cycleCounter = (cause: Exclude<CycleCause, 'io'>): string =>
  `CYCLES_${cause.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

const row = (offset: number, name: string, access: Register['access'], text: string, words: 1 | 2 = 1): Register => ({
  name,
  offset,
  words,
  access,
  text,
});

/** In rising order of offset. `io` has no counter: the host counts what it spends on the link. */
export const registers: readonly Register[] = [
  row(0, 'ID', 'read', 'ASCII "ISG1"'),
  row(1, 'VERSION', 'read', 'version of this map, major in the upper half'),
  row(2, 'ENGINE', 'read', '1 lane engine, 2 convolution engine, 3 fabric, 4 dense and serial'),
  row(3, 'COMMAND', 'write', '1 start, 2 continue, 3 stop after this sweep, 4 clear the counters'),
  row(4, 'STATUS', 'read', 'bit 0: at work'),
  row(5, 'SWEEPS', 'read-write', 'sweeps of the next command'),
  row(
    6,
    'SWEEP_OFFSET',
    'read-write',
    'sweeps before the first one of the run: its random numbers are those of sweep SWEEP_OFFSET + 1',
  ),
  row(7, 'BURN_IN', 'read-write', 'sweeps of the run before any is retained'),
  row(8, 'STRIDE', 'read-write', 'every which sweep after those is retained; at least 1'),
  row(9, 'SEED_LOW', 'read-write', 'seed, bits 0 to 31'),
  row(10, 'SEED_HIGH', 'read-write', 'seed, bits 32 to 63'),
  row(11, 'IMAGE', 'read-write', 'global number of the image (semantics 5.1, c2)'),
  row(12, 'BLOCK_CHAIN', 'read-write', 'block index · 2²⁴ + global chain (semantics 5.1, c3)'),
  row(13, 'START', 'read-write', 'how free spins begin: 0 as SPINS has them, 1 at random'),
  row(
    14,
    'FLAGS',
    'read-write',
    'bit 0: temperatures; at start, bit 1: static pass, bit 2: sums to 0; bit 3: conditional sums are taken too',
  ),
  row(
    15,
    'SWEEPS_DONE',
    'read-write',
    'sweeps of the run that are done: t. Start sets it to 0; a host that puts another row in its place writes that row’s t before it continues',
  ),
  row(countersAt, 'CYCLES', 'read', 'cycles of all causes', 2),
  ...cycleCauses
    .filter((cause) => cause !== 'io')
    .map((cause, n) => row(countersAt + 2 + 2 * n, cycleCounter(cause), 'read', `cycles: ${cause}`, 2)),
  row(countersAt + 32, 'UPDATES', 'read', 'spins updated', 2),
  row(countersAt + 34, 'FLIPS', 'read', 'updates that changed a state', 2),
  row(countersAt + 36, 'SATURATIONS', 'read', 'additions that left the accumulator', 2),
];

const byName = new Map(registers.map((each) => [each.name, each]));

/** The offset of a register. Throws RangeError for a name that the map has not. */
export function registerAt(name: string): number {
  const found = byName.get(name);
  if (found === undefined) throw new RangeError(`no register ${name}; there are ${[...byName.keys()].join(', ')}`);
  return found.offset;
}
