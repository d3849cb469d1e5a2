/** The verifier on what the oracle’s rejected files leave out, one rule at a time, and on colors. */
import { describe, expect, test } from 'vitest';
import { ControlDraft, type ControlName } from './support/control-draft.ts';

const dense = () => new ControlDraft('dense');
const block = 'stages[0]';

describe('what the oracle’s files leave out', () => {
  const bank = (id: string, shape: number[]) => ({ id, role: 'free', shape, color: 0 });
  const f32 = (draft: ControlDraft, shape: number[]) =>
    draft.tensor('t', 'F32', shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
  const form = `${block}.couplings[0].form`;
  type Change = (draft: ControlDraft) => ControlDraft;
  const rows: readonly (readonly [string, ControlName, Change, readonly string[]])[] = [
    [
      'a matrix with too few rows',
      'dense',
      (d) => d.set(form, { kind: 'dense', matrix: d.tensor('a.matrix', 'I8', [4, 6], new Int8Array(24)) }),
      [`P121 at ${form}.matrix`],
    ],
    [
      'a matrix of rank 1',
      'dense',
      (d) => d.set(form, { kind: 'dense', matrix: d.tensor('a.matrix', 'I8', [30], new Int8Array(30)) }),
      [`P104 at ${form}.matrix`],
    ],
    [
      'a diagonal of the wrong length',
      'dense',
      (d) => d.set(`${block}.couplings[2].form.value`, d.tensor('d.value', 'I8', [5], new Int8Array(5))),
      [`P121 at ${block}.couplings[2].form.value`],
    ],
    ['an unknown `to`', 'dense', (d) => d.set(`${block}.couplings[0].to`, 'q'), [`P121 at ${block}.couplings[0].to`]],
    [
      'one row start too few',
      'glass',
      (d) => d.set(`${form}.rowStart`, d.tensor('j.rowStart', 'U32', [12], new Uint32Array(12))),
      [`P121 at ${form}.rowStart`],
    ],
    [
      'one value too few',
      'glass',
      (d) => d.set(`${form}.value`, d.tensor('j.value', 'I8', [16], new Int8Array(16))),
      [`P121 at ${form}.value`],
    ],
    [
      'row starts above 2^53',
      'glass',
      (d) => d.set(`${form}.rowStart`, d.tensor('j.rowStart', 'U64', [13], new BigUint64Array(13).fill(2n ** 63n, 1))),
      [`P122 at ${form}.rowStart`],
    ],
    [
      'a kernel for other channels',
      'conv',
      (d) => d.set(`${form}.kernel`, d.tensor('k1.kernel', 'I8', [3, 3, 3, 3], new Int8Array(81))),
      [`P121 at ${form}.kernel`],
    ],
    [
      'a kernel without taps',
      'conv',
      (d) => d.set(`${form}.kernel`, d.tensor('k1.kernel', 'I8', [3, 2, 0, 3], new Int8Array())),
      [`P121 at ${form}.kernel`],
    ],
    [
      'a kernel of one axis for banks of two',
      'conv',
      (d) =>
        d
          .set(`${form}.kernel`, d.tensor('k1.kernel', 'I8', [3, 2, 3], new Int8Array(18)))
          .set(`${form}.strides`, [1])
          .set(`${form}.dilations`, [1])
          .set(`${form}.pads`, [1, 1]),
      [`P121 at ${form}.kernel`],
    ],
    ['dilation 0', 'conv', (d) => d.set(`${form}.dilations`, [0, 1]), [`P121 at ${form}.dilations`]],
    ['0 groups', 'conv', (d) => d.set(`${form}.groups`, 0), [`P121 at ${form}.groups`]],
    [
      'a convolution inside a bank',
      'conv',
      (d) => d.set(`${block}.couplings[2].from`, 'y'),
      [`P121 at ${block}.couplings[2]`],
    ],
    [
      'a spin bias of another shape',
      'conv',
      (d) => d.set(`${block}.biases[2]`, { bank: 'z', gain: 'one', form: 'spin', values: f32(d, [32]) }),
      [`P141 at ${block}.biases[2].values`],
    ],
    [
      'a channel bias of a bank without channels',
      'dense',
      (d) => d.set(`${block}.biases[2]`, { bank: 'h', gain: 'one', form: 'channel', values: f32(d, [5]) }),
      [`P141 at ${block}.biases[2].form`],
    ],
    [
      'a channel bias of rank 2',
      'conv',
      (d) => d.set(`${block}.biases[2]`, { bank: 'z', gain: 'one', form: 'channel', values: f32(d, [2, 1]) }),
      [`P104 at ${block}.biases[2].values`],
    ],
    [
      'a border rule for one axis of two',
      'conv',
      (d) => d.set(`${block}.biases[1].border.starts`, [[0, 1, 3]]),
      [`P141 at ${block}.biases[1].border.starts`],
    ],
    [
      'an empty border list',
      'conv',
      (d) => d.set(`${block}.biases[1].border.starts[0]`, []),
      [`P141 at ${block}.biases[1].border.starts[0]`],
    ],
    [
      'border values for other classes',
      'conv',
      (d) => d.set(`${block}.biases[1].border.starts[0]`, [0, 1]),
      [`P141 at ${block}.biases[1].values`],
    ],
    [
      'a border rule on another form',
      'conv',
      (d) => d.set(`${block}.biases[0].border`, { starts: [[0], [0]] }),
      [`P103 at ${block}.biases[0].border`],
    ],
    [
      'no border rule on the border form',
      'conv',
      (d) => d.drop(`${block}.biases[1].border`),
      [`P103 at ${block}.biases[1].border`],
    ],
    [
      'a pinned bank with a color map',
      'glass',
      (d) => d.set(`${block}.banks[0].colorMap`, d.tensor('c', 'U16', [5], new Uint16Array(5))),
      [`P113 at ${block}.banks[0].colorMap`],
    ],
    [
      'a free bank with a value',
      'dense',
      (d) => d.set(`${block}.banks[1].value`, 'x'),
      [`P113 at ${block}.banks[1].value`],
    ],
    [
      'two gains of one id',
      'dense',
      (d) => d.set(`${block}.gains[1].id`, 'tilt'),
      [`P111 at ${block}.gains[2].id`, `P121 at ${block}.couplings[1].gain`],
    ],
    [
      'ids of different kinds alike',
      'dense',
      (d) => d.set(`${block}.couplings[0].id`, 'h').set(`${block}.readouts[0].id`, 'h'),
      [],
    ],
    ['fixed missing under the fixed law', 'dense', (d) => d.drop(`${block}.fixed`), [`P131 at ${block}.fixed`]],
    [
      'a reference β of 0',
      'dense',
      (d) => d.set(`${block}.fixed.beta`, 0).set(`${block}.schedule.beta`, 0),
      [`P151 at ${block}.fixed.beta`],
    ],
    ['β 0 under the real law', 'real', (d) => d.set(`${block}.schedule.beta`, 0), [`P151 at ${block}.schedule.beta`]],
    ['an empty list of β', 'glass', (d) => d.set(`${block}.schedule.beta`, []), [`P151 at ${block}.schedule.beta`]],
    [
      'weightBits under the real law',
      'real',
      (d) => d.set(`${block}.couplings[0].constraint`, { weightBits: 32 }),
      [`P124 at ${block}.couplings[0].constraint.weightBits`],
    ],
    [
      'a value whose shape does not begin with batch',
      'dense',
      (d) => d.set('inputs[0].shape', [1, 6]),
      ['P103 at inputs[0].shape[0]'],
    ],
    [
      'a value with a size of 0',
      'dense',
      (d) => d.set('inputs[0].shape', ['batch', 0]),
      ['P103 at inputs[0].shape[1]'],
    ],
    ['an unknown dtype', 'dense', (d) => d.set('inputs[0].dtype', 'f64'), ['P103 at inputs[0].dtype']],
    ['an unknown form', 'dense', (d) => d.set(`${form}.kind`, 'fourier'), [`P103 at ${form}.kind`]],
    ['a form without kind', 'dense', (d) => d.drop(`${form}.kind`), [`P103 at ${form}.kind`]],
    ['an unknown role', 'dense', (d) => d.set(`${block}.banks[0].role`, 'clamped'), [`P103 at ${block}.banks[0].role`]],
    ['an unknown init', 'dense', (d) => d.set(`${block}.schedule.init`, 'zero'), [`P103 at ${block}.schedule.init`]],
    ['a bank that nothing joins', 'dense', (d) => d.set(`${block}.banks[3]`, bank('z', [1])), []],
    [
      'a program without stages',
      'dense',
      (d) => {
        d.tensors.clear();
        return d.set('stages', []).set('features', ['fixed']);
      },
      [],
    ],
  ];

  test.each(rows)('%s', (_, control, change, places) => {
    expect(change(new ControlDraft(control)).places()).toEqual(places);
  });
});

describe('colors', () => {
  /** Banks h, z → y of the conv control with color maps: `h` and `y` as given, z alone. */
  const mapped = (h: number[], y: number[], kernel: 'k2' | 'kz') => {
    const draft = new ControlDraft('conv');
    const used = [...new Set([...h, ...y])];
    const from = kernel === 'k2' ? 1 : 2;
    const maps = [
      [from, h],
      [3, y],
    ] as const;
    for (const [n, colors] of maps) {
      const path = `${block}.banks[${n}]`;
      const shape = draft.get(`${path}.shape`) as number[];
      const perChannel = colors.length;
      const data = Uint16Array.from(
        { length: shape.reduce((a, b) => a * b, 1) },
        (_, spin) => colors[spin % perChannel] ?? 0,
      );
      draft.set(`${path}.colorMap`, draft.tensor(`color.${n}`, 'U16', shape, data)).drop(`${path}.color`);
    }
    const other = from === 1 ? 2 : 1;
    draft.set(`${block}.banks[${other}].color`, 99).set(`${block}.schedule.colors`, [...used, 99]);
    draft.set('features', [...(draft.get('features') as string[]), 'color-map'].sort());
    return draft.places();
  };
  const checkerboard = (even: number, odd: number) =>
    Array.from({ length: 16 }, (_, n) => ((n + Math.floor(n / 4)) % 2 === 0 ? even : odd));

  test('positions that a tap joins must differ: a 1 × 1 kernel joins equal positions, a 3 × 3 kernel neighbours', () => {
    expect(mapped(checkerboard(0, 1), checkerboard(1, 0), 'kz')).toEqual([]);
    expect(mapped(checkerboard(0, 1), checkerboard(0, 1), 'kz')).toEqual([`P123 at ${block}.couplings[2]`]);
    expect(mapped(checkerboard(0, 1), checkerboard(1, 0), 'k2')).toEqual([`P123 at ${block}.couplings[1]`]);
    expect(mapped(checkerboard(0, 1), checkerboard(2, 3), 'k2')).toEqual([]);
  });

  test('dense and diagonal couplings', () => {
    const draft = dense()
      .set(`${block}.couplings[2].from`, 'y2')
      .set(`${block}.banks[3]`, { id: 'y2', role: 'free', shape: [6], color: 0 });
    expect(draft.places()).toEqual([]);
    draft.set(`${block}.banks[3].color`, 1);
    expect(draft.places()).toEqual([`P123 at ${block}.couplings[2]`]);
    draft.set(`${block}.banks[1].color`, 1).set(`${block}.schedule.colors`, [1]);
    expect(draft.places()).toEqual([`P123 at ${block}.couplings[1]`, `P123 at ${block}.couplings[2]`]);
  });
});
