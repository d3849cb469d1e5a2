/**
 * Which block is in the memories of a machine, with the constants of which gains and the static fields of which image: what is there already is not written and not
 * computed again, so that the chains of an image share its static pass, also where they are runs of their own.
 */
import type { FixedConstants } from '@isinglass/sdk/machine-driver';
import type { MachineHost } from '../host/machine-host.ts';
import type { PlacedBlock } from './placed-block.ts';

/** An image as its static fields depend on it. */
export interface PinnedImage {
  /** Global number. */
  readonly image: number;
  /** Of SPINS, with pinned spins alone. */
  readonly words: Uint32Array;
}

export class Residency {
  readonly #host: MachineHost;
  #block: PlacedBlock | null = null;
  #constants: FixedConstants | null = null;
  #fieldsOf: PinnedImage | null = null;

  constructor(host: MachineHost) {
    this.#host = host;
  }

  /** Writes what is missing. A write that fails leaves nothing resident. */
  async bring(block: PlacedBlock, constants: FixedConstants): Promise<void> {
    if (this.#block !== block) {
      this.#forgetAll();
      for (const burst of block.image()) await this.#host.write(burst);
      this.#block = block;
    }
    if (this.#constants !== constants) {
      this.#constants = null;
      this.#fieldsOf = null;
      for (const burst of block.constants(constants)) await this.#host.write(burst);
      this.#constants = constants;
    }
  }

  /** Whether FIELDS has what pinned spins make in this image. */
  hasFields(of: PinnedImage): boolean {
    const has = this.#fieldsOf;
    return has !== null && has.image === of.image && (has === of || has.words.every((word, n) => word === of.words[n]));
  }

  /** What is in FIELDS from now on; null: nothing that is known. */
  holdsFields(of: PinnedImage | null): void {
    this.#fieldsOf = of;
  }

  /** The block ends: nothing of it is held any more. */
  forget(block: PlacedBlock): void {
    if (this.#block === block) this.#forgetAll();
  }

  #forgetAll(): void {
    this.#block = null;
    this.#constants = null;
    this.#fieldsOf = null;
  }
}
