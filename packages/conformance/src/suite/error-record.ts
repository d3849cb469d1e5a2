/** An error of the device as a record: its name and code are what counts, its text helps people. */

export interface ErrorRecord {
  readonly name: string;
  /** The code of an error of the sdk's kind. */
  readonly code?: string;
  readonly message: string;
  /** Where it came from: `unhandled rejection`, `uncaught exception`, `close`, `process`; absent: thrown into the check. */
  readonly from?: string;
}

/** Longer messages are cut. */
const messageMax = 2000;

export function errorRecord(error: unknown, from?: string): ErrorRecord {
  const { name, code, message } = fieldsOf(error);
  return {
    name,
    ...(typeof code === 'string' ? { code } : {}),
    message: cut(message),
    ...(from === undefined ? {} : { from }),
  };
}

export const cut = (text: string): string => (text.length <= messageMax ? text : `${text.slice(0, messageMax)} …`);

/** Devices throw anything, also objects whose members throw. */
function fieldsOf(error: unknown): { readonly name: string; readonly code?: unknown; readonly message: string } {
  try {
    if (error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)) {
      const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
      return { name: String(name ?? 'Error'), code, message: String(message) };
    }
    return { name: typeof error, message: String(error) };
  } catch (cause) {
    return { name: 'unprintable', message: `something that cannot be read was thrown (${typeof cause})` };
  }
}
