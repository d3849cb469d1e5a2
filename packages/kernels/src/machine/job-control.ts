/**
 * What the threads of one run share to stop and to meet: three 32-bit words in the device's memory. A thread that waits sleeps
 * (`Atomics.wait`); nobody spins.
 */

export const controlBytes = 12;

/** How long a thread sleeps at a barrier before it looks again whether the run is over. */
const sleepMs = 100;

export class JobControl {
  readonly #i32: Int32Array;
  readonly #stopped: number;

  /** `address` of controlBytes zero bytes, 4-byte aligned. */
  constructor(buffer: SharedArrayBuffer, address: number) {
    this.#i32 = new Int32Array(buffer, address, 3);
    this.#stopped = 0;
  }

  /** Every thread leaves its work at the next look. */
  stop(): void {
    Atomics.store(this.#i32, this.#stopped, 1);
    // Whoever is about to sleep, or does, finds that the meeting is over.
    Atomics.add(this.#i32, 2, 1);
    Atomics.notify(this.#i32, 2);
  }

  get stopped(): boolean {
    return Atomics.load(this.#i32, this.#stopped) !== 0;
  }

  /** Sleeps until all `count` threads have arrived. False: the run was stopped meanwhile. */
  meet(count: number): boolean {
    if (count === 1) return !this.stopped;
    const generation = Atomics.load(this.#i32, 2);
    if (Atomics.add(this.#i32, 1, 1) + 1 === count) {
      Atomics.store(this.#i32, 1, 0);
      Atomics.add(this.#i32, 2, 1);
      Atomics.notify(this.#i32, 2);
    } else {
      while (Atomics.load(this.#i32, 2) === generation) {
        if (this.stopped) return false;
        Atomics.wait(this.#i32, 2, generation, sleepMs);
      }
    }
    return !this.stopped;
  }
}
