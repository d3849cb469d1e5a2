import { describe, expect, test } from 'vitest';
import { BusFault } from '../host/bus-fault.ts';
import { addressOf } from '../host/hardware.ts';
import { commands, flags, registerAt, starts } from '../host/register-map.ts';
import type { LaneParameters } from '../parameters/engine-parameters.ts';
import { type GivenValues, resolveParameters } from '../parameters/resolve-parameters.ts';
import { LaneMachine } from './lane-machine.ts';
import { header, laneCapacity, phaseParts, phaseWord, slotWord } from './lane-memory-map.ts';

function parameters(given: GivenValues = {}): LaneParameters {
  const { parameters: found } = resolveParameters('toy', {
    spins: 64,
    colors: 2,
    lanes: 2,
    couplingSlots: 64,
    temperatureSweeps: 4,
    ...given,
  });
  if (found.engine !== 'lane') throw new TypeError('toy is a lane engine');
  return found;
}

const at = (name: string): number => addressOf('registers', registerAt(name));
const set = (machine: LaneMachine, name: string, value: number): void => machine.write(at(name), Uint32Array.of(value));
const get = (machine: LaneMachine, name: string): number => machine.read(at(name), 1)[0] as number;

/** Two spins that pull each other, one in each color: T is always 32768 · 3/2 for a field of one. */
function machineOfTwo(given: GivenValues = {}): LaneMachine {
  const machine = new LaneMachine(parameters(given));
  const words: readonly (readonly [Parameters<typeof addressOf>, readonly number[]])[] = [
    [['slots'], [slotWord(2, 1), 0, slotWord(0, 1), 0]],
    [['spinIndices'], [0, 0x8000_0000, 1, 0x8000_0000]],
    [['table'], [32768, 49152]],
    [['phases', header.tableLast], [1]],
    [
      ['phases', header.colors],
      [2, 0, 0, 2, 2],
    ],
    [['phases', phaseParts.phases], [1, 1, 1, 1].map((chunks, n) => phaseWord({ chunks, groups: n < 2 ? 0 : 1 }))],
    [
      ['phases', phaseParts.steps],
      [1, 1],
    ],
    // M = 2^15, sh = 15: scaled(A) = A.
    [
      ['phases', phaseParts.multipliers],
      [0x0f_8000, 0x0f_8000],
    ],
  ];
  for (const [place, values] of words) machine.write(addressOf(...place), Uint32Array.from(values));
  set(machine, 'FLAGS', flags.staticPass | flags.clearSums);
  set(machine, 'START', starts.random);
  set(machine, 'SEED_LOW', 5);
  return machine;
}

function run(machine: LaneMachine, command: 'start' | 'continue', sweeps: number): void {
  set(machine, 'SWEEPS', sweeps);
  set(machine, 'COMMAND', commands[command]);
  while (!machine.run(1)) {
    // One sweep after the other.
  }
}

const shown = (machine: LaneMachine): unknown => ({
  spins: machine.read(addressOf('spins'), 1),
  sums: machine.read(addressOf('sums'), 4),
  generators: machine.read(addressOf('generators'), 8),
  counters: machine.read(at('CYCLES'), 22),
  sweepsDone: get(machine, 'SWEEPS_DONE'),
});

test('a run in pieces is the run in one piece, cycles included', () => {
  const whole = machineOfTwo();
  run(whole, 'start', 7);
  const pieces = machineOfTwo();
  run(pieces, 'start', 0);
  run(pieces, 'continue', 3);
  run(pieces, 'continue', 4);
  expect(shown(pieces)).toEqual(shown(whole));
});

test('a row goes on where it was when another one has taken its place meanwhile', () => {
  const undisturbed = machineOfTwo();
  run(undisturbed, 'start', 6);
  const machine = machineOfTwo();
  run(machine, 'start', 2);
  const windows = ['spins', 'fields', 'sums', 'generators'] as const;
  const lengths = { spins: 1, fields: 4, sums: 4, generators: 8 };
  const kept = windows.map((window) => machine.read(addressOf(window), lengths[window]));
  set(machine, 'IMAGE', 9);
  run(machine, 'start', 3);
  set(machine, 'IMAGE', 0);
  windows.forEach((window, n) => {
    machine.write(addressOf(window), kept[n] as Uint32Array);
  });
  set(machine, 'SWEEPS_DONE', 2);
  run(machine, 'continue', 4);
  for (const window of windows) {
    expect(machine.read(addressOf(window), lengths[window])).toEqual(
      undisturbed.read(addressOf(window), lengths[window]),
    );
  }
});

test('stop ends the command after the sweep at work', () => {
  const machine = machineOfTwo();
  set(machine, 'SWEEPS', 100);
  set(machine, 'COMMAND', commands.start);
  expect(machine.run(1)).toBe(false);
  expect(get(machine, 'STATUS')).toBe(1);
  set(machine, 'COMMAND', commands.stop);
  expect(machine.run(1)).toBe(true);
  expect(get(machine, 'STATUS')).toBe(0);
  expect(get(machine, 'SWEEPS_DONE')).toBe(1);
});

test('counters go on over commands until they are cleared', () => {
  const machine = machineOfTwo();
  run(machine, 'start', 2);
  expect(get(machine, 'UPDATES')).toBe(4);
  run(machine, 'continue', 1);
  expect(get(machine, 'UPDATES')).toBe(6);
  set(machine, 'COMMAND', commands.clearCounters);
  expect(machine.read(at('CYCLES'), 22).every((word) => word === 0)).toBe(true);
});

describe('misuse of the bus is a fault at its address', () => {
  const { chunks, laneStride } = laneCapacity(parameters());
  const updateSlots = chunks * laneStride;
  const one = Uint32Array.of(0);

  const wrong: readonly (readonly [string, number, (machine: LaneMachine) => void, (machine: LaneMachine) => void])[] =
    [
      [
        'a window that is none',
        addressOf('sources'),
        (m) => m.read(addressOf('sources'), 1),
        (m) => m.read(addressOf('biases'), 1),
      ],
      ['a register that is none', 17, (m) => m.read(17, 1), (m) => m.read(at('SEED_LOW'), 1)],
      ['writing what is only read', at('STATUS'), (m) => set(m, 'STATUS', 0), (m) => set(m, 'SWEEPS', 0)],
      ['reading what is only written', at('COMMAND'), (m) => m.read(at('COMMAND'), 1), (m) => m.read(at('STATUS'), 1)],
      ['a command that is none', at('COMMAND'), (m) => set(m, 'COMMAND', 5), (m) => set(m, 'COMMAND', 4)],
      [
        'a write past the end of a memory',
        addressOf('biases', updateSlots),
        (m) => m.write(addressOf('biases', updateSlots - 1), Uint32Array.of(0, 0)),
        (m) => m.write(addressOf('biases', updateSlots - 1), one),
      ],
      [
        'generators past their state',
        addressOf('generators', 8),
        (m) => m.read(addressOf('generators', 8), 1),
        (m) => m.read(addressOf('generators', 7), 1),
      ],
      [
        'a generator at 0',
        addressOf('generators'),
        (m) => m.write(addressOf('generators'), new Uint32Array(4)),
        (m) => m.write(addressOf('generators'), Uint32Array.of(0, 0, 0, 1)),
      ],
      ['no stride', at('STRIDE'), (m) => withRegister(m, 'STRIDE', 0), (m) => withRegister(m, 'STRIDE', 1)],
      ['a start that is none', at('START'), (m) => withRegister(m, 'START', 2), (m) => withRegister(m, 'START', 0)],
      [
        'more temperatures than the machine holds',
        at('SWEEPS'),
        (m) => withTemperatures(m, 5),
        (m) => withTemperatures(m, 4),
      ],
      [
        'a site that is none',
        addressOf('slots', 0),
        (m) => withWord(m, addressOf('slots', 0), slotWord(laneCapacity(parameters()).sites, 1)),
        (m) => withWord(m, addressOf('slots', 0), slotWord(laneCapacity(parameters()).sites - 1, 1)),
      ],
      [
        'a coupling group of no steps',
        addressOf('phases', phaseParts.steps + 2),
        (m) => withWord(m, addressOf('phases', phaseParts.phases + 3), phaseWord({ chunks: 1, groups: 2 })),
        (m) => withWord(m, addressOf('phases', phaseParts.phases + 3), phaseWord({ chunks: 1, groups: 1 })),
      ],
      [
        'chunks past the end of the memories',
        addressOf('phases', phaseParts.phases + 3),
        (m) => withWord(m, addressOf('phases', phaseParts.phases + 3), phaseWord({ chunks, groups: 1 })),
        (m) => withWord(m, addressOf('phases', phaseParts.phases + 3), phaseWord({ chunks: 1, groups: 1 })),
      ],
      [
        'chunks that do not add up',
        addressOf('phases', header.chunks),
        (m) => withWord(m, addressOf('phases', header.chunks), 3),
        (m) => withWord(m, addressOf('phases', header.chunks), 2),
      ],
      [
        'more colors than the machine holds',
        addressOf('phases', header.colors),
        (m) => withWord(m, addressOf('phases', header.colors), 3),
        (m) => withWord(m, addressOf('phases', header.colors), 2),
      ],
      [
        'a table longer than the memory',
        addressOf('phases', header.tableLast),
        (m) => withWord(m, addressOf('phases', header.tableLast), 256),
        (m) => withWord(m, addressOf('phases', header.tableLast), 255),
      ],
    ];

  function withRegister(machine: LaneMachine, name: string, value: number): void {
    set(machine, name, value);
    run(machine, 'start', 1);
  }

  function withTemperatures(machine: LaneMachine, sweeps: number): void {
    set(machine, 'FLAGS', flags.temperatures);
    run(machine, 'start', sweeps);
  }

  function withWord(machine: LaneMachine, address: number, word: number): void {
    machine.write(address, Uint32Array.of(word));
    run(machine, 'start', 1);
  }

  test.for(wrong)('%s', ([, address, misuse, use]) => {
    use(machineOfTwo());
    let fault: unknown;
    try {
      misuse(machineOfTwo());
    } catch (e) {
      fault = e;
    }
    expect(fault).toBeInstanceOf(BusFault);
    expect(fault).toMatchObject({ code: 'backend', address });
    expect((fault as BusFault).message).toContain(`0x${address.toString(16).padStart(8, '0')}`);
  });

  test('memories while the machine is at work', () => {
    const machine = machineOfTwo();
    set(machine, 'SWEEPS', 2);
    machine.read(addressOf('sums'), 1);
    set(machine, 'COMMAND', commands.start);
    expect(() => machine.read(addressOf('sums'), 1)).toThrow(BusFault);
    expect(() => set(machine, 'BURN_IN', 1)).toThrow(/BURN_IN \(0x00000007\): the machine is at work/);
    expect(get(machine, 'STATUS')).toBe(1);
  });
});
