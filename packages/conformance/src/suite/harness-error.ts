/** A fault of the suite, not of the device: it ends the run (exit code 3) and is no verdict. */
export class HarnessError extends Error {
  override readonly name = 'HarnessError';
}
