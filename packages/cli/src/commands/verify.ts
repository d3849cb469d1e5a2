/** `isinglass verify`: test vectors through the sdk and a device, bit for bit. */
import { InvalidRequestError, openDevice } from '@isinglass/sdk';
import { readVectorFolder, type VectorFolder } from '@isinglass/sdk/testing';
import type { Command } from 'commander';
import { closeQuietly } from '../close-quietly.ts';
import type { CommandContext, ContextOf } from '../command-context.ts';
import { exitCodes } from '../output/error-report.ts';
import { startProgress } from '../output/progress.ts';
import { formatTable } from '../output/table.ts';
import { type CaseReport, type VerifyReport, verifyReport } from '../verify/case-report.ts';
import { verifyArithmetic } from '../verify/verify-arithmetic.ts';
import { verifyRejects, verifyVectors } from '../verify/verify-folder.ts';

export function addVerifyCommand(program: Command, contextOf: ContextOf): void {
  program
    .command('verify')
    .description('run a folder of test vectors on a device and compare every bit')
    .argument('<folder>', 'NAME.isg with NAME.json per case, or rejected files with reject.json')
    .option('--device <uri>', 'the device to verify', 'cpu')
    .addHelpText('after', examples)
    .action((folder: string, flags: { readonly device: string }, command: Command) =>
      verify(folder, flags.device, contextOf(command)),
    );
}

async function verify(path: string, uri: string, context: CommandContext): Promise<void> {
  const folder = readFolder(path);
  const vectors = folder.cases.length > 0 ? await onDevice(folder, uri, context) : [];
  const rejects = folder.reject === undefined ? [] : verifyRejects(folder.reject);
  const arithmetic = folder.arithmetic === undefined ? [] : verifyArithmetic(folder.arithmetic);
  const report = verifyReport([...arithmetic, ...vectors, ...rejects]);
  if (report.failed > 0) context.fail(exitCodes.failed);
  context.result(report, () => formatVerifyReport(report));
}

function readFolder(path: string): VectorFolder {
  let folder: VectorFolder;
  try {
    folder = readVectorFolder(path);
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
    throw new InvalidRequestError(`${path} cannot be read: ${cause.message}`, { where: path, cause });
  }
  if (folder.cases.length > 0 || folder.reject !== undefined || folder.arithmetic !== undefined) return folder;
  throw new InvalidRequestError(`${path} holds neither vectors (NAME.json with NAME.isg) nor reject.json`, {
    where: path,
  });
}

async function onDevice(folder: VectorFolder, uri: string, context: CommandContext): Promise<readonly CaseReport[]> {
  const { signal, logger } = context;
  const device = await openDevice(uri, { backends: await context.backends(), signal, logger });
  const progress = startProgress({ total: folder.cases.length, unit: 'vectors' });
  try {
    let done = 0;
    return await verifyVectors(folder, device, { signal, onCase: (name) => progress.update(++done, name) });
  } finally {
    progress.stop();
    await closeQuietly(device, { what: `device ${uri}`, logger });
  }
}

function formatVerifyReport({ passed, failed, skipped, cases }: VerifyReport): string {
  const rows = cases.map((c) => [c.name, c.status, detailOf(c)]);
  return `${formatTable(rows, { head: ['case', 'result', ''] })}\n${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}

function detailOf(report: CaseReport): string {
  switch (report.status) {
    case 'passed':
      return report.notes.map((note) => `without ${note}`).join('; ');
    case 'skipped':
      return report.reason;
    case 'failed': {
      const { where, expected, actual } = report.difference;
      return `${where}: expected ${expected}, got ${actual}`;
    }
    default:
      return report satisfies never;
  }
}

const examples = `
Examples:
  isinglass verify vectors --device cpu
  isinglass verify vectors/reject
  isinglass verify vectors --device my-board:0 --backend ./my-backend.js --json

The first difference of a case tells which clause of docs/semantics.md to look at. Exit code 1 when any case fails.`;
