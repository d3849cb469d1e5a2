/** Deadlines for what a device promises. */

/** A promise of the device did not settle in time. */
export class DeadlineMissed extends Error {
  override readonly name = 'DeadlineMissed';
  readonly what: string;
  readonly milliseconds: number;

  constructor(what: string, milliseconds: number) {
    super(`${what} did not settle within ${milliseconds} ms`);
    this.what = what;
    this.milliseconds = milliseconds;
  }
}

/** Settles as the promise does, or rejects with DeadlineMissed. What settles later is ignored. */
export async function within<T>(what: string, promise: Promise<T>, milliseconds: number): Promise<T> {
  const { promise: missed, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DeadlineMissed(what, milliseconds)), milliseconds);
  try {
    return await Promise.race([promise, missed]);
  } finally {
    clearTimeout(timer);
  }
}
