/** Faults of promises: calls that never settle, settle late, are rejected, throw instead of rejecting, or leave a rejection that nobody handles. */
import type { Spoiler } from './spoiled-driver.ts';

export type Call = 'load' | 'run' | 'unload' | 'close';

/** What a call does instead of what it should, after the true call was made. */
type Settle = <T>(real: () => Promise<T>) => Promise<T>;

/** The call never settles. */
export const neverSettles = (call: Call): Spoiler => settling(call, () => Promise.withResolvers<never>().promise);

/** The call settles `milliseconds` late. */
export const settlesLate = (call: Call, milliseconds: number): Spoiler =>
  settling(call, async (real) => {
    const result = await real();
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return result;
  });

/** Every `every`-th such call is rejected, for no reason of the request. */
export function rejects(call: Call, every: number): Spoiler {
  let calls = 0;
  return settling(call, (real) =>
    ++calls % every === 0 ? Promise.reject(new Error('the link to the machine was lost for a moment')) : real(),
  );
}

/** The call throws where it should return a promise. */
export const throwsAtOnce = (call: Call): Spoiler =>
  settling(call, () => {
    throw new Error('not a promise');
  });

/** The call does what it should, and beside it a promise is rejected that nobody handles. */
export const leavesRejection = (call: Call): Spoiler =>
  settling(call, (real) => {
    void Promise.reject(new Error('nobody handles this'));
    return real();
  });

function settling(call: Call, settle: Settle): Spoiler {
  switch (call) {
    case 'load':
      return { load: settle };
    case 'run':
      return { run: (q, run) => settle(() => run(q)) };
    case 'unload':
      return { unload: settle };
    case 'close':
      return { close: settle };
    default:
      return call satisfies never;
  }
}
