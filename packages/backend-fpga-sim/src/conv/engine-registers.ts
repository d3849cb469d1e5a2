/** The registers of an emulated engine: who may access which, and where counters show. */

import { BusFault } from '../host/bus-fault.ts';
import { addressOf } from '../host/hardware.ts';
import type { MachineCounters } from '../host/machine-counters.ts';
import { cycleCounter, machineId, mapVersion, type Register, registerAt, registers } from '../host/register-map.ts';
import { cycleCauses } from '../timing/cycle-causes.ts';

export class EngineRegisters {
  readonly #values = new Uint32Array(registers.reduce((end, { offset, words }) => Math.max(end, offset + words), 0));
  readonly #counters: ReadonlyMap<number, () => number>;

  constructor(engineId: number, counters: MachineCounters) {
    this.#counters = counterRegisters(counters);
    this.set('ID', machineId);
    this.set('VERSION', mapVersion);
    this.set('ENGINE', engineId);
    this.set('STRIDE', 1);
  }

  /** As the machine sees it. */
  get(name: string): number {
    return this.#values[registerAt(name)] as number;
  }

  set(name: string, value: number): void {
    this.#values[registerAt(name)] = value;
  }

  /** What the host writes; the caller has looked for COMMAND. */
  write(offset: number, word: number): void {
    const { access } = registerOf(offset);
    if (access === 'read') throw new BusFault(addressOf('registers', offset), 'this register is only read');
    this.#values[offset] = word;
  }

  /** What the host reads. */
  read(offset: number): number {
    const register = registerOf(offset);
    if (register.access === 'write')
      throw new BusFault(addressOf('registers', offset), 'this register is only written');
    const counter = this.#counters.get(register.offset);
    if (counter === undefined) return this.#values[offset] as number;
    return offset === register.offset ? counter() % 2 ** 32 : Math.floor(counter() / 2 ** 32);
  }
}

function registerOf(offset: number): Register {
  const register = registers.find((each) => offset >= each.offset && offset < each.offset + each.words);
  if (register === undefined) throw new BusFault(addressOf('registers', offset), 'there is no such register');
  return register;
}

/** What the counters say, by the offset of their register. */
function counterRegisters(counters: MachineCounters): ReadonlyMap<number, () => number> {
  return new Map<number, () => number>([
    ...cycleCauses.flatMap((cause): [number, () => number][] =>
      cause === 'io' ? [] : [[registerAt(cycleCounter(cause)), () => counters.cycles[cause]]],
    ),
    [registerAt('CYCLES'), () => counters.total],
    [registerAt('UPDATES'), () => counters.updates],
    [registerAt('FLIPS'), () => counters.flips],
    [registerAt('SATURATIONS'), () => counters.saturations],
  ]);
}
