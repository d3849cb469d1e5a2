import { onnxSignature } from './onnx-signature.ts';
import type { Program } from './program.ts';
import type { ValueSpec } from './program-json.ts';
import { followValues } from './verify/named-values.ts';
import { ViolationList } from './violation.ts';

/**
 * Every named value of a program in the order of definition: program inputs, outputs of host stages, signs of readouts.
 * The outputs of a host stage are what its ONNX graph says (FLOAT is f32); sizes that the graph leaves open are those
 * that the rest of the program fixes.
 */
export function valueSpecs(program: Program): ReadonlyMap<string, ValueSpec> {
  const { inputs, outputs, stages } = program.json;
  const signatures = stages.map((stage) => {
    const model = stage.kind === 'host' ? program.tensors.get(stage.onnx.tensor)?.data : undefined;
    const signature = model instanceof Uint8Array ? onnxSignature(model) : undefined;
    return signature === undefined || 'fault' in signature ? undefined : signature;
  });
  const values = followValues({ inputs, outputs, stages, signatures }, new ViolationList());
  const specs = new Map<string, ValueSpec>();
  for (const [name, { dtype, shape }] of values) {
    const known = shape?.filter((size) => size !== null);
    if (dtype !== undefined && known !== undefined) specs.set(name, { name, dtype, shape: known });
  }
  return specs;
}
