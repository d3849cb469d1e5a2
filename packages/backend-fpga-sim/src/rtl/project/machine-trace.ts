/** Does the job of a project on a machine, sweep by sweep, and says what is seen, line by line: what the testbench prints, too. */
import type { Slicer } from '@isinglass/sdk/machine-driver';
import { addressOf, type Hardware } from '../../host/hardware.ts';
import { commands, registerAt, registers } from '../../host/register-map.ts';
import type { MachineJob } from './machine-job.ts';

export interface MachineTrace {
  readonly lines: readonly string[];
  /** Of all commands together. */
  readonly cycles: number;
  /** The most that one command took. */
  readonly commandCyclesMax: number;
}

/** Registers of 64 bits: what is counted. */
export const counters = registers.filter(({ words }) => words === 2).map(({ name }) => name);

/** So many cycles without an end are a machine that hangs, or one that nobody has the time for. */
const cyclesMax = 2 ** 40;
const cyclesPerTurn = 20_000;

/** The machine is as after its reset. Rejects with the reason of an aborted signal of `slicer`. */
export async function machineTrace(machine: Hardware, job: MachineJob, slicer: Slicer): Promise<MachineTrace> {
  const register = (name: string): number => addressOf('registers', registerAt(name));
  const set = async (name: string, value: number): Promise<void> =>
    machine.write(register(name), Uint32Array.of(value));
  const counter = async (name: string): Promise<number> => {
    const [low = 0, high = 0] = await machine.read(register(name), 2);
    return high * 2 ** 32 + low;
  };
  const command = async (word: number, sweeps: number): Promise<void> => {
    await set('SWEEPS', sweeps);
    await set('COMMAND', word);
    for (let cycles = 0; !(await machine.run(cyclesPerTurn)); cycles += cyclesPerTurn) {
      if (cycles > cyclesMax) throw new RangeError(`the machine is at work after ${cyclesMax} cycles`);
      await slicer.pause();
    }
    await slicer.pause();
  };

  for (const { window, offset, words } of job.images) await machine.write(addressOf(window, offset), words);
  for (const [name, value] of Object.entries(job.registers)) await set(name, value);

  const lines: string[] = [];
  let cycles = 0;
  let commandCyclesMax = 0;
  for (let t = 0; t <= job.sweeps; t++) {
    const temperature = job.temperatures?.[t - 1];
    if (temperature !== undefined) await machine.write(addressOf('temperatures'), Uint32Array.of(temperature));
    await command(t === 0 ? commands.start : commands.continue, t === 0 ? 0 : 1);
    const before = cycles;
    cycles = await counter('CYCLES');
    commandCyclesMax = Math.max(commandCyclesMax, cycles - before);
    const hash = fnv1a32(await machine.read(addressOf('spins'), job.spinWords));
    lines.push(`sweep ${t} spins ${hash.toString(16).padStart(8, '0')} cycles ${cycles}`);
  }
  const addSums = async (name: string, window: 'sums' | 'conditionalSums'): Promise<void> => {
    for (const [begin, end] of job.slots) {
      const words = await machine.read(addressOf(window, begin), end - begin);
      words.forEach((word, n) => {
        lines.push(`${name} ${begin + n} ${word | 0}`);
      });
    }
  };
  await addSums('sum', 'sums');
  if (job.conditionalSums) await addSums('conditional-sum', 'conditionalSums');
  for (const name of counters) lines.push(`counter ${name} ${await counter(name)}`);
  return { lines, cycles, commandCyclesMax };
}

/** FNV-1a of the bytes of the words, lowest byte of each word first. */
export function fnv1a32(words: Uint32Array): number {
  let hash = 0x811c_9dc5;
  for (const word of words) {
    for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((word >>> shift) & 0xff), 0x0100_0193);
  }
  return hash >>> 0;
}
