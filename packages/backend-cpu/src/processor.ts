/** The processor and the engine that this code runs on, as far as they decide what the `cpu` device can do. */
import { isSupported, type SimdVariant } from '@isinglass/kernels';
import { threadsMax } from '@isinglass/kernels/machine';

export interface Processor {
  /** Threads that run at the same time; 1 where the engine reports none or gives none. */
  readonly parallelism: number;
  /** Threads that a device may have: 1 where the engine has no threads for us. */
  readonly threadsMax: number;
  /** The builds of the kernels that the engine accepts, fastest first; none: scalar code only. */
  readonly variants: readonly SimdVariant[];
}

let found: Processor | undefined;

/** This one. Looked at once. */
export function thisProcessor(): Processor {
  found ??= look();
  return found;
}

function look(): Processor {
  const variants = (['relaxed', 'baseline'] as const).filter((variant) => isSupported(variant));
  const most = threadsMax();
  if (most === 1) return { parallelism: 1, threadsMax: 1, variants };
  // Node and browsers alike; it respects the cores that the process may use.
  const parallelism = Math.max(1, globalThis.navigator?.hardwareConcurrency ?? 1);
  return { parallelism, threadsMax: most, variants };
}
