/**
 * Passes: named steps from one form of the model to the next. A pass collects what it finds instead of stopping at the
 * first; the runner times it, records the sizes before and after, and stops the compilation when something is an error.
 */
import { type CompilerDiagnostic, compileError } from './diagnostic.ts';

/** A named step of the compilation. */
export interface Pass<In, Out> {
  readonly name: string;
  readonly version: string;
  run(input: In, context: PassContext): Out | Promise<Out>;
  /** Of the result; a pass that changes no sizes has none. */
  sizes?(output: Out): ModelSizes;
}

/** What a pass may do besides returning its result. */
export interface PassContext {
  /** Adds a finding; errors end the compilation after this pass. */
  report(diagnostic: CompilerDiagnostic): void;
  /** Lets the event loop turn and throws the signal's reason if the compilation was aborted. Call once per block. */
  pause(): Promise<void>;
}

/** What a model takes at some point of the compilation, all blocks together. */
export interface ModelSizes {
  /** Stored coupling values: a convolution counts its kernel once. */
  readonly weights: number;
  /** Those of them that are not zero. */
  readonly nonZeros: number;
  /** Bits per weight: 64 while unrounded. */
  readonly weightBits: number;
  readonly biasValues: number;
  /** The largest number of non-zero couplings of one spin in one coupling; absent while unrounded. */
  readonly degreeMax?: number;
}

/** What the report says of a pass. */
export interface PassRecord {
  readonly name: string;
  readonly version: string;
  readonly ms: number;
  readonly before?: ModelSizes;
  readonly after?: ModelSizes;
}

/** Runs passes one after another and keeps their records and findings. */
export class PassRunner {
  readonly #signal: AbortSignal | undefined;
  readonly #records: PassRecord[] = [];
  readonly #diagnostics: CompilerDiagnostic[] = [];
  #sizes: ModelSizes | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  get records(): readonly PassRecord[] {
    return this.#records;
  }

  get diagnostics(): readonly CompilerDiagnostic[] {
    return this.#diagnostics;
  }

  /** The result of the pass; throws InvalidModelError with all findings if one of them is an error. */
  async run<In, Out>(pass: Pass<In, Out>, input: In): Promise<Out> {
    const context: PassContext = {
      report: (diagnostic) => this.#diagnostics.push(diagnostic),
      pause: () => this.#pause(),
    };
    await this.#pause();
    const start = performance.now();
    const output = await pass.run(input, context);
    const after = pass.sizes?.(output);
    this.#records.push({
      name: pass.name,
      version: pass.version,
      ms: performance.now() - start,
      ...(after === undefined || this.#sizes === undefined ? {} : { before: this.#sizes }),
      ...(after === undefined ? {} : { after }),
    });
    this.#sizes = after ?? this.#sizes;
    if (this.#diagnostics.some((diagnostic) => diagnostic.severity === 'error')) throw compileError(this.#diagnostics);
    return output;
  }

  async #pause(): Promise<void> {
    this.#signal?.throwIfAborted();
    if (this.#signal === undefined) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#signal.throwIfAborted();
  }
}
