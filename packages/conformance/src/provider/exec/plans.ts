/** Plans of a device behind a process. A plan has no promise, so it comes from the profile, or from a second process that is waited for. */
import { spawnSync } from 'node:child_process';
import {
  BackendError,
  type Block,
  blockLayout,
  contractVersion,
  type DeviceProfile,
  type Misfit,
  type Plan,
  type Program,
  wordsPerRow,
  writeProgram,
} from '@isinglass/sdk';
import * as v from 'valibot';
import { errorOf, obituary } from './exec-errors.ts';
import { type Frame, FrameReader, frameChunks } from './frames.ts';
import { type DeviceMessageOf, deviceMessageSchema, type HostMessage, protocolName } from './messages.ts';
import { StderrTail } from './stderr-tail.ts';

const rowsMaxDefault = 2 ** 31 - 1;
/** Rows of a run that keep a link busy and a progress bar moving. */
const rowsPreferred = 1024;

/** What the profile allows fits; the sdk compares the two. Bytes are those of the tensors and of the states on the link. */
export function planByProfile(program: Program, { batch }: DeviceProfile): Plan {
  const rowsMax = typeof batch.rowsMax === 'number' ? batch.rowsMax : rowsMaxDefault;
  const blocks = program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
  return {
    bytes: [...program.tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0),
    blocks: blocks.map((block) => ({
      bytesPerRow: blockLayout(block).reduce((sum, { spinCount }) => sum + 4 * wordsPerRow(spinCount), 0),
      rowsMax,
      rowsPreferred: Math.min(rowsMax, rowsPreferred),
    })),
  };
}

/** Asks a fresh process of the same command; it is told not to take hold of the machine. Throws what it answers, or BackendError. */
export function planByProcess(
  program: Program,
  [file, ...args]: readonly [string, ...string[]],
  timeoutMs: number,
): Plan | readonly Misfit[] {
  const bytes = writeProgram(program);
  const messages: readonly (readonly [HostMessage, ...Uint8Array[]])[] = [
    [{ type: 'hello', id: 1, protocol: protocolName, contract: contractVersion, purpose: 'plan' }],
    [{ type: 'plan', id: 2, parts: [bytes.length] }, bytes],
    [{ type: 'close', id: 3 }],
  ];
  const input = Buffer.concat(messages.flatMap(([message, ...parts]) => frameChunks(message, parts)));
  const { stdout, stderr, status, signal, error } = spawnSync(file, args, {
    input,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 26,
    windowsHide: true,
  });
  const tail = new StderrTail();
  tail.push(stderr ?? new Uint8Array());
  const lost = (what: string): BackendError => new BackendError(obituary([file, ...args], what, tail.text));
  if (error !== undefined) throw lost(`it gave no plan: ${error.message}`);
  const answer = plannedOf(framesOf(stdout, lost), lost);
  if (answer !== undefined) return answer;
  throw lost(`it ended with ${signal ?? `exit code ${status}`} before it gave a plan`);
}

function framesOf(bytes: Uint8Array, lost: (what: string) => BackendError): readonly Frame[] {
  try {
    return new FrameReader().push(bytes);
  } catch (error) {
    throw lost(`it wrote ${(error as Error).message}`);
  }
}

function plannedOf(
  frames: readonly Frame[],
  lost: (what: string) => BackendError,
): DeviceMessageOf<'planned'>['plan'] | undefined {
  for (const { message } of frames) {
    const parsed = v.safeParse(deviceMessageSchema, message);
    if (!parsed.success) throw lost(`it wrote a message that is none of the protocol: ${parsed.issues[0].message}`);
    if (parsed.output.type === 'error') throw errorOf(parsed.output);
    if (parsed.output.type === 'planned') return parsed.output.plan;
  }
  return undefined;
}
