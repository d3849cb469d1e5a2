/**
 * The time of an emulated machine as spans: transfers of the link from the host's account of them, passes and colors from what the machine tells. Link and machine
 * take turns, since memories are not accessed while a command is at work: time is the cycles so far and the ns on the link so far. Reads counters of nobody and
 * writes nothing, so that a run with a timeline has the bits and the cycles of one without.
 */
import type { TimelineSink, TimelineSpan, TimelineTrack } from '@isinglass/sdk';
import { addCycles, type PartialCycles, totalCycles } from '../timing/add-cycles.ts';
import { type CycleCounts, cycleCauses } from '../timing/cycle-causes.ts';
import type { Pass, PassMark, Window } from './hardware.ts';

export interface TimelineRecorderOptions {
  readonly sink: TimelineSink;
  readonly clockHz: number;
  /** What machine and link have done before the first span. */
  readonly before: { readonly cycles: PartialCycles; readonly linkNs: number };
  /** Of the color phases of a sweep, in order. */
  readonly phases: readonly string[];
}

/** One burst, as the host counts it. */
export interface Transfer {
  readonly direction: 'in' | 'out';
  readonly window: Window;
  readonly words: number;
  readonly ns: number;
}

/** Neighbouring transfers that are one span. */
interface OpenTransfers {
  readonly name: string;
  readonly startNs: number;
  count: number;
  bytesIn: number;
  bytesOut: number;
}

/** Neighbouring sweeps that are one span. */
interface OpenSweeps {
  readonly startNs: number;
  readonly first: number;
  last: number;
  cycles: CycleCounts;
}

const passNames: Readonly<Record<Exclude<Pass, 'sweep'>, string>> = { static: 'static pass', start: 'random start' };

export class TimelineRecorder {
  readonly #o: TimelineRecorderOptions;
  #linkNs: number;
  /** All that the machine has counted, up to the last mark and up to the last end of a pass. */
  #marked: CycleCounts;
  #passed: CycleCounts;
  #parts: NonNullable<TimelineSpan['parts']>[number][] = [];
  #transfers: OpenTransfers | null = null;
  #sweeps: OpenSweeps | null = null;
  /** The sweep of the row that comes next. */
  #sweep = 1;
  readonly #open = new Map<TimelineTrack, Pick<TimelineSpan, 'name' | 'details' | 'startNs'>>();

  constructor(o: TimelineRecorderOptions) {
    this.#o = o;
    this.#linkNs = o.before.linkNs;
    this.#marked = copyOf(o.before.cycles);
    this.#passed = this.#marked;
  }

  /** A run or a row begins; one that is open ends. */
  open(track: 'run' | 'row', name: string, details: TimelineSpan['details'] = {}): void {
    this.close(track);
    this.#open.set(track, { name, details, startNs: this.#nowNs });
  }

  close(track: 'run' | 'row'): void {
    const span = this.#open.get(track);
    if (span === undefined) return;
    this.#endTransfers();
    this.#open.delete(track);
    this.#o.sink.add({ track, ...span, endNs: this.#nowNs });
  }

  transfer({ direction, window, words, ns }: Transfer): void {
    const name = this.#o.sink.detailed ? `${direction === 'in' ? 'write' : 'read'} ${window}` : 'transfers';
    if (this.#transfers?.name !== name) {
      this.#endTransfers();
      this.#transfers = { name, startNs: this.#nowNs, count: 0, bytesIn: 0, bytesOut: 0 };
    }
    this.#transfers.count++;
    this.#transfers[direction === 'in' ? 'bytesIn' : 'bytesOut'] += 4 * words;
    this.#linkNs += ns;
  }

  /** A command is given: its first sweep is this one of the row's run. */
  beginCommand(firstSweep: number): void {
    this.#endTransfers();
    this.#sweep = firstSweep;
  }

  mark({ pass, phase, cycles }: PassMark): void {
    const startNs = this.#nowNs;
    const before = this.#marked;
    this.#marked = copyOf(cycles);
    if (phase !== null) {
      const spent = difference(this.#marked, before);
      if (totalCycles(spent) > 0 && this.#o.sink.detailed) {
        const name = this.#o.phases[phase] ?? `color phase ${phase}`;
        this.#parts.push({ name, startNs, endNs: this.#nowNs, cycles: spent });
      }
      return;
    }
    const parts = this.#parts;
    this.#parts = [];
    const spent = difference(this.#marked, this.#passed);
    const passStartNs = this.#at(this.#passed);
    this.#passed = this.#marked;
    if (pass === 'sweep') this.#addSweep(passStartNs, spent, parts);
    else
      this.#add({ track: 'machine', name: passNames[pass], startNs: passStartNs, endNs: this.#nowNs, cycles: spent });
  }

  /** Its sweeps are done, or it was stopped. */
  endCommand(): void {
    const sweeps = this.#sweeps;
    if (sweeps === null) return;
    this.#sweeps = null;
    const { startNs, first, last, cycles } = sweeps;
    this.#add({
      track: 'machine',
      name: first === last ? `sweep ${first}` : `sweeps ${first}–${last}`,
      startNs,
      endNs: this.#nowNs,
      cycles,
      ...(first === last ? { details: { sweep: first } } : { sweeps: last - first + 1 }),
    });
  }

  /** Ends all that is open. */
  end(): void {
    this.endCommand();
    this.close('row');
    this.close('run');
    this.#endTransfers();
  }

  #addSweep(startNs: number, cycles: CycleCounts, parts: NonNullable<TimelineSpan['parts']>): void {
    const sweep = this.#sweep++;
    if (this.#sweeps === null && this.#o.sink.detailed) {
      const span = { track: 'machine', name: `sweep ${sweep}`, startNs, endNs: this.#nowNs, cycles } as const;
      this.#add({ ...span, details: { sweep }, ...(parts.length === 0 ? {} : { parts }) });
      return;
    }
    this.#sweeps ??= { startNs, first: sweep, last: sweep, cycles: copyOf({}) };
    this.#sweeps.last = sweep;
    this.#sweeps.cycles = addCycles(this.#sweeps.cycles, cycles);
  }

  #endTransfers(): void {
    const transfers = this.#transfers;
    if (transfers === null) return;
    this.#transfers = null;
    const { name, startNs, count, bytesIn, bytesOut } = transfers;
    this.#add({
      track: 'link',
      name,
      startNs,
      endNs: this.#nowNs,
      ...(bytesIn === 0 ? {} : { bytesIn }),
      ...(bytesOut === 0 ? {} : { bytesOut }),
      details: { transfers: count },
    });
  }

  #add(span: TimelineSpan): void {
    this.#o.sink.add(span);
  }

  get #nowNs(): number {
    return this.#at(this.#marked);
  }

  #at(cycles: CycleCounts): number {
    return (totalCycles(cycles) / this.#o.clockHz) * 1e9 + this.#linkNs;
  }
}

/** With every cause but `io`, which is the link's. */
const copyOf = (cycles: PartialCycles): CycleCounts =>
  Object.fromEntries(cycleCauses.map((cause) => [cause, cause === 'io' ? 0 : (cycles[cause] ?? 0)])) as CycleCounts;

const difference = (a: CycleCounts, b: CycleCounts): CycleCounts =>
  Object.fromEntries(cycleCauses.map((cause) => [cause, a[cause] - b[cause]])) as CycleCounts;
