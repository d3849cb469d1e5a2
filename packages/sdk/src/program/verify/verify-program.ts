/**
 * The verifier (semantics section 9): every violated invariant, each with its place and numbers, all at once.
 *
 * Checks run from the form inwards: JSON that can be hashed, keys and types, then per stage what only it says, then what
 * flows between stages. A check whose premises are violated is not made: a stage whose form is wrong is left out, and
 * with it whatever needs all stages.
 */

import { memberPath } from '../json-path.ts';
import { jsonValueFaults } from '../json-value.ts';
import type { ProgramTensor } from '../program.ts';
import type { JsonFault } from '../strict-json.ts';
import { elementCount, holdsDtype, isDtype, shapeText } from '../tensor-types.ts';
import { type Violation, ViolationList } from '../violation.ts';
import { checkBiases } from './biases.ts';
import { checkBlockFacts } from './block-facts.ts';
import { checkColors } from './colors.ts';
import { checkConstraint } from './constraints.ts';
import type { ProgramContext } from './context.ts';
import { checkCouplings } from './couplings.ts';
import { checkFrame, checkStage, type DraftBlock, type DraftStage, type ProgramFrame } from './draft-program.ts';
import { checkFeatures, checkVersion } from './features.ts';
import { checkFieldBounds } from './field-bound.ts';
import { checkFixedCoupling } from './fixed-law.ts';
import { checkHostStage, type HostSignature } from './host-stage.ts';
import { checkBlockIds, checkStageIds } from './ids.ts';
import { followValues } from './named-values.ts';
import { checkReadouts } from './readouts.ts';
import { checkSchedule } from './schedule.ts';
import { FormReport } from './shape.ts';
import { TensorTable } from './tensor-table.ts';

type Tensors = ReadonlyMap<string, ProgramTensor>;

/** All violations of a program in memory (up to 1,000 are listed); none for a valid program. */
export function verifyProgram(json: unknown, tensors: Tensors): readonly Violation[] {
  const found = new ViolationList();
  for (const fault of jsonValueFaults(json)) found.add('P103', fault.where, fault.message);
  checkTensorData(tensors, found);
  if (found.count === 0) verify(json, tensors, { found, form: new FormReport(found) });
  return found.list();
}

/** All violations of a program whose text was parsed by `parseStrictJson`, with its tensors. */
export function verifyParsedProgram(
  parsed: { readonly value: unknown; readonly faults: readonly JsonFault[] },
  tensors: Tensors,
): readonly Violation[] {
  const found = new ViolationList();
  const largeIntegers = new Set<string>();
  for (const { kind, where, message } of parsed.faults) {
    if (kind === 'large-integer') largeIntegers.add(where);
    else found.add('P103', where, message);
  }
  verify(parsed.value, tensors, { found, form: new FormReport(found, largeIntegers) });
  return found.list();
}

/** What the container proves for a file, for tensors in memory. */
function checkTensorData(tensors: Tensors, found: ViolationList): void {
  for (const [name, { dtype, shape, data }] of tensors) {
    const where = memberPath('header', name);
    if (!isDtype(dtype) || !holdsDtype(data, dtype)) {
      found.add('P101', `${where}.dtype`, `${dtype} is not held by a ${data?.constructor?.name ?? typeof data}`);
    }
    const sized = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
    if (!sized || elementCount(shape) !== data.length) {
      found.add('P101', `${where}.shape`, `shape ${shapeText(shape)} does not fit ${data.length} elements`);
    }
  }
}

interface Findings {
  readonly found: ViolationList;
  readonly form: FormReport;
}

function verify(json: unknown, tensors: Tensors, { found, form }: Findings): void {
  const frame = checkFrame(json, form);
  const rawStages = frame?.stages ?? rawStagesOf(json);
  const stages = rawStages.map((stage, n) => checkStage(stage, `stages[${n}]`, form));
  if (frame === undefined || !checkVersion(frame, found)) return;
  const sound = stages.filter((stage) => stage !== undefined);
  const whole = sound.length === stages.length ? sound : undefined;
  checkFeatures(frame, whole, found);
  checkStageIds(stages, found);
  const table = new TensorTable(tensors, found);
  const program: ProgramContext = { law: frame.law.kind, tensors: table, found };
  const signatures = stages.map((stage, n) => checkStageAlone(stage, `stages[${n}]`, program, tensors));
  if (whole === undefined) return;
  table.reportUnused();
  checkValues(frame, whole, signatures, found);
}

/** The stages of a program whose other parts are wrong, so that their form is still checked. */
function rawStagesOf(json: unknown): readonly unknown[] {
  const stages = typeof json === 'object' && json !== null && 'stages' in json ? json.stages : undefined;
  return Array.isArray(stages) ? stages : [];
}

function checkStageAlone(
  stage: DraftStage | undefined,
  where: string,
  program: ProgramContext,
  tensors: Tensors,
): HostSignature | undefined {
  if (stage?.kind === 'host') return checkHostStage(stage, where, program);
  if (stage !== undefined) checkBlock(stage, where, program, tensors);
  return undefined;
}

function checkBlock(block: DraftBlock, where: string, program: ProgramContext, tensors: Tensors): void {
  const { found } = program;
  checkBlockIds(block, where, found);
  const facts = checkBlockFacts(block, where, program);
  const couplings = checkCouplings(facts, program);
  checkColors(facts, couplings, found);
  for (const coupling of couplings) checkConstraint(coupling, program);
  const biases = checkBiases(facts, program);
  if (program.law === 'fixed') {
    const scaled = couplings.map((coupling) => checkFixedCoupling(coupling, facts, program));
    const parts = { couplings: scaled.filter((coupling) => coupling !== undefined), biases };
    if (facts.fixed !== undefined) checkFieldBounds({ ...facts, fixed: facts.fixed }, parts, tensors, found);
  }
  checkReadouts(block, where, facts.banks, found);
  checkSchedule(block, where, program);
}

function checkValues(
  frame: ProgramFrame,
  stages: readonly DraftStage[],
  signatures: readonly (HostSignature | undefined)[],
  found: ViolationList,
): void {
  followValues({ inputs: frame.inputs, outputs: frame.outputs, stages, signatures }, found);
}
