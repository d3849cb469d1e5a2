/** Places in a JSON document, as errors name them: `stages[2].couplings[0].form.kernel`. */

/** Longer keys are cut, so that a hostile file cannot make its error messages large. */
const keyLengthMax = 80;

/** The path of member `key` of the object at `path`; the document itself is the empty path. */
export function memberPath(path: string, key: string): string {
  const plain = /^[\w./@-]+$/.test(key);
  const short = key.length > keyLengthMax ? `${key.slice(0, keyLengthMax)}…` : key;
  if (!plain || short !== key) return `${path}[${JSON.stringify(short)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** The path of element `index` of the list at `path`. */
export function elementPath(path: string, index: number): string {
  return `${path}[${index}]`;
}

/** The path of a list of steps from `root`: strings are keys, numbers are indices. */
export function pathOf(steps: readonly (string | number)[], root = ''): string {
  return steps.reduce<string>(
    (path, step) => (typeof step === 'number' ? elementPath(path, step) : memberPath(path, step)),
    root,
  );
}
