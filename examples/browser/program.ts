/** The shipped network as a program, compiled in the page. */
import { type CompileReport, compile } from '@isinglass/compiler';
import type { Program } from '@isinglass/sdk';
import { fetchBytes } from './fetch-bytes.ts';

/** Pixels of an image: rows from the top, 0 is black. */
export const imageSide = 28;

/** The numbers are those of the model's card: a pixel x enters the network as (x / 255 − 0.1307) / 0.3081. */
export async function compileDigits(): Promise<{ readonly program: Program; readonly report: CompileReport }> {
  const model = await fetchBytes('mnist-1block.onnx');
  return compile(model, {
    name: 'mnist-1block',
    input: { dtype: 'u8', scale: 1 / 255, mean: 0.1307, std: 0.3081 },
    weightBits: 7,
    delta: 0.2,
  });
}

/** Ids of the blocks, in program order. */
export function blockIds({ json }: Program): readonly string[] {
  return json.stages.filter((stage) => stage.kind === 'block').map(({ id }) => id);
}
