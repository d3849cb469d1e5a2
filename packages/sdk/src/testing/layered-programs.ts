/** Random programs in layers, of the sizes that kernels are made for: maps joined by convolutions, vectors joined by matrices. */
import { spinCountOf } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import { BlockSketch } from './block-sketch.ts';
import type { Dice } from './dice.ts';

/** One axis of a convolution, with the size of the map at either end. */
interface ConvAxis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pads: readonly [number, number];
  readonly out: number;
}

function randomAxis(dice: Dice, sizeMax: number): ConvAxis {
  for (;;) {
    const size = dice.integer(1, sizeMax);
    const kernel = dice.pick([1, 2, 3, 3, 3, 5]);
    const stride = dice.pick([1, 1, 1, 2, 3]);
    const dilation = dice.pick([1, 1, 1, 2]);
    const pads = dice.chance(0.6)
      ? ([kernel >> 1, kernel >> 1] as const)
      : ([dice.integer(0, 3), dice.integer(0, 3)] as const);
    const room = size + pads[0] + pads[1] - dilation * (kernel - 1) - 1;
    if (room >= 0) return { size, kernel, stride, dilation, pads, out: Math.floor(room / stride) + 1 };
  }
}

/** Two or three banks of maps in a chain, joined by convolutions of any geometry; the first may be pinned. */
export function convolutions(seed: number): Program {
  const sketch = new BlockSketch(seed);
  const { dice } = sketch;
  const rank = dice.pick([1, 2, 2, 2]);
  const axes = Array.from({ length: rank }, () => randomAxis(dice, rank === 1 ? 40 : 9));
  const groups = dice.pick([1, 1, 1, 2, 3]);
  const channels = (): number =>
    groups * dice.pick([1, 2, 4, dice.integer(1, 12), dice.integer(1, Math.ceil(36 / groups))]);
  const near = channels();
  const far = channels();
  const inputs = axes.map(({ size }) => size);
  const outputs = axes.map(({ out }) => out);
  const shapes = { a: [near, ...inputs], b: [far, ...outputs], c: [near, ...inputs] };
  const aIsPinned = dice.chance(0.4);
  if (aIsPinned) sketch.pinned('a', shapes.a);
  else sketch.free('a', shapes.a, 0);
  sketch.free('b', shapes.b, 1);
  const third = aIsPinned || dice.chance(0.4);
  if (third) sketch.free('c', shapes.c, dice.pick([0, 2]));
  const kernelShape = [far, near / groups, ...axes.map(({ kernel }) => kernel)];
  const taps = axes.reduce((product, { kernel }) => product * kernel, 1);
  for (const from of third ? ['a', 'c'] : ['a']) {
    sketch.couple({ from, to: 'b', degree: (taps * near) / groups }, kernelShape, (kernel) => ({
      kind: 'conv',
      kernel,
      strides: axes.map(({ stride }) => stride),
      pads: [...axes.map(({ pads }) => pads[0]), ...axes.map(({ pads }) => pads[1])],
      dilations: axes.map(({ dilation }) => dilation),
      groups,
    }));
  }
  if (aIsPinned && third && dice.chance(0.5)) {
    // An image that reaches its own kind spin by spin.
    const spins = spinCountOf({ shape: shapes.a });
    sketch.couple({ from: 'a', to: 'c', degree: 1 }, [spins], (value) => ({ kind: 'diagonal', value }));
  }
  return sketch.program(`convolutions ${seed}`);
}

/** A machine of two or three layers, each joined to the next by a matrix; the first may be pinned. */
export function layers(seed: number): Program {
  const sketch = new BlockSketch(seed);
  const { dice } = sketch;
  const sizes = Array.from({ length: dice.integer(2, 3) }, () =>
    dice.pick([dice.integer(1, 300), dice.integer(1, 40), 64]),
  );
  for (const [n, size] of sizes.entries()) {
    if (n === 0 && dice.chance(0.5)) sketch.pinned('l0', [size]);
    else sketch.free(`l${n}`, [size], n % 2);
  }
  for (let n = 1; n < sizes.length; n++) {
    const [from = 1, to = 1] = sizes.slice(n - 1, n + 1);
    const ends = { from: `l${n - 1}`, to: `l${n}`, degree: from };
    sketch.couple(ends, [to, from], (matrix) => ({ kind: 'dense', matrix }));
  }
  return sketch.program(`layers ${seed}`);
}
