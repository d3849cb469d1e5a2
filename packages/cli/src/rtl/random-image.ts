/** An image for those who have none: noise by a seed. */
import { type HostTensor, InvalidRequestError, type Program, philox4x32, type ValueSpec } from '@isinglass/sdk';

/** 32-bit words of counters that no run uses (semantics 5.1 counts images there). */
const stream = 0x6e6f_6973;

/** A count where the program takes no input. Spins are fair coins, pixels 0 to 255, other numbers from −1 to 1. Throws InvalidRequestError for several inputs. */
export function randomImage(program: Program, seed: bigint): HostTensor | number {
  const [input, ...others] = program.json.inputs;
  if (input === undefined) return 1;
  if (others.length > 0) {
    throw new InvalidRequestError(`the program has ${others.length + 1} inputs, this command takes one`, {
      where: 'inputs',
    });
  }
  return tensor(input, words(seed));
}

function tensor({ dtype, shape }: ValueSpec, next: () => number): HostTensor {
  const sizes = shape.map((size) => (size === 'batch' ? 1 : size));
  const values = Array.from({ length: sizes.reduce((product, size) => product * size, 1) }, next);
  switch (dtype) {
    case 'u8':
      return { dtype, shape: sizes, data: Uint8Array.from(values, (word) => word >>> 24) };
    case 'i64':
      return { dtype, shape: sizes, data: BigInt64Array.from(values, (word) => BigInt(word >>> 24)) };
    case 'spin':
      return { dtype: 'f32', shape: sizes, data: Float32Array.from(values, (word) => (word >>> 31 === 1 ? 1 : -1)) };
    case 'f32':
      return { dtype, shape: sizes, data: Float32Array.from(values, (word) => word / 2 ** 31 - 1) };
    default:
      return dtype satisfies never;
  }
}

function words(seed: bigint): () => number {
  const key = [Number(seed & 0xffff_ffffn), Number(seed >> 32n)] as const;
  const drawn = new Uint32Array(4);
  let n = 0;
  return () => {
    const at = n & 3;
    if (at === 0) philox4x32(n >>> 2, stream, 0, 0, key[0], key[1], drawn);
    n++;
    return drawn[at] as number;
  };
}
