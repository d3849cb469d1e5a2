/** The end of a device or a session: it comes after the result, and nothing that goes wrong there takes its place. */
import type { Logger } from '@isinglass/sdk';

/** Longer than a device that answers takes to end its runs. */
const closeWaitMs = 5000;

/** Closes it; a failure, or no answer in time, is a warning in the log. */
export async function closeQuietly(
  closable: { close(): Promise<void> },
  { what, logger }: { readonly what: string; readonly logger: Logger },
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${closeWaitMs} ms`)), closeWaitMs);
  });
  try {
    await Promise.race([closable.close(), late]);
  } catch (error) {
    logger.warn({ reason: error instanceof Error ? error.message : String(error) }, `${what} did not close`);
  } finally {
    clearTimeout(timer);
  }
}
