import { jsonValueFaults } from '../json-value.ts';
import type { ProgramTensor } from '../program.ts';
import type { JsonFault } from '../strict-json.ts';
import { type Violation, ViolationList } from '../violation.ts';

export function verifyProgram(json: unknown, tensors: ReadonlyMap<string, ProgramTensor>): readonly Violation[] {
  const found = new ViolationList();
  for (const fault of jsonValueFaults(json)) found.add('P103', fault.where, fault.message);
  void tensors;
  return found.list();
}

export function verifyParsedProgram(
  parsed: { readonly value: unknown; readonly faults: readonly JsonFault[] },
  tensors: ReadonlyMap<string, ProgramTensor>,
): readonly Violation[] {
  const found = new ViolationList();
  for (const fault of parsed.faults) if (fault.kind !== 'large-integer') found.add('P103', fault.where, fault.message);
  void tensors;
  return found.list();
}
