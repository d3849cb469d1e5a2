/** The temperatures of a small block's sweeps: those of one round are on the GPU, so that what a run holds does not grow with its sweeps. */
import type { DriverRun } from '@isinglass/sdk';
import type { RunHost } from '../gpu/run-host.ts';
import type { NumbersAt } from './small-numbers.ts';

export class TemperatureRounds {
  readonly #host: RunHost;
  readonly #temperatures: DriverRun['temperatures'];
  readonly #numbers: GPUBuffer;
  readonly #at: NumbersAt;
  /** Of the present temperatures; sweeps 1 … slots are round 0. */
  #round = -1;

  constructor(
    host: RunHost,
    { temperatures }: Pick<DriverRun, 'temperatures'>,
    { numbers, at }: { readonly numbers: GPUBuffer; readonly at: NumbersAt },
  ) {
    this.#host = host;
    this.#temperatures = temperatures;
    this.#numbers = numbers;
    this.#at = at;
  }

  /** Before sweep t is added: its temperature and those of its round are there when it is computed. The last sweep of the round. */
  async place(t: number): Promise<number> {
    if (this.#temperatures === null) return Number.POSITIVE_INFINITY;
    const { temperatures_at, temperature_slots: slots } = this.#at;
    const round = Math.floor((t - 1) / slots);
    if (round !== this.#round) {
      // What has been added before reads those of its own round.
      await this.#host.submitter.flush();
      const own = this.#temperatures.subarray(round * slots, (round + 1) * slots);
      this.#host.gpu.device.queue.writeBuffer(this.#numbers, 4 * temperatures_at, own);
      this.#round = round;
    }
    return (round + 1) * slots;
  }
}
