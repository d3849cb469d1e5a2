/** The same object without the entries that are undefined: what a flag leaves out, an option leaves out. */
export function defined<T extends Record<string, unknown>>(
  values: T,
): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
