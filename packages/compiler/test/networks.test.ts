/** Networks of several blocks as people write them, stage by stage against onnxruntime on the whole file. */
import { describe, expect, test } from 'vitest';
import { expectSame } from './support/expect-same.ts';
import { type BuilderOptions, OnnxBuilder } from './support/onnx-builder.ts';
import { dice } from './support/random-block.ts';

const shape = [2, 4, 4] as const;
const pads = [1, 1, 1, 1];

function numbers(seed: number, count: number): Float32Array {
  const random = dice(seed);
  return Float32Array.from({ length: count }, () => random() * 2 - 1);
}

function conv(b: OnnxBuilder, x: string, channels: readonly [from: number, to: number], seed: number): string {
  const [from, to] = channels;
  return b.conv(x, {
    shape: [to, from, 3, 3],
    weights: numbers(seed, 9 * from * to),
    bias: numbers(seed + 1, to),
    pads,
  });
}

/** K2 tanh(K1 x) */
function hidden(b: OnnxBuilder, x: string, seed: number): string {
  return conv(b, b.tanh(conv(b, x, [2, 3], seed)), [3, 2], seed + 3);
}

function block(b: OnnxBuilder, x: string, seed: number): string {
  return b.sign(b.add(hidden(b, x, seed), conv(b, x, [2, 2], seed + 7)));
}

/** a ⊙ y + d per channel */
function affine(b: OnnxBuilder, y: string, seed: number): string {
  return b.elementwise(
    'Add',
    b.elementwise('Mul', y, numbers(seed, 2), [1, 2, 1, 1]),
    numbers(seed + 1, 2),
    [1, 2, 1, 1],
  );
}

function batchNorm(b: OnnxBuilder, z: string, channels: number, seed: number): string {
  const scale = numbers(seed, channels).map((v) => v + 1.5);
  const variance = numbers(seed + 3, channels).map((v) => v * v + 0.1);
  return b.batchNorm(z, { scale, shift: numbers(seed + 1, channels), mean: numbers(seed + 2, channels), variance });
}

/** Image → Sign → what `body` makes of it → output `y`; the ids of the stages. */
async function stagesOf(
  body: (b: OnnxBuilder, x: string) => string,
  o: { readonly output?: readonly number[]; readonly builder?: BuilderOptions } = {},
): Promise<readonly string[]> {
  const b = new OnnxBuilder(o.builder);
  const y = body(b, b.sign(b.input('image', ['batch', ...shape])));
  b.node('Mul', [y, b.constant([0.5], [])], {}, { outputs: ['y'] });
  const model = await expectSame(b.output('y', ['batch', ...(o.output ?? shape)]).bytes());
  return model.stages.map(({ id }) => id);
}

describe('blocks in sequence', () => {
  test('an affine map between two blocks is the A_in of the second: no host stage', async () => {
    const stages = await stagesOf((b, x) => block(b, affine(b, block(b, x, 1), 30), 11));
    expect(stages).toEqual(['encoder', 'block1', 'block2', 'decoder']);
  });

  test('an output that two blocks read is one value', async () => {
    const stages = await stagesOf((b, x) => {
      const y = block(b, x, 1);
      return b.add(block(b, y, 11), block(b, y, 31));
    });
    expect(stages).toEqual(['encoder', 'block1', 'block2', 'block3', 'decoder']);
  });

  test('a skip over a whole block is not of that block: what it leads to stays with the host', async () => {
    const inside = await stagesOf((b, x) => {
      const y = block(b, x, 1);
      return b.sign(b.add(hidden(b, y, 11), conv(b, y, [2, 2], 44)));
    });
    expect(inside).toEqual(['encoder', 'block1', 'block2', 'decoder']);
    const across = await stagesOf((b, x) => {
      const y = block(b, x, 1);
      return b.sign(b.add(hidden(b, y, 11), conv(b, x, [2, 2], 44)));
    });
    expect(across).toEqual(['encoder', 'block1', 'decoder']);
  });

  test('the sum of two binary values is not binary: signed again it is', async () => {
    const plain = await stagesOf((b, x) => block(b, b.add(block(b, x, 1), x), 51));
    expect(plain).toEqual(['encoder', 'block1', 'decoder']);
    const half = (b: OnnxBuilder, x: string) => b.elementwise('Mul', x, [0.5], []);
    const signed = await stagesOf((b, x) => block(b, b.sign(b.add(block(b, x, 1), half(b, x))), 51));
    expect(signed).toEqual(['encoder', 'block1', 'host2', 'block2', 'decoder']);
  });

  test('dense blocks follow blocks of maps over Flatten', async () => {
    const stages = await stagesOf(
      (b, x) => {
        const u = b.tanh(b.gemm(b.flatten(block(b, x, 1)), numbers(7, 32 * 5), [5, 32]));
        return b.sign(b.gemm(u, numbers(9, 20), [4, 5]));
      },
      { output: [4] },
    );
    expect(stages).toEqual(['encoder', 'block1', 'block2', 'decoder']);
  });
});

describe('around blocks', () => {
  test('an average over the map is a decoder', async () => {
    const stages = await stagesOf(
      (b, x) => b.gemm(b.flatten(b.node('GlobalAveragePool', [block(b, x, 1)])), numbers(3, 6), [3, 2]),
      { output: [3] },
    );
    expect(stages).toEqual(['encoder', 'block1', 'decoder']);
  });

  test('two outputs: the signs themselves and what a host stage makes of them', async () => {
    const b = new OnnxBuilder();
    const y = block(b, b.sign(b.input('image', ['batch', ...shape])), 1);
    b.node('Relu', [b.gemm(b.flatten(y), numbers(3, 96), [3, 32])], {}, { outputs: ['scores'] });
    const model = await expectSame(
      b
        .output(y, ['batch', ...shape])
        .output('scores', ['batch', 3])
        .bytes(),
    );
    expect(model.stages.map(({ id }) => id)).toEqual(['encoder', 'block1', 'decoder']);
    expect(model.outputs.map(({ dtype }) => dtype)).toEqual(['spin', 'f32']);
  });

  test('chains of Identity, Cast and Dropout on either side of a block are part of it or of no stage', async () => {
    const idle = (b: OnnxBuilder, v: string) =>
      b.node('Identity', [b.node('Cast', [b.node('Dropout', [v])], { to: 1 })]);
    const stages = await stagesOf((b, x) => block(b, idle(b, block(b, idle(b, x), 1)), 11));
    expect(stages).toEqual(['encoder', 'block1', 'block2', 'decoder']);
  });

  test('batch normalisations after every layer and after the sum are folded', async () => {
    const stages = await stagesOf((b, x) => {
      const u = b.tanh(batchNorm(b, conv(b, x, [2, 3], 1), 3, 60));
      const z = b.add(batchNorm(b, conv(b, u, [3, 2], 5), 2, 70), batchNorm(b, conv(b, x, [2, 2], 44), 2, 80));
      return b.sign(batchNorm(b, z, 2, 90));
    });
    expect(stages).toEqual(['encoder', 'block1', 'decoder']);
  });
});

test.each([
  [13, 7],
  [17, 8],
  [21, 10],
  [23, 11],
])('opset %i means the same', async (opset, irVersion) => {
  const stages = await stagesOf((b, x) => block(b, x, 1), { builder: { opset, irVersion } });
  expect(stages).toEqual(['encoder', 'block1', 'decoder']);
});
