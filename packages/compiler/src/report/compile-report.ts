/** What the compiler says it did: plain data, `formatReport` makes a table of it. */
import type { CouplingCounts, Gain } from '@isinglass/sdk';
import type { BiasForm } from '../fold/class-grid.ts';
import type { CompilerDiagnostic } from '../pipeline/diagnostic.ts';
import type { PassRecord } from '../pipeline/pass.ts';
import type { FieldBounds } from '../quantize/fixed-law-limits.ts';
import type { QuantizationQuality } from '../quantize/quantize-values.ts';
import type { BlockSchedule } from '../schedule/schedule-pass.ts';

/** The report of one compilation. */
export interface CompileReport {
  readonly name: string;
  readonly law: 'fixed' | 'real';
  /** Null under the real law. */
  readonly weightBits: number | null;
  readonly fractionBits: number | null;
  readonly programHash: string;
  /** Name and version of the compiler, and of what wrote the model. */
  readonly compiler: string;
  readonly producer: string;
  readonly opset: number;
  /** In program order. */
  readonly stages: readonly StageReport[];
  readonly totals: ReportTotals;
  /** Every ONNX node of the model: where it went and why. */
  readonly nodes: readonly NodeReport[];
  readonly passes: readonly PassRecord[];
  /** Warnings and remarks; errors are thrown instead. */
  readonly diagnostics: readonly CompilerDiagnostic[];
}

/** Sums over all blocks. */
export interface ReportTotals {
  readonly freeSpins: number;
  readonly pinnedSpins: number;
  readonly couplings: CouplingCounts;
  /** Stored coupling values of all blocks; a kernel counts once. */
  readonly weights: number;
  readonly biasValues: number;
  readonly multiplyAdds: {
    /** Per image, in-bounds taps only. */
    readonly model: number;
    readonly host: number;
    /** 1 − host / model, in 0 … 1. */
    readonly offloadedShare: number;
  };
}

/** One stage of the program. */
export type StageReport = HostReport | BlockReport;

/** A part of the graph that runs on the host. */
export interface HostReport {
  readonly kind: 'host';
  readonly id: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly onnxBytes: number;
  readonly multiplyAdds: number;
}

/** A thermodynamic block. */
export interface BlockReport {
  readonly kind: 'block';
  readonly id: string;
  readonly index: number;
  readonly banks: readonly {
    readonly id: string;
    readonly role: 'pinned' | 'free';
    readonly shape: readonly number[];
    readonly spins: number;
  }[];
  readonly counts: CouplingCounts;
  readonly couplings: readonly CouplingReport[];
  readonly biases: readonly BiasReport[];
  readonly gains: readonly Gain[];
  readonly schedule: BlockSchedule & { readonly retained: number };
  /** Fixed law: per free bank; otherwise empty. */
  readonly bounds: readonly FieldBounds[];
}

/** One coupling: where it comes from, how large it is, what rounding cost. */
export interface CouplingReport {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** In words: `conv 3×3, stride 2`. */
  readonly form: string;
  readonly gain: string;
  /** Semantics 3.7; `free` is `actual` where both ends are free, else 0. */
  readonly counts: CouplingCounts;
  readonly weights: number;
  /** Largest number of non-zero couplings of one spin, at either end. */
  readonly degreeMax: { readonly from: number; readonly to: number };
  /** Null under the real law. */
  readonly rounding:
    | (QuantizationQuality & {
        readonly scale: number;
        /**
         * log2 of the levels that would remain on a device with one unit for all couplings of the block, gains multiplied
         * in: δ = 0.05 costs K2 4.3 bits there. Devices with a gain per coupling keep all bits.
         */
        readonly effectiveBits: number;
      })
    | null;
  /** The ONNX nodes whose numbers are in it. */
  readonly nodes: readonly string[];
}

/** One bias, and why it has its form. */
export interface BiasReport {
  readonly bank: string;
  readonly gain: string;
  readonly form: BiasForm;
  readonly values: number;
  /** What it is the sum of, and what made it as fine as it is. */
  readonly reason: string;
}

/** Where one ONNX node went. */
export interface NodeReport {
  readonly node: string;
  readonly stage: string;
  readonly reason: string;
}
