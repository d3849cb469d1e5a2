/** Which block is in the memories of a machine, and with the constants of which gains: what is there already is not written again. */
import type { FixedConstants } from '@isinglass/sdk/machine-driver';
import type { MachineHost } from '../host/machine-host.ts';
import type { PlacedBlock } from './placed-block.ts';

export class Residency {
  readonly #host: MachineHost;
  #block: PlacedBlock | null = null;
  #constants: FixedConstants | null = null;

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
      for (const burst of block.constants(constants)) await this.#host.write(burst);
      this.#constants = constants;
    }
  }

  /** The block ends: nothing of it is held any more. */
  forget(block: PlacedBlock): void {
    if (this.#block === block) this.#forgetAll();
  }

  #forgetAll(): void {
    this.#block = null;
    this.#constants = null;
  }
}
