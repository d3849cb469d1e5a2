/** The one output of a program, as classes or as a file. */
import {
  type HostTensor,
  InvalidRequestError,
  type PackedSpins,
  type Program,
  type RunReport,
  unpackSpins,
  type ValueSpec,
} from '@isinglass/sdk';
import { writeNpy } from '../images/npy.ts';

/** `classified`: the output must be floats `[batch, classes]`. */
export function soleOutput(program: Program, { classified }: { readonly classified: boolean }): ValueSpec {
  const [output, ...others] = program.json.outputs;
  if (output === undefined || others.length > 0) {
    throw new InvalidRequestError(
      `the program has ${program.json.outputs.length} outputs; labels, comparisons and --output need exactly one`,
      { where: 'outputs' },
    );
  }
  if (classified && (output.dtype !== 'f32' || output.shape.length !== 2)) {
    throw new InvalidRequestError(
      `output ${output.name} is ${output.dtype} [${output.shape.join(', ')}]; classes need f32 [batch, classes]`,
      { where: 'outputs' },
    );
  }
  return output;
}

/** The value of an output, which every run defines. */
export function outputOf(report: Pick<RunReport, 'outputs'>, output: ValueSpec): HostTensor | PackedSpins {
  const value = report.outputs[output.name];
  if (value === undefined) throw new Error(`the run defined no output ${output.name}`);
  return value;
}

/** The output as `.npy`, float32; spins are ±1. */
export function outputNpy(report: RunReport, output: ValueSpec): Uint8Array<ArrayBuffer> {
  const value = outputOf(report, output);
  if (!('dtype' in value)) {
    const shape = [value.rows, ...output.shape.slice(1).map(Number)];
    return writeNpy({ shape, data: Float32Array.from(unpackSpins(value)) });
  }
  return writeNpy({ shape: value.shape, data: Float32Array.from(value.data, Number) });
}
