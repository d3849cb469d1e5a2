/** P161: the ONNX bytes of a host stage. */
import { type OnnxSignature, onnxSignature } from '../onnx-signature.ts';
import type { HostStage, ValueDtype } from '../program-json.ts';
import type { ProgramContext } from './context.ts';

export type HostSignature = OnnxSignature;

/** What the embedded model takes and gives, or undefined when it does not decode. */
export function checkHostStage(stage: HostStage, where: string, program: ProgramContext): HostSignature | undefined {
  const tensor = program.tensors.resolve(stage.onnx, `${where}.onnx`, { dtypes: ['U8'], ranks: [1] });
  if (!(tensor?.data instanceof Uint8Array)) return undefined;
  const signature = onnxSignature(tensor.data);
  if (!('fault' in signature)) return signature;
  program.found.add('P161', `${where}.onnx`, `the ONNX bytes do not decode: ${signature.fault}`);
  return undefined;
}

/** The dtype of a value of an ONNX element type; spins travel as FLOAT too. */
export function dtypeOfElement(elementType: number | undefined): Exclude<ValueDtype, 'spin'> | undefined {
  switch (elementType) {
    case 1:
      return 'f32';
    case 2:
      return 'u8';
    case 7:
      return 'i64';
    default:
      return undefined;
  }
}
