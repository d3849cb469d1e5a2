/**
 * Errors that nobody awaits: unhandled rejections and uncaught exceptions while a case runs are the device's, because the suite awaits all that it
 * starts. The process's handlers stand only while a case runs; in browsers the same events of the window or worker are taken.
 */

export interface StrayErrors {
  readonly found: readonly StrayError[];
  /** Takes the handlers away, after one turn of the event loop in which late ones still arrive. */
  stop(): Promise<void>;
}

export interface StrayError {
  readonly kind: 'unhandled rejection' | 'uncaught exception';
  readonly error: unknown;
}

interface ProcessEvents {
  on(event: string, listener: (error: unknown) => void): void;
  off(event: string, listener: (error: unknown) => void): void;
}

interface WindowEvents {
  addEventListener(event: string, listener: (event: { reason?: unknown; error?: unknown }) => void): void;
  removeEventListener(event: string, listener: (event: { reason?: unknown; error?: unknown }) => void): void;
}

export function watchStrayErrors(): StrayErrors {
  const found: StrayError[] = [];
  const rejected = (error: unknown): void => void found.push({ kind: 'unhandled rejection', error });
  const thrown = (error: unknown): void => void found.push({ kind: 'uncaught exception', error });
  const remove = listen(rejected, thrown);
  return {
    found,
    async stop() {
      await turnOfEvents();
      remove();
    },
  };
}

function listen(rejected: (error: unknown) => void, thrown: (error: unknown) => void): () => void {
  const { process, addEventListener } = globalThis as { process?: Partial<ProcessEvents> } & Partial<WindowEvents>;
  if (typeof process?.on === 'function' && typeof process.off === 'function') {
    const events = process as ProcessEvents;
    events.on('unhandledRejection', rejected);
    events.on('uncaughtException', thrown);
    return () => {
      events.off('unhandledRejection', rejected);
      events.off('uncaughtException', thrown);
    };
  }
  if (typeof addEventListener !== 'function') return () => {};
  const target = globalThis as unknown as WindowEvents;
  const onRejected = ({ reason }: { reason?: unknown }): void => rejected(reason);
  const onThrown = ({ error }: { error?: unknown }): void => thrown(error);
  target.addEventListener('unhandledrejection', onRejected);
  target.addEventListener('error', onThrown);
  return () => {
    target.removeEventListener('unhandledrejection', onRejected);
    target.removeEventListener('error', onThrown);
  };
}

/** Rejections become unhandled after the microtasks of a turn; timers run after that. */
function turnOfEvents(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
