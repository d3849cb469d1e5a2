/** A run of the contract as a message with parts, and its answer as a result of the contract. */
import {
  BackendError,
  type BankLayout,
  type DriverReadout,
  type DriverResult,
  type DriverRun,
  type PackedSpins,
  wordsPerRow,
} from '@isinglass/sdk';
import type { Answer, Parts } from './driver-process.ts';
import type { DeviceMessageOf, HostMessageOf } from './messages.ts';

export interface RunMessage {
  readonly message: Omit<HostMessageOf<'run'>, 'id'>;
  readonly parts: readonly Uint8Array[];
}

/** `handle`: the run that kept the state which a resumed run goes on from. */
export function runMessage(q: DriverRun, program: number, handle: number | null): RunMessage {
  const parts: Uint8Array[] = [];
  const part = ({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>): number =>
    parts.push(new Uint8Array(buffer, byteOffset, byteLength)) - 1;
  const partsOf = (banks: Readonly<Record<string, PackedSpins>>): Record<string, number> =>
    Object.fromEntries(Object.entries(banks).map(([id, { words }]) => [id, part(words)]));
  const startOf = (): HostMessageOf<'run'>['start'] => {
    switch (q.start.kind) {
      case 'given':
        return { kind: 'given', states: partsOf(q.start.states) };
      case 'resume':
        return { kind: 'resume', handle: handle as number, rows: part(q.start.rows) };
      default:
        return q.start;
    }
  };
  const message = {
    type: 'run',
    program,
    block: q.block,
    gains: { ...q.gains },
    images: part(q.images),
    inputs: partsOf(q.inputs),
    chains: q.chains,
    chainOffset: q.chainOffset,
    sweeps: q.sweeps,
    burnIn: q.burnIn,
    stride: q.stride,
    sweepOffset: q.sweepOffset,
    temperatures: q.temperatures === null ? null : part(q.temperatures),
    seed: String(q.seed),
    start: startOf(),
    keep: q.keep,
    readouts: q.readouts.map(({ bank, observable, as, tie }) => ({ bank, observable, as, tie })),
    progress: q.onProgress !== undefined,
    trace: q.trace !== undefined,
  } as const;
  return { message: { ...message, parts: parts.map(({ length }) => length) }, parts };
}

/** Sizes follow from the run; throws BackendError that names the first part that is missing or has another. */
export function runResult(
  q: DriverRun,
  banks: readonly BankLayout[],
  { message, parts }: Answer<'result'>,
): Omit<DriverResult, 'handle'> {
  const images = q.images.length;
  const kept = Math.floor((q.sweeps - q.burnIn) / q.stride);
  const spinsOf = (id: string): number => banks.find(({ bank }) => bank.id === id)?.spinCount ?? 0;
  const packed = (place: string, at: number, rows: number, spinCount: number): PackedSpins => {
    const words = new Uint32Array(partOf(parts, { place, at, bytes: rows * wordsPerRow(spinCount) * 4 }));
    return { words, rows, spinCount };
  };
  if (message.readouts.length !== q.readouts.length) {
    throw wrong('readouts', `${q.readouts.length} entries, not ${message.readouts.length}`);
  }
  const readouts = message.readouts.map(({ sums, signs, states }, n): DriverReadout => {
    const { bank } = q.readouts[n] as DriverRun['readouts'][number];
    const spins = spinsOf(bank);
    const place = `readouts[${n}]`;
    return {
      ...(sums === undefined
        ? {}
        : { sums: new Int32Array(partOf(parts, { place: `${place}.sums`, at: sums, bytes: images * spins * 4 })) }),
      ...(signs === undefined ? {} : { signs: packed(`${place}.signs`, signs, images, spins) }),
      ...(states === undefined ? {} : { states: packed(`${place}.states`, states, images * q.chains * kept, spins) }),
    };
  });
  const last =
    message.last === undefined
      ? undefined
      : Object.fromEntries(
          Object.entries(message.last).map(([id, at]) => [
            id,
            packed(`last.${id}`, at, images * q.chains, spinsOf(id)),
          ]),
        );
  const counters = Object.fromEntries(Object.entries(message.counters).filter(([, count]) => count !== undefined));
  return { readouts, ...(last === undefined ? {} : { last }), counters };
}

/** The banks of a traced sweep, one row per (image, chain). */
export function tracedBanks(
  q: DriverRun,
  banks: readonly BankLayout[],
  { message, parts }: { readonly message: DeviceMessageOf<'trace'>; readonly parts: Parts },
): Record<string, PackedSpins> {
  const rows = q.images.length * q.chains;
  return Object.fromEntries(
    banks.map(({ bank: { id }, spinCount }) => {
      const bytes = rows * wordsPerRow(spinCount) * 4;
      const words = new Uint32Array(partOf(parts, { place: `trace of ${id}`, at: message.banks[id], bytes }));
      return [id, { words, rows, spinCount }];
    }),
  );
}

function partOf(
  parts: Parts,
  o: { readonly place: string; readonly at: number | undefined; readonly bytes: number },
): ArrayBuffer {
  const part = o.at === undefined ? undefined : parts[o.at];
  if (part === undefined) throw wrong(o.place, 'a part');
  if (part.length !== o.bytes) throw wrong(o.place, `${o.bytes} bytes, not ${part.length}`);
  return part.buffer;
}

function wrong(place: string, expected: string): BackendError {
  return new BackendError(`the device's answer is wrong at ${place}: expected ${expected}`, { where: place });
}
