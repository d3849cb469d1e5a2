/** The wire format of protocol buffers, as far as looking into an ONNX model needs it. */

/** The bytes are no protobuf message, or not the one that was expected. */
export class ProtobufError extends Error {}

export type WireField =
  | { readonly number: number; readonly wire: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly wire: 'fixed32' | 'fixed64' | 'bytes'; readonly value: Uint8Array };

const varintBytesMax = 10;

/** The fields of one message in order; nested messages are views of `bytes`. Throws ProtobufError. */
export function* wireFields(bytes: Uint8Array): Generator<WireField, void, undefined> {
  let at = 0;
  while (at < bytes.length) {
    const key = varint();
    const number = Number(key >> 3n);
    if (number < 1 || number > 536_870_911) throw new ProtobufError(`there is no field number ${number}`);
    switch (Number(key & 7n)) {
      case 0:
        yield { number, wire: 'varint', value: varint() };
        break;
      case 1:
        yield { number, wire: 'fixed64', value: take(8) };
        break;
      case 2:
        yield { number, wire: 'bytes', value: take(Number(varint())) };
        break;
      case 5:
        yield { number, wire: 'fixed32', value: take(4) };
        break;
      default:
        throw new ProtobufError(`field ${number} has the wire type ${key & 7n}`);
    }
  }

  function varint(): bigint {
    let value = 0n;
    for (let n = 0; n < varintBytesMax; n++) {
      const byte = bytes[at];
      if (byte === undefined) throw new ProtobufError('the message ends inside a number');
      at++;
      value |= BigInt(byte & 127) << BigInt(7 * n);
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError(`a number has more than ${varintBytesMax} bytes`);
  }

  function take(length: number): Uint8Array {
    if (length > bytes.length - at) {
      throw new ProtobufError(`a field has ${length} bytes, ${bytes.length - at} are left`);
    }
    at += length;
    return bytes.subarray(at - length, at);
  }
}
