import { canonicalJson } from './canonical-json.ts';
import type { Program } from './program.ts';
import { writeContainer } from './safetensors.ts';

/**
 * The `.isg` file of a program (semantics 8.1): canonical JSON, tensors by descending element size and then by name.
 * Equal programs give equal bytes.
 */
export function writeProgram(program: Program): Uint8Array<ArrayBuffer> {
  return writeContainer({ programText: canonicalJson(program.json), tensors: program.tensors });
}
