/** Every vector and every rejected file of one folder. */
import { type Device, inspectProgramFile, isIsinglassError, type Program, readProgram } from '@isinglass/sdk';
import { type RejectFolder, type VectorFolder, vectorRun } from '@isinglass/sdk/testing';
import type { CaseReport } from './case-report.ts';
import { verifyOnDevice } from './verify-device.ts';
import { fileDifference } from './verify-file.ts';

export interface VerifyOptions {
  readonly signal: AbortSignal;
  readonly onCase?: (name: string) => void;
}

/** One device runs all of them, one after the other. */
export async function verifyVectors(
  folder: VectorFolder,
  device: Device,
  { signal, onCase }: VerifyOptions,
): Promise<readonly CaseReport[]> {
  const reports: CaseReport[] = [];
  for (const entry of folder.cases) {
    signal.throwIfAborted();
    reports.push(await verifyVector(entry, device, signal));
    onCase?.(entry.name);
  }
  return reports;
}

async function verifyVector(
  { name, vector, file }: VectorFolder['cases'][number],
  device: Device,
  signal: AbortSignal,
): Promise<CaseReport> {
  try {
    const program: Program = readProgram(file);
    const ready = vectorRun(vector, program);
    const difference = fileDifference(program, vector, ready);
    if (difference !== undefined) return { name, status: 'failed', difference };
    const verdict = await verifyOnDevice(device, program, ready, signal);
    if (verdict.kind === 'skipped') return { name, status: 'skipped', reason: verdict.reason };
    if (verdict.difference !== undefined) return { name, status: 'failed', difference: verdict.difference };
    return { name, status: 'passed', notes: verdict.notes };
  } catch (error) {
    signal.throwIfAborted();
    if (!isIsinglassError(error)) throw error;
    const actual = `${error.code}: ${error.message}`;
    return { name, status: 'failed', difference: { where: error.where ?? vector.program, expected: 'a run', actual } };
  }
}

/** Each listed file must violate exactly its code, each control nothing (semantics section 9). */
export function verifyRejects({ list, files, controls }: RejectFolder): readonly CaseReport[] {
  const violated = (file: string) => inspectProgramFile(files.get(file) ?? new Uint8Array());
  const refused = list.map(({ file, code }): CaseReport => {
    const found = violated(file);
    const right = found.length > 0 && found.every((violation) => violation.code === code);
    return right ? passed(file) : failed(file, code, found);
  });
  const accepted = controls.map((file): CaseReport => {
    const found = violated(file);
    return found.length === 0 ? passed(file) : failed(file, 'no violation', found);
  });
  return [...refused, ...accepted];
}

function passed(name: string): CaseReport {
  return { name, status: 'passed', notes: [] };
}

function failed(name: string, expected: string, found: ReturnType<typeof inspectProgramFile>): CaseReport {
  const actual = found.map(({ code, where }) => `${code} at ${where}`).join(', ') || 'no violation';
  return { name, status: 'failed', difference: { where: 'violations', expected, actual } };
}
