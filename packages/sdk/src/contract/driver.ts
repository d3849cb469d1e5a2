/**
 * The contract between the sdk and a device (architecture section 3). A vendor implements `Backend` and `Driver`;
 * a user holds a `Device`, which wraps the driver: it validates, queues, splits, merges. A driver may rely on clean
 * arguments and assert. Runs start in call order, at most `profile.batch.inFlight` unsettled; every promise settles;
 * a cancelled run leaves the device usable; inputs are borrowed until the promise settles and never written; results
 * belong to the caller; a traced run goes through the same kernels as an untraced one.
 */
import type { Logger } from '../logging/logger.ts';
import type { DeviceProfile } from '../profile/device-profile.ts';
import type { Program } from '../program/program.ts';
import type { Observable } from '../program/program-json.ts';
import type { PackedSpins, Words } from '../spins/packed-spins.ts';

/** The version of this contract. */
export const contractVersion = '1.0';

/** What a backend package exports, by default. */
export interface Backend {
  /** `cpu`, `webgpu`, `fpga-sim`: the part of a device URI before `:` or `?`. */
  readonly scheme: string;
  /** `"1.0"`: the same major is required; a minor above the sdk's is refused. */
  readonly contract: string;
  /** Cheap; includes unavailable devices, with the reason. */
  enumerate(o?: { readonly signal?: AbortSignal }): Promise<readonly DeviceInfo[]>;
  /** `uri` is for example `fpga-sim:conv-m?clockMHz=250`; a second open is independent or throws DeviceBusyError. */
  open(uri: string, o: OpenOptions): Promise<Driver>;
}

export type DeviceInfo =
  | { readonly uri: string; readonly label: string; readonly available: true; readonly profile: DeviceProfile }
  | { readonly uri: string; readonly label: string; readonly available: false; readonly reason: string };

export interface OpenOptions {
  readonly logger: Logger;
  readonly signal?: AbortSignal;
}

/** An open device, as a vendor writes it. */
export interface Driver {
  /** Plain frozen data. */
  readonly profile: DeviceProfile;
  /** Aborted with a DeviceLostError when the machine dies; not by close(). */
  readonly lost: AbortSignal;
  /** Whether runs fill the timeline that they are given: devices whose time is emulated do. Default: no. */
  readonly fillsTimelines?: boolean;
  /** Pure; says what load would say, all misfits at once. */
  plan(program: Program): Plan | readonly Misfit[];
  /** The program's tensors are immutable and borrowed until unload. */
  load(program: Program, o: LoadOptions): Promise<LoadedProgram>;
  /** Idempotent; runs in flight reject with DeviceClosedError. */
  close(): Promise<void>;
}

export interface LoadOptions {
  readonly signal?: AbortSignal;
}

/** What a program takes on this device. One row is one (image, chain) pair. Blocks are in program order. */
export interface Plan {
  readonly bytes: number;
  readonly blocks: readonly BlockPlan[];
}
export interface BlockPlan {
  readonly bytesPerRow: number;
  readonly rowsMax: number;
  readonly rowsPreferred: number;
}

/** One reason why a program does not fit. `available` null: the vendor does not publish the limit. */
export interface Misfit {
  readonly limit: string;
  readonly needed: number;
  readonly available: number | null;
  readonly where: string;
  readonly remedies: readonly string[];
}

/** A program on a device. */
export interface LoadedProgram {
  run(q: DriverRun): Promise<DriverResult>;
  /** The program as the machine really holds it, after its own rounding. */
  effective?(): Promise<Program>;
  unload(): Promise<void>;
}

/** One run of one block: plain data, everything explicit, no hidden state between runs. */
export interface DriverRun {
  /** Block.index */
  readonly block: number;
  /** Every runtime gain of the block. */
  readonly gains: Readonly<Record<string, number>>;
  /** The global image number of each row of the batch (semantics 5.1); need not be contiguous. */
  readonly images: Words;
  /** Per pinned bank, one row per image. */
  readonly inputs: Readonly<Record<string, PackedSpins>>;
  readonly chains: number;
  readonly chainOffset: number;
  readonly sweeps: number;
  readonly burnIn: number;
  readonly stride: number;
  readonly sweepOffset: number;
  /** One b_t per sweep (semantics 4.5), or null: all 65536. */
  readonly temperatures: Words | null;
  readonly seed: bigint;
  readonly start: Start;
  /** Keep the last state, to go on from it (semantics 2.5): as data, as a handle, or not at all. */
  readonly keep: 'nothing' | 'host' | 'device';
  readonly readouts: readonly ReadoutRequest[];
  readonly signal: AbortSignal;
  readonly onProgress?: (sweepsDone: number) => void;
  /** Unsplit runs only; called for sweep 0 (the initial state) … sweeps; a promise is back-pressure. */
  readonly trace?: TraceListener;
  /** Where the device's time goes; only for drivers that say `fillsTimelines`. Changes no bit and no count of the run. */
  readonly timeline?: TimelineSink;
}

/** What of a device a span is of: a run of a block, one row (image, chain) of it, what computes, or the link to its host. */
export const timelineTracks = ['run', 'row', 'machine', 'link'] as const;
export type TimelineTrack = (typeof timelineTracks)[number];

/** A stretch of a device's own time. Spans of one track do not overlap. */
export interface TimelineSpan {
  readonly track: TimelineTrack;
  readonly name: string;
  /** ns of the device's own time, since it was opened. */
  readonly startNs: number;
  readonly endNs: number;
  /** Of `machine`: what it took, by cause. Cycles of all spans of a run are those of its counters. */
  readonly cycles?: Readonly<Record<string, number>>;
  /** Of `link`. */
  readonly bytesIn?: number;
  readonly bytesOut?: number;
  /** Of `machine`: how many sweeps it has, where it has several. */
  readonly sweeps?: number;
  /** ns at work, where that is not the whole span. */
  readonly busyNs?: number;
  /** What else a reader may want to know: `sweep`, `image`. */
  readonly details?: Readonly<Record<string, string | number>>;
  /** Inside of it, in order: the colors of a sweep. Time and cycles that none of them has are the span's own. */
  readonly parts?: readonly Omit<TimelineSpan, 'track' | 'parts'>[];
}

/** Takes the spans of runs. */
export interface TimelineSink {
  /** Whether each sweep should have a span of its own; else a command has one for all its sweeps. */
  readonly detailed: boolean;
  add(span: TimelineSpan): void;
}

/** Every bank in declared order, pinned ones included; one row per (image, chain). */
export type TraceListener = (sweep: number, banks: Readonly<Record<string, PackedSpins>>) => void | Promise<void>;

/** How the free spins begin (semantics 1.6). `given`: every free bank, one row per (image, chain). */
export type Start =
  | { readonly kind: 'random' }
  | { readonly kind: 'feed-forward' }
  | { readonly kind: 'given'; readonly states: Readonly<Record<string, PackedSpins>> }
  | {
      readonly kind: 'resume';
      readonly handle: StateHandle /** The rows of the handle to go on with. */;
      readonly rows: Words;
    };

export interface ReadoutRequest {
  /** A free bank. */
  readonly bank: string;
  readonly observable: Observable;
  readonly as: 'sums' | 'signs' | 'both';
  readonly tie: 1 | -1;
}

export interface DriverResult {
  /** In request order. Sums and signs are `[images][spins]`, states `[images][chains][K]` rows. */
  readonly readouts: readonly DriverReadout[];
  /** With `keep: 'host'`: every free bank, one row per (image, chain). */
  readonly last?: Readonly<Record<string, PackedSpins>>;
  /** With `keep: 'device'`. */
  readonly handle?: StateHandle;
  readonly counters: Counters;
}
export interface DriverReadout {
  readonly sums?: Int32Array<ArrayBuffer>;
  readonly signs?: PackedSpins;
  readonly states?: PackedSpins;
}
/** What a device counted of a run; what it does not count is absent, never 0. All add up over runs. */
export interface Counters {
  readonly flips?: number;
  readonly deviceNs?: number;
  /** By cause: every cycle has one. */
  readonly cycles?: Readonly<Record<string, number>>;
  /** On the link between host and device. */
  readonly bytesIn?: number;
  readonly bytesOut?: number;
  readonly saturations?: number;
  /** Bits of weights that were fetched from the memory that holds them. */
  readonly memoryBits?: number;
  /** Synaptic operations that its adders could have done in all its cycles: those of the run over it are their utilisation. */
  readonly synapticOperationsMax?: number;
}

/** A state that stays on the device, with its static fields, until released. */
export interface StateHandle {
  release(): void;
}
