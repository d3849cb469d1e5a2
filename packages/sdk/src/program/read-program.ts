/** From the bytes of a program file to a Program, or to everything that is wrong with it. */
import { freeze } from './json-value.ts';
import type { Program, ProgramTensor } from './program.ts';
import { programHash } from './program-hash.ts';
import type { ProgramJson } from './program-json.ts';
import { readContainer } from './safetensors.ts';
import { parseStrictJson } from './strict-json.ts';
import { verifyParsedProgram } from './verify/verify-program.ts';
import { invalidProgram, type Violation } from './violation.ts';

/**
 * Reads an `.isg` file. The program's tensors are views of `bytes` wherever their alignment allows (everywhere, when
 * `bytes` begins at a multiple of 8 of its buffer): do not write to `bytes` afterwards.
 *
 * Throws InvalidProgramError whose diagnostics are all violations, each with its code of semantics section 9.
 */
export function readProgram(bytes: Uint8Array): Program {
  const reading = readFile(bytes);
  if (reading.violations.length > 0 || reading.json === undefined) throw invalidProgram(reading.violations);
  const json = freeze(reading.json) as ProgramJson;
  return { json, tensors: reading.tensors, hash: programHash(json, reading.tensors) };
}

/** Everything that is wrong with a file; empty for a valid program. */
export function inspectProgramFile(bytes: Uint8Array): readonly Violation[] {
  return readFile(bytes).violations;
}

interface FileReading {
  readonly json?: unknown;
  readonly tensors: ReadonlyMap<string, ProgramTensor>;
  readonly violations: readonly Violation[];
}

function readFile(bytes: Uint8Array): FileReading {
  const container = readContainer(bytes);
  if (container.kind === 'invalid') return { tensors: new Map(), violations: container.violations };
  const { programText, tensors } = container;
  const parsed = parseStrictJson(programText);
  if (parsed.kind === 'not-json') {
    const message = `the program is not JSON: at character ${parsed.position}, ${parsed.message}`;
    return { tensors, violations: [{ code: 'P103', where: 'header.__metadata__.isinglass', message }] };
  }
  return { json: parsed.value, tensors, violations: verifyParsedProgram(parsed, tensors) };
}
