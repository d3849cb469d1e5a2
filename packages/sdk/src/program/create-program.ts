import { frozenCopy } from './json-value.ts';
import type { Program, ProgramTensor } from './program.ts';
import { programHash } from './program-hash.ts';
import type { ProgramJson } from './program-json.ts';
import { verifyProgram } from './verify/verify-program.ts';
import { invalidProgram } from './violation.ts';

/**
 * A verified program from its parts. The JSON is copied and frozen; the tensors are taken over: do not write to them
 * afterwards.
 *
 * Throws InvalidProgramError whose diagnostics are all violations of semantics section 9.
 */
export function createProgram(json: ProgramJson, tensors: ReadonlyMap<string, ProgramTensor>): Program {
  const violations = verifyProgram(json, tensors);
  if (violations.length > 0) throw invalidProgram(violations);
  const own = new Map([...tensors].map(([name, { dtype, shape, data }]) => [name, { dtype, shape: [...shape], data }]));
  const copy = frozenCopy(json);
  return { json: copy, tensors: own, hash: programHash(copy, own) };
}
