/** One interface to every simulator: a simulated design is hardware, as its host sees it. */
import type { Hardware } from '../../src/host/hardware.ts';
import type { RtlDesign } from './rtl-design.ts';

/** A design after reset, clocked only by these calls. Calls take effect in the order in which they were made; each rejects with RtlError. */
export interface RtlSimulation extends Hardware {
  /** One cycle a word. */
  write(address: number, words: Uint32Array): Promise<void>;
  /** One cycle a word. */
  read(address: number, count: number): Promise<Uint32Array>;
  /** Runs until `irq` is 1, not at all where it is already, and at most so many cycles (below 2³²). Whether `irq` is 1 then. */
  run(cyclesMax: number): Promise<boolean>;
  /** Clock cycles since the reset, those of writes and reads among them, as of the last call that ended. */
  readonly cycles: number;
}

/** An independent tool that simulates SystemVerilog. */
export interface RtlSimulator {
  readonly name: 'cxxrtl' | 'verilator' | 'icarus';
  /** Why it cannot be used here; undefined where it can. */
  readonly unavailable: string | undefined;
  /** Builds the design, or finds it built before, and resets it. Rejects with RtlError where the tool refuses the design. */
  open(design: RtlDesign): Promise<RtlSimulation>;
}
