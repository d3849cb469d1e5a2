/** The name of a program by its contents (semantics 8.3): synchronous, the same in Node and in browsers. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { canonicalJson } from './canonical-json.ts';
import { jsonValueFaults } from './json-value.ts';
import { compareNames } from './name-order.ts';
import type { ProgramTensor } from './program.ts';
import { tensorBytes } from './tensor-types.ts';
import { invalidProgram } from './violation.ts';

/** Top-level keys that say nothing about what the program does. */
const unhashed: ReadonlySet<string> = new Set(['name', 'provenance', 'meta']);

/**
 * Lower-case hex SHA-256 of `"isinglass\0"`, the canonical JSON without name, provenance and meta, and every tensor's
 * name, dtype, shape and SHA-256. Gains set at run time do not enter.
 *
 * Throws InvalidProgramError (P103) when `json` has something that cannot be hashed.
 */
export function programHash(json: object, tensors: ReadonlyMap<string, ProgramTensor>): string {
  const faults = [...jsonValueFaults(json)];
  if (faults.length > 0) throw invalidProgram(faults.map(({ where, message }) => ({ code: 'P103', where, message })));
  const hashed = Object.fromEntries(Object.entries(json).filter(([key]) => !unhashed.has(key)));
  const hash = sha256.create();
  const add = (text: string) => hash.update(new TextEncoder().encode(text));
  add(`isinglass\0${canonicalJson(hashed)}`);
  for (const [name, tensor] of [...tensors].sort(([a], [b]) => compareNames(a, b))) {
    add(`\0${name}\0${tensor.dtype}\0${tensor.shape.join(',')}\0${bytesToHex(sha256(tensorBytes(tensor)))}`);
  }
  return bytesToHex(hash.digest());
}
