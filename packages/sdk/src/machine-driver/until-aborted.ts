/**
 * A promise, or the reason of the first of these signals that is aborted before it settles. Listeners are removed either
 * way: signals outlive runs.
 */
export async function untilAborted<T>(promise: Promise<T>, signals: readonly AbortSignal[]): Promise<T> {
  for (const signal of signals) signal.throwIfAborted();
  const first = Promise.withResolvers<T>();
  const removals = signals.map((signal) => {
    const listener = (): void => first.reject(signal.reason);
    signal.addEventListener('abort', listener);
    return () => signal.removeEventListener('abort', listener);
  });
  promise.then(first.resolve, first.reject);
  try {
    return await first.promise;
  } finally {
    for (const remove of removals) remove();
  }
}
