/** What a host does with a machine: registers by name, bursts, commands; with the bytes and the time that its link takes. */
import type { Slicer } from '@isinglass/sdk/machine-driver';
import { type CycleCause, cycleCauses } from '../timing/cycle-causes.ts';
import type { LinkTarget } from '../timing/link-time.ts';
import { addressOf, type Hardware, type Window } from './hardware.ts';
import { commands, cycleCounter, registerAt, registers } from './register-map.ts';
import type { TimelineRecorder } from './timeline-recorder.ts';

/** Time on the link between host and machine, ns. */
export interface LinkTiming {
  /** For one burst of so many 32-bit words. */
  writeNs(words: number, target: LinkTarget): number;
  readNs(words: number, target: LinkTarget): number;
}

/** Consecutive words of one window. */
export interface Burst {
  readonly window: Window;
  readonly offset: number;
  readonly words: Uint32Array;
}

/** What a machine and its link have done since the host was made. */
export interface HostCounts {
  /** Without `io`, which is a matter of the clock: see `linkNs`. */
  readonly cycles: Readonly<Record<Exclude<CycleCause, 'io'>, number>>;
  readonly updates: number;
  readonly flips: number;
  readonly saturations: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly linkNs: number;
}

const machineCauses = cycleCauses.filter((cause) => cause !== 'io');

/** Cycles that a machine may work before the event loop has its turn; a guess that fits an emulator of 10⁷ steps a second. */
const cyclesPerTurn = 20_000;

export class MachineHost {
  readonly #hardware: Hardware;
  readonly #link: LinkTiming;
  #bytesIn = 0;
  #bytesOut = 0;
  #linkNs = 0;
  #recorder: TimelineRecorder | null = null;

  constructor(hardware: Hardware, link: LinkTiming) {
    this.#hardware = hardware;
    this.#link = link;
  }

  /** Whether the machine tells what a recorder needs. */
  get records(): boolean {
    return this.#hardware.watch !== undefined;
  }

  /** Tells a recorder of all that follows; null: nobody. */
  record(recorder: TimelineRecorder | null): void {
    this.#recorder = recorder;
    this.#hardware.watch?.(recorder === null ? null : (mark) => recorder.mark(mark));
  }

  async write({ window, offset, words }: Burst): Promise<void> {
    if (words.length === 0) return;
    const ns = this.#link.writeNs(words.length, targetOf(window));
    this.#bytesIn += 4 * words.length;
    this.#linkNs += ns;
    this.#recorder?.transfer({ direction: 'in', window, words: words.length, ns });
    await this.#hardware.write(addressOf(window, offset), words);
  }

  async read(window: Window, offset: number, count: number): Promise<Uint32Array> {
    if (count === 0) return new Uint32Array();
    const ns = this.#link.readNs(count, targetOf(window));
    this.#bytesOut += 4 * count;
    this.#linkNs += ns;
    this.#recorder?.transfer({ direction: 'out', window, words: count, ns });
    return this.#hardware.read(addressOf(window, offset), count);
  }

  /** Writes registers, each by itself. */
  async set(values: Readonly<Record<string, number>>): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      await this.write({ window: 'registers', offset: registerAt(name), words: Uint32Array.of(value) });
    }
  }

  async get(name: string): Promise<number> {
    const [value = 0] = await this.read('registers', registerAt(name), 1);
    return value;
  }

  /**
   * Gives a command and waits until the machine is idle; the event loop has its turns, and `onTurn` is called before each of them. Rejects with the reason
   * of an aborted signal, with the machine idle.
   */
  async command(
    command: 'start' | 'continue',
    { slicer, onTurn }: { readonly slicer: Slicer; readonly onTurn?: (sweepsDone: number) => void },
  ): Promise<void> {
    await this.set({ COMMAND: commands[command] });
    this.#recorder?.beginCommand(command === 'start' ? 1 : ((await this.#peek('SWEEPS_DONE'))[0] as number) + 1);
    while (!(await this.#hardware.run(cyclesPerTurn))) {
      try {
        onTurn?.((await this.#peek('SWEEPS_DONE'))[0] as number);
        await slicer.pause();
      } catch (e) {
        await this.#stop();
        throw e;
      }
    }
    this.#recorder?.endCommand();
  }

  /** Everything counted so far. */
  async counts(): Promise<HostCounts> {
    const counter = async (name: string): Promise<number> => {
      const [low = 0, high = 0] = await this.#peek(name);
      return high * 2 ** 32 + low;
    };
    const cycles: Partial<Record<CycleCause, number>> = {};
    for (const cause of machineCauses) cycles[cause] = await counter(cycleCounter(cause));
    return {
      cycles: cycles as HostCounts['cycles'],
      updates: await counter('UPDATES'),
      flips: await counter('FLIPS'),
      saturations: await counter('SATURATIONS'),
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      linkNs: this.#linkNs,
    };
  }

  end(): void {
    this.#hardware.end();
  }

  /** The words of a register, over the debug port: no time on the link. */
  async #peek(name: string): Promise<Uint32Array> {
    const words = registers.find((register) => register.name === name)?.words ?? 1;
    return this.#hardware.read(addressOf('registers', registerAt(name)), words);
  }

  /** Ends the command after its present sweep. */
  async #stop(): Promise<void> {
    await this.set({ COMMAND: commands.stop });
    while (!(await this.#hardware.run(cyclesPerTurn))) {
      // A sweep ends by itself.
    }
  }
}

const targetOf = (window: Window): LinkTarget => (window === 'registers' ? 'registers' : 'memory');
