/** A folder of test vectors on disk (Node only; the rest of this sub-path runs anywhere). */
import { InvalidRequestError, UnsupportedError } from '../errors/isinglass-error.ts';
import {
  type ArithmeticVectors,
  parseArithmeticVectors,
  parseRejectList,
  parseVector,
  type RejectList,
  type Vector,
} from './vectors.ts';

/** What a folder holds; a part that is not there is empty or undefined. */
export interface VectorFolder {
  /** Sorted by name; `file` is the program file's bytes. */
  readonly cases: readonly { readonly name: string; readonly vector: Vector; readonly file: Uint8Array<ArrayBuffer> }[];
  readonly arithmetic: ArithmeticVectors | undefined;
  readonly reject: RejectFolder | undefined;
}

/** Files that must be refused, and the controls that must be accepted. */
export interface RejectFolder {
  readonly list: RejectList;
  /** By file name: every file that the list names. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Names of every `control-*.isg` of the folder. */
  readonly controls: readonly string[];
}

/** Reads `NAME.json` + `NAME.isg`, `arithmetic.json` and `reject.json` of one folder. Any other file is left alone. */
export function readVectorFolder(directory: string): VectorFolder {
  const { fs, path } = nodeModules();
  const names = fs.readdirSync(directory).sort();
  const bytes = (name: string): Uint8Array<ArrayBuffer> => {
    if (path.basename(name) !== name || !names.includes(name)) {
      throw new InvalidRequestError(`${directory} has no file ${name}`, { where: name });
    }
    return new Uint8Array(fs.readFileSync(path.join(directory, name)));
  };
  const json = (name: string): unknown => {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes(name)));
    } catch (cause) {
      if (cause instanceof InvalidRequestError) throw cause;
      throw new InvalidRequestError(`${name} is not JSON: ${String(cause)}`, { where: name, cause });
    }
  };
  const special = new Set(['arithmetic.json', 'reject.json']);
  const cases = names
    .filter((name) => name.endsWith('.json') && !special.has(name))
    .map((name) => {
      const vector = parseVector(json(name), name);
      return { name: name.slice(0, -'.json'.length), vector, file: bytes(vector.program) };
    });
  return {
    cases,
    arithmetic: names.includes('arithmetic.json')
      ? parseArithmeticVectors(json('arithmetic.json'), 'arithmetic.json')
      : undefined,
    reject: names.includes('reject.json')
      ? readRejects(parseRejectList(json('reject.json'), 'reject.json'))
      : undefined,
  };

  function readRejects(list: RejectList): RejectFolder {
    const controls = names.filter((name) => name.startsWith('control-') && name.endsWith('.isg'));
    const wanted = new Set([...controls, ...list.flatMap((entry) => [entry.file, entry.control])]);
    return { list, controls, files: new Map([...wanted].map((name) => [name, bytes(name)])) };
  }
}

function nodeModules() {
  const builtin = globalThis.process?.getBuiltinModule;
  if (builtin === undefined) throw new UnsupportedError('file-system', 'reading a folder of vectors needs Node.js');
  return { fs: builtin('node:fs'), path: builtin('node:path') };
}
