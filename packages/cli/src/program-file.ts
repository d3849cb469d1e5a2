/** The program that a command is given. A network is taken for a program often enough to have an answer of its own. */
import { basename } from 'node:path';
import { InvalidRequestError, type Program, readProgram } from '@isinglass/sdk';
import { readInputFile } from './images/input-file.ts';

/** Throws InvalidProgramError with every violation, or InvalidRequestError that says how to compile an ONNX network. */
export function readProgramFile(path: string): Program {
  const bytes = readInputFile(path);
  try {
    return readProgram(bytes);
  } catch (cause) {
    if (!isNetwork(bytes, path)) throw cause;
    const command = `isinglass compile ${quoted(path)} -o ${quoted(basename(path).replace(/(\.onnx)?$/i, '.isg'))}`;
    throw new InvalidRequestError(`${path} is an ONNX network, not a program; compile it first: ${command}`, {
      where: path,
      cause,
    });
  }
}

/** By its name, or by its first bytes: a model begins with its version, a program has a `{` behind eight bytes of length. */
function isNetwork(bytes: Uint8Array, path: string): boolean {
  if (path.toLowerCase().endsWith('.onnx')) return true;
  return bytes[0] === 0x08 && bytes[2] === 0x12 && bytes[8] !== 0x7b;
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
