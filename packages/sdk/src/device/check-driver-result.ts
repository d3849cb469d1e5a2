/** A driver's answer has the form that was asked for, or the driver is at fault: nothing wrong is ever merged. */
import type { DriverResult, DriverRun } from '../contract/driver.ts';
import { BackendError } from '../errors/isinglass-error.ts';
import type { BankLayout } from '../program/block-layout.ts';
import { type PackedSpins, wordsPerRow } from '../spins/packed-spins.ts';

/** Throws BackendError that names the first part of the answer that is missing or of the wrong size. */
export function checkDriverResult(q: DriverRun, result: DriverResult, free: readonly BankLayout[]): void {
  assertDriverAnswer(typeof result === 'object' && result !== null, 'run()', 'a result');
  const images = q.images.length;
  const samples = Math.floor((q.sweeps - q.burnIn) / q.stride);
  if (!Array.isArray(result.readouts) || result.readouts.length !== q.readouts.length) {
    throw wrong('readouts', `${q.readouts.length} entries`);
  }
  q.readouts.forEach((ask, n) => {
    const answer = result.readouts[n] ?? {};
    const place = `readouts[${n}]`;
    const spinCount = free.find(({ bank }) => bank.id === ask.bank)?.spinCount ?? 0;
    if (ask.observable === 'state') {
      assertSpins(`${place}.states`, answer.states, images * q.chains * samples, spinCount);
      return;
    }
    if (ask.as !== 'signs' && !(answer.sums instanceof Int32Array && answer.sums.length === images * spinCount)) {
      throw wrong(`${place}.sums`, `an Int32Array of ${images} images × ${spinCount} spins`);
    }
    if (ask.as !== 'sums') assertSpins(`${place}.signs`, answer.signs, images, spinCount);
  });
  if (q.keep === 'host') {
    for (const { bank, spinCount } of free) {
      assertSpins(`last.${bank.id}`, result.last?.[bank.id], images * q.chains, spinCount);
    }
  }
  if (q.keep === 'device' && typeof result.handle?.release !== 'function') throw wrong('handle', 'a state handle');
}

/** Throws BackendError unless `sound`: `method` of the driver answered something else than `expected`. */
export function assertDriverAnswer(sound: boolean, method: string, expected: string): asserts sound {
  if (sound) return;
  throw new BackendError(`the driver's ${method} answered something else than ${expected}`, { where: method });
}

function assertSpins(place: string, spins: PackedSpins | undefined, rows: number, spinCount: number): void {
  const sound =
    spins !== undefined &&
    spins.rows === rows &&
    spins.spinCount === spinCount &&
    spins.words instanceof Uint32Array &&
    spins.words.length === rows * wordsPerRow(spinCount);
  if (!sound) throw wrong(place, `${rows} rows of ${spinCount} packed spins`);
}

function wrong(place: string, expected: string): BackendError {
  return new BackendError(`the driver's result is wrong at ${place}: expected ${expected}`, { where: place });
}
