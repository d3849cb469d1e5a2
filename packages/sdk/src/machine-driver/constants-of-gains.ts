import type { FixedConstants } from '../law/fixed-constants.ts';

/** Whatever follows from the gains of a run, made anew only where they differ from those of the last run. */
export class ConstantsOfGains<T = FixedConstants> {
  readonly #make: (gains: Readonly<Record<string, number>>) => Generator<void, T, void>;
  #last: { readonly key: string; readonly constants: T } | undefined;

  /** `make` works in slices; what it throws is the caller's, and nothing is remembered then. */
  constructor(make: (gains: Readonly<Record<string, number>>) => Generator<void, T, void>) {
    this.#make = make;
  }

  *of(gains: Readonly<Record<string, number>>): Generator<void, T, void> {
    const key = JSON.stringify(Object.entries(gains).sort());
    if (this.#last?.key === key) return this.#last.constants;
    const constants = yield* this.#make(gains);
    this.#last = { key, constants };
    return constants;
  }

  forget(): void {
    this.#last = undefined;
  }
}
