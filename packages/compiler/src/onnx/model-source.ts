/**
 * Where a model comes from: its bytes, and the files beside it that hold large tensors (ONNX external data).
 * The importer does no input or output of its own; `@isinglass/compiler/node` reads from a folder.
 */
import { modelError, quoted } from './model-error.ts';

export interface ModelSource {
  readonly model: Uint8Array;
  /** What the network is called where its graph has no name of its own, such as the file's name without `.onnx`. */
  readonly name?: string;
  /**
   * The bytes of a file that tensors refer to, asked for once per location. `location` is relative, with `/` between
   * its parts and without `..`; the implementation must keep within the model's folder, symbolic links included.
   */
  readonly external?: (location: string) => Promise<Uint8Array>;
}

/** Where the elements of one tensor are. */
export interface ExternalRegion {
  /** The tensor's name. */
  readonly tensor: string;
  readonly location: string;
  readonly offset: number;
  /** Absent: what the tensor needs. */
  readonly length: number | undefined;
  /** Bytes that the tensor's type and dims need. */
  readonly needed: number;
  /** Lower-case hex SHA-1 of the whole file, where the model gives it. */
  readonly checksum: string | undefined;
}

/** Reads every region; the result is in the order of the request, as views of the files. */
export async function readExternal(
  regions: readonly ExternalRegion[],
  source: ModelSource,
  o: { readonly bytesMax: number },
): Promise<readonly Uint8Array[]> {
  const files = new Map<string, Uint8Array>();
  let total = 0;
  for (const region of regions) {
    if (files.has(region.location)) continue;
    checkLocation(region);
    if (source.external === undefined) {
      throw modelError(
        region.tensor,
        `tensor ${quoted(region.tensor)} is in the file ${quoted(region.location)}, but only the bytes of the model were given: pass a ModelSource with external()`,
      );
    }
    const file = await source.external(region.location);
    total += file.length;
    if (total > o.bytesMax) {
      throw modelError(
        region.tensor,
        `the external data files have ${total} bytes or more; the limit is ${o.bytesMax}`,
      );
    }
    await checkChecksum(region, file);
    files.set(region.location, file);
  }
  const views = regions.map((region) => viewOf(region, files.get(region.location) ?? new Uint8Array()));
  checkOverlap(regions);
  return views;
}

/** A location must be relative and stay below the model's folder by its text alone. */
function checkLocation({ tensor, location }: ExternalRegion): void {
  const parts = location.split(/[/\\]/);
  const fault =
    location === ''
      ? 'is empty'
      : location.includes('\0')
        ? 'contains a zero byte'
        : location.startsWith('/') || location.startsWith('\\') || /^[a-z]:/i.test(location)
          ? 'is absolute'
          : location.includes('\\')
            ? 'contains a backslash'
            : parts.includes('..')
              ? 'leaves the folder of the model'
              : undefined;
  if (fault !== undefined) {
    throw modelError(tensor, `the external data location ${quoted(location)} of tensor ${quoted(tensor)} ${fault}`);
  }
}

function viewOf(region: ExternalRegion, file: Uint8Array): Uint8Array {
  const { tensor, location, offset, needed } = region;
  const length = region.length ?? needed;
  const place = `tensor ${quoted(tensor)} in ${quoted(location)}`;
  if (length !== needed) {
    throw modelError(tensor, `${place}: its type and dims need ${needed} bytes, its length says ${length}`);
  }
  if (offset + length > file.length) {
    throw modelError(
      tensor,
      `${place}: bytes ${offset} to ${offset + length} are beyond the end of the file, which has ${file.length} bytes`,
    );
  }
  return file.subarray(offset, offset + length);
}

/** Two tensors may share one region (tied parameters); regions that overlap in part are a corrupt file. */
function checkOverlap(regions: readonly ExternalRegion[]): void {
  const ordered = [...regions].sort((a, b) =>
    a.location < b.location ? -1 : a.location > b.location ? 1 : a.offset - b.offset || a.needed - b.needed,
  );
  let last: ExternalRegion | undefined;
  for (const region of ordered) {
    if (region.needed === 0) continue;
    if (last !== undefined && last.location === region.location) {
      const same = last.offset === region.offset && last.needed === region.needed;
      if (!same && region.offset < last.offset + last.needed) {
        throw modelError(
          region.tensor,
          `tensors ${quoted(last.tensor)} and ${quoted(region.tensor)} overlap in ${quoted(region.location)} (bytes ${last.offset} to ${last.offset + last.needed} and from ${region.offset})`,
        );
      }
    }
    if (last === undefined || last.location !== region.location || region.offset >= last.offset + last.needed) {
      last = region;
    }
  }
}

async function checkChecksum({ tensor, location, checksum }: ExternalRegion, file: Uint8Array): Promise<void> {
  if (checksum === undefined) return;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', Uint8Array.from(file)));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found !== checksum.toLowerCase()) {
    throw modelError(tensor, `the file ${quoted(location)} has SHA-1 ${found}; the model says ${quoted(checksum)}`);
  }
}
