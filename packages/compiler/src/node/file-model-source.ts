/** A model in a folder: the .onnx file and the external data files beside it, and nothing outside of that folder. */
import { open, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { modelError, quoted } from '../onnx/model-error.ts';
import type { ModelSource } from '../onnx/model-source.ts';

/**
 * Reads the model now and external data when it is asked for. A location that leaves the model's folder, by `..`, by
 * an absolute path or over a symbolic link, is an InvalidModelError. Errors of the file system on the model itself
 * pass through.
 */
export async function fileModelSource(path: string): Promise<ModelSource> {
  const model = await readFile(path);
  // The folder in which the path stands, not the one that a linked model file lies in: exporters write side by side.
  const folder = await realpath(dirname(resolve(path)));
  return { model, name: basename(path, '.onnx'), external: (location) => readInside(folder, location) };
}

async function readInside(folder: string, location: string): Promise<Uint8Array> {
  if (isAbsolute(location)) throw leaves(location);
  let real: string;
  try {
    real = await realpath(resolve(folder, location));
  } catch (cause) {
    throw modelError(location, `the external data file ${quoted(location)} cannot be found beside the model`, cause);
  }
  const inside = relative(folder, real);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) throw leaves(location);
  try {
    // Opened by its real path: a link put there in between is not followed out of the folder unnoticed.
    const file = await open(real, 'r');
    try {
      if (!(await file.stat()).isFile()) throw modelError(location, `${quoted(location)} is not a file`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'invalid-model') throw cause;
    throw modelError(location, `the external data file ${quoted(location)} cannot be read`, cause);
  }
}

function leaves(location: string) {
  return modelError(location, `the external data location ${quoted(location)} leaves the folder of the model`);
}
