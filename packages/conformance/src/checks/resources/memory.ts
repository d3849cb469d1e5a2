/** Memory of this process, where it can be read and garbage can be collected first. */

interface NodeProcess {
  memoryUsage(): { readonly heapUsed: number; readonly external: number };
  getBuiltinModule?(id: string): unknown;
}

let collect: (() => void) | null | undefined;

/** Bytes of the heap and of array buffers after a full collection; undefined outside Node. */
export function memoryAfterCollection(): number | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  if (process?.memoryUsage === undefined) return undefined;
  collect ??= collector(process);
  if (collect === null) return undefined;
  // Array buffers are freed by the collection after the one that finds them dead.
  for (let n = 0; n < 2; n++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** `gc` of the engine, made visible where it is not. */
function collector({ getBuiltinModule }: NodeProcess): (() => void) | null {
  const { gc } = globalThis as { gc?: () => void };
  if (gc !== undefined) return gc;
  const v8 = getBuiltinModule?.('node:v8') as { setFlagsFromString(flags: string): void } | undefined;
  const vm = getBuiltinModule?.('node:vm') as { runInNewContext(code: string): unknown } | undefined;
  if (v8 === undefined || vm === undefined) return null;
  v8.setFlagsFromString('--expose-gc');
  const found = vm.runInNewContext('globalThis.gc');
  return typeof found === 'function' ? (found as () => void) : null;
}
